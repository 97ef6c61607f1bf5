import { createHash } from "node:crypto";
import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { BatonError } from "../../kernel/index.ts";
import { fileError, unusable } from "./file-error.ts";

/** Largest file that is read into memory unless the caller says otherwise: 1 GiB. */
export const readLimitBytes = 1024 ** 3;

/** Largest file that is hashed, and so carried or named: 1 TiB. */
export const digestLimitBytes = 1024 ** 4;

/** SHA-256 over a stream is twice as fast with 1 MiB as with the default of 64 KiB. */
const streamBytes = 1024 ** 2;

/** Bytes of a named file anywhere on disk. @throws BatonError `file-missing`, `file-unusable` */
export function readBytes(file: string, options: { maxBytes?: number } = {}): Promise<Uint8Array> {
  return readAt({ absolute: file, shown: file, maxBytes: options.maxBytes ?? readLimitBytes });
}

/** Where to read, how to call it in messages, and how much at most. */
export interface ReadRequest {
  readonly absolute: string;
  readonly shown: string;
  readonly maxBytes: number;
  /** Refuse a link at the last segment, even one that appeared a moment ago. */
  readonly noFollow?: boolean;
}

/** Bytes of one regular file. @throws BatonError `file-missing`, `file-unusable` */
export function readAt(request: ReadRequest): Promise<Uint8Array> {
  return withFile(request, async (handle, size) => {
    const buffer = Buffer.allocUnsafe(size);
    let filled = 0;
    while (filled < size) {
      const { bytesRead } = await handle.read(buffer, filled, size - filled, filled);
      if (bytesRead === 0) throw changedWhileReading(request.shown);
      filled += bytesRead;
    }
    return new Uint8Array(buffer.buffer, buffer.byteOffset, size);
  });
}

/** Size and hex SHA-256 of one regular file, in constant memory. @throws BatonError `file-missing`, `file-unusable` */
export function digestAt(request: ReadRequest): Promise<{ size: number; sha256: string }> {
  return withFile(request, async (handle, size) => {
    const hash = createHash("sha256");
    let read = 0;
    for await (const chunk of handle.createReadStream({ highWaterMark: streamBytes, autoClose: false })) {
      hash.update(chunk);
      read += chunk.length;
    }
    if (read !== size) throw changedWhileReading(request.shown);
    return { size, sha256: hash.digest("hex") };
  });
}

/** UTF-8 text, without a byte order mark. @throws BatonError `file-unusable` where it is not UTF-8 */
export function decodeText(bytes: Uint8Array, shown: string): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw unusable(shown, "is not UTF-8 text", "Save it as UTF-8.");
  }
}

async function withFile<T>(request: ReadRequest, use: (file: FileHandle, size: number) => Promise<T>) {
  const { absolute, shown, maxBytes, noFollow } = request;
  let handle: FileHandle | undefined;
  try {
    handle = await open(absolute, flags(noFollow ?? false));
    const stats = await handle.stat();
    if (!stats.isFile()) throw unusable(shown, "is not a regular file", "Name a file.");
    if (stats.size > maxBytes) throw tooLarge(shown, stats.size, maxBytes);
    return await use(handle, stats.size);
  } catch (thrown) {
    throw fileError(thrown, shown);
  } finally {
    await handle?.close();
  }
}

/** Non-blocking, so that a named pipe cannot hang the program; it makes no difference to regular files. */
function flags(noFollow: boolean): number {
  return constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (noFollow ? (constants.O_NOFOLLOW ?? 0) : 0);
}

function tooLarge(shown: string, size: number, maxBytes: number): BatonError {
  return new BatonError("file-unusable", `${shown} has ${size} bytes; the limit is ${maxBytes}.`, {
    file: shown,
    next: "Make it smaller, or name it under data.references instead of carrying it.",
  });
}

function changedWhileReading(shown: string): BatonError {
  return unusable(shown, "changed while it was read", "Run it again when nothing writes to the file.");
}
