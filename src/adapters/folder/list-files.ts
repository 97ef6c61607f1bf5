import type { Dirent } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { fileError, unusable } from "./file-error.ts";
import { linkRefused, locate } from "./inside-root.ts";

const skipped = new Set(["node_modules", "__pycache__"]);
const maxFiles = 100_000;

/**
 * Relative POSIX paths (NFC) of all regular files under a prefix, sorted by code units. Names that begin with a dot,
 * `node_modules` and `__pycache__` are skipped unless the prefix names them; a missing prefix lists nothing.
 * @throws BatonError `file-unusable` for symbolic links, sockets, pipes, and two spellings of one name
 */
export async function listFiles(root: string, prefix = ""): Promise<string[]> {
  const trimmed = prefix.replace(/\/+$/, "");
  const start = trimmed === "" ? { absolute: root, found: true } : await locate(root, trimmed);
  if (!start.found) return [];
  const files: string[] = [];
  await walk(start.absolute, trimmed.normalize("NFC"), files);
  return files.sort(byCodeUnits);
}

async function walk(folder: string, path: string, files: string[]): Promise<void> {
  const seen = new Set<string>();
  for (const entry of await entriesOf(folder, path)) {
    if (entry.name.startsWith(".") || skipped.has(entry.name)) continue;
    const name = entry.name.normalize("NFC");
    const entryPath = path === "" ? name : `${path}/${name}`;
    if (seen.has(name))
      throw unusable(entryPath, "is there in two spellings of the same name", "Remove one of them.");
    seen.add(name);
    await visit(entry, join(folder, entry.name), entryPath, files);
  }
}

async function visit(entry: Dirent, absolute: string, path: string, files: string[]): Promise<void> {
  if (entry.isSymbolicLink()) throw linkRefused(path);
  if (entry.isDirectory()) return walk(absolute, path, files);
  if (!entry.isFile()) throw unusable(path, "is not a regular file", "Move it out of the hand-off folder.");
  files.push(path);
  if (files.length > maxFiles)
    throw unusable(path, `is file number ${maxFiles + 1}`, "Point to a smaller folder.");
}

async function entriesOf(folder: string, path: string): Promise<Dirent[]> {
  try {
    return await readdir(folder, { withFileTypes: true });
  } catch (thrown) {
    throw fileError(thrown, path === "" ? folder : path);
  }
}

function byCodeUnits(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
