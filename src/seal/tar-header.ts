/** Size of a tar block: headers and padding come in these. */
export const blockBytes = 512;

/** Largest size that eleven octal digits hold: one byte less than 8 GiB. */
export const ustarSizeLimit = 0o77777777777;

const nameBytes = 100;
const prefixBytes = 155;
const paxName = "././@PaxHeader";
const encoder = new TextEncoder();

/**
 * The one header of a regular file: USTAR (POSIX.1-1988) with mode 0644, mtime, uid and gid 0 and no owner names, behind
 * a PAX header (POSIX.1-2001) only where USTAR cannot say the path or the size.
 */
export function headerOf(path: string, size: number): Uint8Array {
  const ustar = ustarName(path);
  const records = [
    ustar ? "" : paxRecord("path", path),
    size > ustarSizeLimit ? paxRecord("size", size) : "",
  ];
  const pax = encoder.encode(records.join(""));
  const file = block({
    ...(ustar ?? { name: fallbackName(path), prefix: "" }),
    size: size > ustarSizeLimit ? 0 : size,
    type: "0",
  });
  if (pax.length === 0) return file;
  const header = block({ name: paxName, prefix: "", size: pax.length, type: "x" });
  return Buffer.concat([header, pax, new Uint8Array(paddingOf(pax.length)), file]);
}

/** Zero bytes after a body of this size, up to the next block. */
export function paddingOf(size: number): number {
  return (blockBytes - (size % blockBytes)) % blockBytes;
}

/** Name and prefix fields, with the longest prefix that fits; undefined where PAX has to say it. */
function ustarName(path: string): { name: string; prefix: string } | undefined {
  if (!/^[\x20-\x7e]+$/.test(path)) return undefined;
  if (path.length <= nameBytes) return { name: path, prefix: "" };
  const cut = path.lastIndexOf("/", prefixBytes);
  const name = path.slice(cut + 1);
  return cut > 0 && name.length <= nameBytes ? { name, prefix: path.slice(0, cut) } : undefined;
}

/** What a reader without PAX would call the file. */
function fallbackName(path: string): string {
  return path.replace(/[^\x20-\x7e]/g, "_").slice(0, nameBytes);
}

/** `LENGTH KEY=VALUE\n`, where the length counts itself. */
function paxRecord(key: string, value: string | number): string {
  const rest = ` ${key}=${value}\n`;
  const bytes = encoder.encode(rest).length;
  let length = bytes + 1;
  while (String(length).length + bytes !== length) length = String(length).length + bytes;
  return `${length}${rest}`;
}

function block(fields: { name: string; prefix: string; size: number; type: "0" | "x" }): Uint8Array {
  const bytes = Buffer.alloc(blockBytes);
  const put = (offset: number, text: string) => bytes.write(text, offset, "latin1");
  put(0, fields.name);
  put(100, "0000644\0" + "0000000\0" + "0000000\0");
  put(124, `${fields.size.toString(8).padStart(11, "0")}\0`);
  put(136, "00000000000\0");
  put(148, "        ");
  put(156, `${fields.type}`);
  put(257, "ustar\x0000");
  put(329, "0000000\0" + "0000000\0");
  put(345, fields.prefix);
  let sum = 0;
  for (let index = 0; index < blockBytes; index++) sum += bytes[index] as number;
  put(148, `${sum.toString(8).padStart(6, "0")}\0 `);
  return bytes;
}
