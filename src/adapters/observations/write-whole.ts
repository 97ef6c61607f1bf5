import { randomBytes } from "node:crypto";
import { rmSync } from "node:fs";
import { mkdir, open, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { setImmediate as turn } from "node:timers/promises";
import { BatonError, messageOf } from "../../kernel/index.ts";

/** Lets everything else that waits have its turn. */
export async function pause(): Promise<void> {
  await turn();
}

/**
 * Writes a file whole or not at all, in a folder that is made where needed, after what must stand there first.
 * @throws BatonError `file-unusable`
 */
export async function writeWhole(
  folder: string,
  name: string,
  text: string,
  before: (pathOf: (name: string) => string) => Promise<void>,
): Promise<void> {
  const temporary = join(folder, `.${name}.${randomBytes(6).toString("hex")}.tmp`);
  const wipe = () => rmSync(temporary, { force: true });
  process.once("exit", wipe);
  try {
    await mkdir(folder, { recursive: true });
    await before((other) => join(folder, other));
    await writeFlushed(temporary, text);
    await rename(temporary, join(folder, name));
  } catch (thrown) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw thrown instanceof BatonError ? thrown : unwritable(folder, thrown);
  } finally {
    process.off("exit", wipe);
  }
}

async function writeFlushed(path: string, text: string): Promise<void> {
  const handle = await open(path, "wx", 0o644);
  try {
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

const other = "Name a folder that can be written.";
const space = "Free some space and run it again.";
const reasons: Readonly<Record<string, readonly [problem: string, next: string]>> = {
  EACCES: ["may not be written by this user", other],
  EPERM: ["may not be written by this user", other],
  EROFS: ["is on a read-only file system", other],
  ENOSPC: ["is on a disk that is full", space],
  EDQUOT: ["is over its disk quota", space],
  EFBIG: ["would hold a larger file than is allowed", "Raise the limit (ulimit -f) and run it again."],
  ENOTDIR: ["has a file where a folder should be on its way", other],
  EEXIST: ["has a file where a folder should be on its way", other],
};

function unwritable(folder: string, cause: unknown): BatonError {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  const [problem, next] = reasons[code] ?? [`cannot be written: ${messageOf(cause)}`, other];
  return new BatonError("file-unusable", `${folder} ${problem}.`, { file: folder, next, cause });
}
