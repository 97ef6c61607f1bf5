import { realpath, stat } from "node:fs/promises";
import { BatonError, type ContentFile } from "../../kernel/index.ts";
import { fileError, missing, unusable } from "./file-error.ts";
import { locate, segmentsOf } from "./inside-root.ts";
import { listFiles } from "./list-files.ts";
import { decodeText, digestAt, digestLimitBytes, readAt, readLimitBytes } from "./read-file.ts";
import { createFileAtomic, type WriteOptions, writeFileAtomic } from "./write-file.ts";

/** Largest text that is read: 64 MiB. */
const textLimitBytes = 64 * 1024 ** 2;

/** A hand-off folder on disk. Paths are POSIX, relative, without `..`; nothing is read or written through a link. */
export interface Folder {
  /** Absolute path, links resolved. */
  readonly root: string;
  /** Bytes of a file. @throws BatonError `file-missing`, `file-unusable` */
  read(path: string, options?: { readonly maxBytes?: number }): Promise<Uint8Array>;
  /** UTF-8 text of a file, at most 64 MiB. @throws BatonError `file-missing`, `file-unusable` */
  readText(path: string): Promise<string>;
  /** True for a regular file. @throws BatonError `file-unusable` for an unsafe path or a link */
  exists(path: string): Promise<boolean>;
  /** All files under a prefix, sorted; names that begin with a dot and `node_modules` are skipped. */
  list(prefix?: string): Promise<string[]>;
  /** Path (NFC), size and SHA-256 in constant memory. @throws BatonError `file-missing`, `file-unusable` */
  digestFile(path: string): Promise<ContentFile>;
  /** Replaces or makes a file, whole or not at all. @throws BatonError `file-unusable` */
  write(path: string, bytes: Uint8Array | string, options?: WriteOptions): Promise<void>;
  /** Makes a file that must not exist yet. @throws BatonError `file-unusable` */
  createNew(path: string, bytes: Uint8Array | string, options?: WriteOptions): Promise<void>;
  /** Absolute path of an existing file, for programs that open it themselves. @throws BatonError `file-missing`, `file-unusable` */
  absolute(path: string): Promise<string>;
}

/** Opens an existing folder. @throws BatonError `file-missing`, `file-unusable` */
export async function openFolder(root: string): Promise<Folder> {
  const real = await realFolder(root);
  const find = async (path: string) => {
    const { absolute, found } = await locate(real, path);
    if (!found) throw missing(path);
    return { absolute, shown: path, noFollow: true };
  };
  const target = async (path: string) => {
    const name = segmentsOf(path).at(-1) ?? path;
    if (Buffer.byteLength(name) > 200) throw unusable(path, "has too long a name", "Choose a shorter name.");
    return (await locate(real, path)).absolute;
  };
  return Object.freeze({
    root: real,
    read: async (path, options) =>
      readAt({ ...(await find(path)), maxBytes: options?.maxBytes ?? readLimitBytes }),
    readText: async (path) =>
      decodeText(await readAt({ ...(await find(path)), maxBytes: textLimitBytes }), path),
    exists: async (path) => isRegularFile((await locate(real, path)).absolute),
    list: (prefix) => listFiles(real, prefix),
    digestFile: async (path) => ({
      path: path.normalize("NFC"),
      ...(await digestAt({ ...(await find(path)), maxBytes: digestLimitBytes })),
    }),
    write: async (path, bytes, options) =>
      naming(path, writeFileAtomic(await target(path), toBytes(bytes), options)),
    createNew: async (path, bytes, options) =>
      naming(path, createFileAtomic(await target(path), toBytes(bytes), options)),
    absolute: async (path) => (await find(path)).absolute,
  } satisfies Folder);
}

async function realFolder(root: string): Promise<string> {
  try {
    const real = await realpath(root);
    if (!(await stat(real)).isDirectory()) throw unusable(root, "is not a folder", "Name a folder.");
    return real;
  } catch (thrown) {
    throw fileError(thrown, root);
  }
}

async function isRegularFile(absolute: string): Promise<boolean> {
  return stat(absolute).then(
    (stats) => stats.isFile(),
    () => false,
  );
}

/** In errors a file is called by its path in the folder, not by this machine's. */
async function naming(path: string, writing: Promise<void>): Promise<void> {
  try {
    await writing;
  } catch (thrown) {
    if (!(thrown instanceof BatonError) || thrown.position.file === undefined) throw thrown;
    throw new BatonError(thrown.code, thrown.message.replaceAll(thrown.position.file, path), {
      file: path,
      next: thrown.next,
      cause: thrown.cause,
    });
  }
}

function toBytes(bytes: Uint8Array | string): Uint8Array {
  return typeof bytes === "string" ? new TextEncoder().encode(bytes) : bytes;
}
