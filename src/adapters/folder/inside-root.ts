import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { errnoOf, fileError, unusable } from "./file-error.ts";

/** Where a relative path is on disk; `found` is false where it, or a folder on its way, does not exist yet. */
export interface Location {
  readonly absolute: string;
  readonly found: boolean;
}

/**
 * Walks a POSIX relative path from the real root, a segment at a time, so that neither `..` nor a symbolic link
 * can lead out of it. A name stored decomposed (NFD) is found by its composed (NFC) path.
 * @throws BatonError `file-unusable` for unsafe paths and links
 */
export async function locate(root: string, path: string): Promise<Location> {
  const segments = segmentsOf(path);
  let absolute = root;
  for (const [index, segment] of segments.entries()) {
    const name = await nameOnDisk(absolute, segment, path);
    if (name === undefined) return { absolute: join(absolute, ...segments.slice(index)), found: false };
    absolute = join(absolute, name);
  }
  return { absolute, found: true };
}

/** Segments of a safe relative path, in NFC. @throws BatonError `file-unusable` */
export function segmentsOf(path: string): string[] {
  const problem = problemOf(path);
  if (problem)
    throw unusable(JSON.stringify(path), problem, "Write a path relative to the hand-off folder, with /.");
  return path.normalize("NFC").split("/");
}

function problemOf(path: string): string | undefined {
  if (path === "") return "is not a path";
  if (path.length > 4096) return "is longer than 4096 characters";
  if (path.startsWith("/") || /^[A-Za-z]:/.test(path)) return "is an absolute path";
  if (path.includes("\\")) return "has a backslash";
  if (/\p{Cc}/u.test(path)) return "has a control character";
  const segments = path.split("/");
  if (segments.includes("..")) return "leads out of its folder";
  if (segments.some((segment) => segment === "" || segment === ".")) return "has an empty part";
  return undefined;
}

async function nameOnDisk(folder: string, segment: string, path: string): Promise<string | undefined> {
  const name = await spelling(folder, segment, path);
  if (name === undefined) return undefined;
  const stats = await lstat(join(folder, name));
  if (stats.isSymbolicLink()) throw linkRefused(path, segment);
  return name;
}

async function spelling(folder: string, segment: string, path: string): Promise<string | undefined> {
  try {
    await lstat(join(folder, segment));
    return segment;
  } catch (thrown) {
    const code = errnoOf(thrown);
    if (code !== "ENOENT" && code !== "ENOTDIR") throw fileError(thrown, path);
  }
  if (!/[^\0-\x7f]/.test(segment)) return undefined;
  const names = await readdir(folder).catch(() => [] as string[]);
  return names.find((name) => name.normalize("NFC") === segment);
}

/** Links are refused, wherever they lead: what is handed over must be the file itself. */
export function linkRefused(path: string, segment = path): Error {
  const part = segment === path ? "is a symbolic link" : `goes through the symbolic link "${segment}"`;
  return unusable(path, part, "Put the file itself there, or name large data under data.references.");
}
