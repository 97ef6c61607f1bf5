/** Longest path in bytes of UTF-8, and longest part of one: what common file systems can hold. */
export const pathLimitBytes = 1024;
const partLimitBytes = 240;

const reservedOnWindows = /^(con|prn|aux|nul|conin\$|conout\$|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i;

/**
 * Why a path cannot stand in a baton, or undefined where it can: relative, POSIX, NFC, visible characters only, and a name
 * that Linux, macOS and Windows all keep as it is.
 */
export function pathProblem(path: string): string | undefined {
  if (path === "") return "is empty";
  if (path.startsWith("/")) return "is absolute";
  if (/[\p{C}\p{Zl}\p{Zp}]/u.test(path)) return "has a character that cannot be seen";
  if (/[\\:*?"<>|]/.test(path)) return 'has one of \\ : * ? " < > |, which Windows reserves';
  if (path.normalize("NFC") !== path) return "is not in Unicode normal form C";
  if (Buffer.byteLength(path) > pathLimitBytes) return `is longer than ${pathLimitBytes} bytes`;
  return firstOf(path.split("/"), partProblem);
}

function partProblem(part: string): string | undefined {
  if (part === "") return "has an empty part";
  if (part === "." || part === "..") return `has the part "${part}"`;
  if (part.startsWith(".")) return "has a part that begins with a dot (hidden files are not handed over)";
  if (/[. ]$/.test(part)) return "has a part that ends with a dot or a space, which Windows drops";
  if (reservedOnWindows.test(part)) return `has the part "${part}", which is a device on Windows`;
  if (Buffer.byteLength(part) > partLimitBytes) return `has a part longer than ${partLimitBytes} bytes`;
  return undefined;
}

/**
 * The first path that cannot stand beside the ones before it, with the reason: a duplicate, a name that a file system
 * which ignores case or Unicode form takes for another, or a file where another path has a folder.
 */
export function pathCollision(paths: Iterable<string>): { path: string; problem: string } | undefined {
  const taken = new Map<string, { spelling: string; kind: "file" | "folder" }>();
  for (const path of paths) {
    const parts = path.split("/");
    for (let length = 1; length <= parts.length; length++) {
      const spelling = parts.slice(0, length).join("/");
      const kind = length === parts.length ? "file" : "folder";
      const other = taken.get(folded(spelling));
      if (!other) taken.set(folded(spelling), { spelling, kind });
      else if (kind === "file" || other.kind === "file" || other.spelling !== spelling)
        return { path, problem: collision(spelling, other.spelling) };
    }
  }
  return undefined;
}

function collision(spelling: string, other: string): string {
  return spelling === other
    ? `is there twice, or once as a folder ("${spelling}")`
    : `is the same name as "${other}" on some file systems`;
}

/** Full case folding by way of both cases, in compatibility form: coarser than any file system compares. */
function folded(path: string): string {
  return path.normalize("NFKC").toUpperCase().toLowerCase().toUpperCase().normalize("NFKC");
}

function firstOf<T>(items: readonly T[], problem: (item: T) => string | undefined): string | undefined {
  for (const item of items) {
    const found = problem(item);
    if (found) return found;
  }
  return undefined;
}
