import { randomBytes } from "node:crypto";
import { constants } from "node:fs";
import { link, lstat, mkdir, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { errnoOf, fileError, unusable } from "./file-error.ts";
import { removeAtExit } from "./unfinished.ts";

/** Permission bits of a new file; 0644 where absent. */
export interface WriteOptions {
  readonly mode?: number;
}

/**
 * Writes a whole file or nothing: a temporary file beside it, flushed, then renamed over it.
 * Makes the folder where needed; never writes through a symbolic link. @throws BatonError `file-unusable`
 */
export async function writeFileAtomic(
  file: string,
  bytes: Uint8Array,
  options: WriteOptions = {},
): Promise<void> {
  await writeBeside(file, bytes, options, async (temporary) => {
    await refuseOtherThanFile(file);
    await rename(temporary, file);
  });
}

/** Writes a whole new file or nothing, and fails where the name is taken. @throws BatonError `file-unusable` */
export async function createFileAtomic(
  file: string,
  bytes: Uint8Array,
  options: WriteOptions = {},
): Promise<void> {
  await writeBeside(file, bytes, options, async (temporary) => {
    try {
      await link(temporary, file);
    } catch (thrown) {
      if (!linksUnsupported.has(errnoOf(thrown) ?? "")) throw thrown;
      await writeFlushed(file, bytes, options);
    }
  });
}

/** File systems without hard links (FAT, some network mounts): exclusive creation has to do. */
const linksUnsupported = new Set(["EPERM", "ENOTSUP", "EOPNOTSUPP", "ENOSYS", "EMLINK", "EXDEV"]);

async function writeBeside(
  file: string,
  bytes: Uint8Array,
  options: WriteOptions,
  publish: (temporary: string) => Promise<void>,
): Promise<void> {
  const folder = dirname(file);
  const temporary = join(folder, `.${basename(file).slice(0, 100)}.${randomBytes(6).toString("hex")}.tmp`);
  const atExit = removeAtExit(temporary);
  try {
    await makeFolder(folder, file);
    await writeFlushed(temporary, bytes, options);
    await publish(temporary);
    await flushFolder(folder);
  } catch (thrown) {
    throw fileError(thrown, file);
  } finally {
    await rm(temporary, { force: true }).catch(() => undefined);
    atExit.forget();
  }
}

async function makeFolder(folder: string, file: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true });
  } catch (thrown) {
    if (errnoOf(thrown) !== "EEXIST") throw thrown;
    throw unusable(file, "has a file where a folder should be on its way", "Move that file.");
  }
}

async function writeFlushed(file: string, bytes: Uint8Array, options: WriteOptions): Promise<void> {
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);
  const handle = await open(file, flags, options.mode ?? 0o644);
  try {
    await handle.writeFile(bytes);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes the new name survive a power cut; Windows cannot and need not do this. */
async function flushFolder(folder: string): Promise<void> {
  const handle = await open(folder, constants.O_RDONLY).catch(() => undefined);
  await handle?.sync().catch(() => undefined);
  await handle?.close();
}

async function refuseOtherThanFile(file: string): Promise<void> {
  const stats = await lstat(file).catch(() => undefined);
  if (stats?.isSymbolicLink())
    throw unusable(file, "is a symbolic link", "Remove the link; it is not written through.");
  if (stats && !stats.isFile()) throw unusable(file, "is not a regular file", "Choose another name.");
}
