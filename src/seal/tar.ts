import { BatonError } from "../kernel/index.ts";
import { pathCollision, pathProblem } from "./entry-path.ts";
import { blockBytes, headerOf, paddingOf } from "./tar-header.ts";

/** A regular file in an archive. */
export interface TarEntry {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** An entry that was read, and where it ended (padding included) in the archive. */
export interface ReadTarEntry extends TarEntry {
  readonly end: number;
}

/** Most files in one archive. */
export const entryLimit = 10_000;

const endBytes = 2 * blockBytes;

/** The canonical archive of these entries, in the order given. @throws BatonError `file-unusable` for paths that cannot be carried */
export function writeTar(entries: readonly TarEntry[]): Uint8Array {
  return Buffer.concat([writeEntries(entries), endOfArchive()]);
}

/** Canonical entries without the end of the archive, so that archives can be put together from parts. */
export function writeEntries(entries: readonly TarEntry[]): Uint8Array {
  refuseUnsafe(entries.map((entry) => entry.path));
  return Buffer.concat(
    entries.flatMap(({ path, bytes }) => [
      headerOf(path, bytes.length),
      bytes,
      new Uint8Array(paddingOf(bytes.length)),
    ]),
  );
}

/** Two zero blocks, exactly. */
export function endOfArchive(): Uint8Array {
  return new Uint8Array(endBytes);
}

function refuseUnsafe(paths: readonly string[]): void {
  const unsafe = paths.map((path) => ({ path, problem: pathProblem(path) })).find(({ problem }) => problem);
  const found = unsafe ?? pathCollision(paths);
  if (found)
    throw new BatonError("file-unusable", `The path ${JSON.stringify(found.path)} ${found.problem}.`, {
      file: found.path,
      next: "Rename the file; a baton carries only names that every system can keep.",
    });
  if (paths.length > entryLimit)
    throw new BatonError("input-too-large", `${paths.length} files are more than ${entryLimit}.`, {
      next: "Put many small files into one, or name them under data.references.",
    });
}

/**
 * Reads what {@link writeTar} writes and nothing else: each header and padding is made again from what was read and
 * compared, byte for byte. Bodies are views into `archive`. @throws BatonError `baton-malformed`, with offset and entry
 */
export function readTar(archive: Uint8Array): ReadTarEntry[] {
  if (archive.length % blockBytes !== 0)
    throw malformed(archive.length, `The length is not a multiple of ${blockBytes}.`);
  const entries: ReadTarEntry[] = [];
  let offset = 0;
  while (!isZero(archive, offset, offset + blockBytes)) {
    if (entries.length === entryLimit) throw malformed(offset, `There are more than ${entryLimit} entries.`);
    const entry = readEntry(archive, offset);
    entries.push(entry);
    offset = entry.end;
  }
  if (archive.length !== offset + endBytes || !isZero(archive, offset, archive.length))
    throw malformed(offset, "The archive does not end with exactly two zero blocks.");
  const collision = pathCollision(entries.map((entry) => entry.path));
  if (collision) throw malformed(0, `The entry ${JSON.stringify(collision.path)} ${collision.problem}.`);
  return entries;
}

function readEntry(archive: Uint8Array, offset: number): ReadTarEntry {
  const { path, size } = readHeader(archive, offset);
  const shown = JSON.stringify(path);
  const problem = pathProblem(path);
  if (problem) throw malformed(offset, `The path of the entry ${shown} ${problem}.`);
  const header = headerOf(path, size);
  const different = firstDifference(archive, offset, header);
  if (different !== undefined)
    throw malformed(offset + different, `The header of ${shown} is not in canonical form.`);
  const start = offset + header.length;
  const end = start + size + paddingOf(size);
  if (end > archive.length) throw malformed(start, `The entry ${shown} is cut off.`);
  if (!isZero(archive, start + size, end))
    throw malformed(start + size, `The padding after ${shown} is not zero.`);
  return { path, bytes: archive.subarray(start, start + size), end };
}

/** Path and size as some reader might see them; whether this is the canonical way to write them is checked after. */
function readHeader(archive: Uint8Array, offset: number): { path: string; size: number } {
  const plain = readBlock(archive, offset);
  if (plain.type !== "x") return plain;
  if (plain.size > 4096) throw malformed(offset, "An extended header is too long.");
  const start = offset + blockBytes;
  const records = paxRecords(archive.subarray(start, start + plain.size), start);
  const file = readBlock(archive, start + plain.size + paddingOf(plain.size));
  const size = records.get("size");
  return { path: records.get("path") ?? file.path, size: size === undefined ? file.size : Number(size) };
}

function readBlock(archive: Uint8Array, offset: number): { path: string; size: number; type: string } {
  if (offset + blockBytes > archive.length) throw malformed(offset, "The archive is cut off.");
  const field = (start: number, length: number) => text(archive, offset + start, length);
  const [name, prefix, type] = [field(0, 100), field(345, 155), field(156, 1)];
  if (type !== "0" && type !== "x")
    throw malformed(offset + 156, `The entry ${JSON.stringify(name)} is not a regular file.`);
  const digits = field(124, 12);
  if (!/^[0-7]{11}$/.test(digits))
    throw malformed(offset + 124, `The size of ${JSON.stringify(name)} is not an octal number.`);
  return { path: prefix === "" ? name : `${prefix}/${name}`, size: Number.parseInt(digits, 8), type };
}

/** Latin-1 up to the first NUL. */
function text(archive: Uint8Array, start: number, length: number): string {
  const field = Buffer.from(archive.buffer, archive.byteOffset + start, length);
  const end = field.indexOf(0);
  return field.toString("latin1", 0, end === -1 ? length : end);
}

const paxRecord = /^\d+ (path|size)=([^\n]*)$/;

function paxRecords(bytes: Uint8Array, offset: number): Map<string, string> {
  const records = new Map<string, string>();
  for (const line of decodeUtf8(bytes, offset).split("\n").slice(0, -1)) {
    const match = paxRecord.exec(line);
    if (!match) throw malformed(offset, "An extended header has a record other than path and size.");
    records.set(match[1] as string, match[2] as string);
  }
  const size = records.get("size");
  if (size !== undefined && !/^\d{1,15}$/.test(size)) throw malformed(offset, "A size is not a number.");
  return records;
}

function decodeUtf8(bytes: Uint8Array, offset: number): string {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw malformed(offset, "An extended header is not UTF-8.");
  }
}

function firstDifference(archive: Uint8Array, offset: number, expected: Uint8Array): number | undefined {
  if (Buffer.compare(archive.subarray(offset, offset + expected.length), expected) === 0) return undefined;
  return expected.findIndex((byte, i) => archive[offset + i] !== byte);
}

const zeros = new Uint8Array(endBytes);

/** True when the range, at most two blocks, lies within the archive and is all zero. */
function isZero(archive: Uint8Array, start: number, end: number): boolean {
  if (end > archive.length || end - start > endBytes) return false;
  return Buffer.compare(archive.subarray(start, end), zeros.subarray(0, end - start)) === 0;
}

function malformed(offset: number, problem: string): BatonError {
  return new BatonError("baton-malformed", `${problem} (At byte ${offset}.)`, {
    next: "Get the baton again from whoever sealed it; do not repack it with another program.",
  });
}
