import { stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";

/**
 * Absolute path of the nearest file of this name in `start` or a folder above it. The search ends at the root of the
 * repository (the folder that has `.git`), so that a file planted further up is never taken.
 */
export async function findUp(start: string, relative: string): Promise<string | undefined> {
  let folder = resolve(start);
  for (;;) {
    const candidate = join(folder, relative);
    if (await isThere(candidate, "file")) return candidate;
    const parent = dirname(folder);
    if (parent === folder || (await isThere(join(folder, ".git"), "any"))) return undefined;
    folder = parent;
  }
}

async function isThere(path: string, kind: "file" | "any"): Promise<boolean> {
  return stat(path).then(
    (stats) => kind === "any" || stats.isFile(),
    () => false,
  );
}
