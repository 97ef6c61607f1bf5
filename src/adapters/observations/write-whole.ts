import { randomBytes } from "node:crypto";
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
  try {
    await mkdir(folder, { recursive: true });
    await before((other) => join(folder, other));
    await writeFlushed(temporary, text);
    await rename(temporary, join(folder, name));
  } catch (thrown) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw thrown instanceof BatonError ? thrown : unwritable(folder, thrown);
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

const reasons: Readonly<Record<string, string>> = {
  EACCES: "may not be written by this user",
  EPERM: "may not be written by this user",
  EROFS: "is on a read-only file system",
  ENOSPC: "is on a disk that is full",
  EDQUOT: "is over its disk quota",
  ENOTDIR: "has a file where a folder should be on its way",
  EEXIST: "has a file where a folder should be on its way",
};

function unwritable(folder: string, cause: unknown): BatonError {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  const reason = reasons[code] ?? `cannot be written: ${messageOf(cause)}`;
  return new BatonError("file-unusable", `${folder} ${reason}`, {
    file: folder,
    next: "Name a folder that can be written.",
    cause,
  });
}
