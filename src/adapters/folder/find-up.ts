import { stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

/**
 * Absolute path of the nearest file of this name in `start` or a folder above it. The search ends at the root of the
 * repository (the folder that has `.git`), and at a folder that is somebody else's or, like `/tmp`, open to everyone, so that
 * a file planted further up is never taken.
 */
export async function findUp(start: string, relative: string): Promise<string | undefined> {
  let folder = resolve(start);
  const trusted = await ownersFrom(folder);
  for (;;) {
    if (folder !== resolve(start) && !(await isOurs(folder, trusted))) return undefined;
    const candidate = join(folder, relative);
    if (await isThere(candidate, "file")) return candidate;
    const parent = dirname(folder);
    if (parent === folder || (await isThere(join(folder, ".git"), "any"))) return undefined;
    folder = parent;
  }
}

/** Users whose folders above `start` are looked into: this one, the administrator, and whose `start` is. */
async function ownersFrom(start: string): Promise<ReadonlySet<number>> {
  const owner = await stat(start).then(
    ({ uid }) => [uid],
    () => [],
  );
  return new Set([0, process.getuid?.() ?? 0, ...owner]);
}

async function isOurs(folder: string, trusted: ReadonlySet<number>): Promise<boolean> {
  const { uid, mode } = await stat(folder);
  return trusted.has(uid) && (mode & openToEveryone) !== openToEveryone;
}

/** Written to by everyone, and each file removed only by its owner. */
const openToEveryone = 0o1002;

async function isThere(path: string, kind: "file" | "any"): Promise<boolean> {
  return stat(path).then(
    (stats) => kind === "any" || stats.isFile(),
    () => false,
  );
}
