import { cp, mkdir, mkdtemp, readFile, rm, unlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { sha256 } from "../../src/kernel/index.ts";

/** A hand-off folder of a test's own, and ways to spoil it. */
export interface HandOffCopy {
  readonly folder: string;
  path(name: string): string;
  /** Replaces a text that stands there exactly once. */
  edit(name: string, from: string, to: string): Promise<void>;
  text(name: string): Promise<string>;
  binary(name: string): Promise<Buffer>;
  write(name: string, content: string | Uint8Array): Promise<void>;
  remove(name: string): Promise<void>;
  /** Replaces bytes wherever they stand; as many as there were. */
  bytes(name: string, from: string | readonly number[], to: string | readonly number[]): Promise<void>;
  /** Rewrites a Parquet file as what a query gives; the old rows are the table `old`, in order. */
  rows(name: string, query: string): Promise<void>;
  /** Brings `baton.lock` and `profile.json` up to date with the files, as `baton profile` does for the digests. */
  relock(): Promise<void>;
  discard(): Promise<void>;
}

/** Copies the named parts of a hand-off folder into a temporary one. */
export async function copyHandOff(source: string, parts: readonly string[]): Promise<HandOffCopy> {
  const folder = await mkdtemp(join(tmpdir(), "baton-copy-"));
  for (const part of parts) await cp(join(source, part), join(folder, part), { recursive: true });
  const path = (name: string) => join(folder, name);
  const text = (name: string) => readFile(path(name), "utf8");
  const write = async (name: string, content: string | Uint8Array) => {
    await mkdir(dirname(path(name)), { recursive: true });
    await writeFile(path(name), content);
  };
  return {
    folder,
    path,
    text,
    binary: (name) => readFile(path(name)),
    write,
    async edit(name, from, to) {
      const before = await text(name);
      if (before.split(from).length !== 2) throw new Error(`"${from}" does not stand once in ${name}`);
      await write(
        name,
        before.replace(from, () => to),
      );
    },
    remove: (name) => unlink(path(name)),
    async bytes(name, from, to) {
      await write(name, replaceBytes(await readFile(path(name)), bufferOf(from), bufferOf(to)));
    },
    rows: (name, query) => rewriteRows(path(name), query, folder),
    relock: () => relock(folder),
    discard: () => rm(folder, { recursive: true, force: true }),
  };
}

function bufferOf(bytes: string | readonly number[]): Buffer {
  return typeof bytes === "string" ? Buffer.from(bytes) : Buffer.from(bytes);
}

function replaceBytes(content: Buffer, from: Buffer, to: Buffer): Buffer {
  if (from.length !== to.length) throw new Error("bytes can only be replaced by as many");
  if (!content.includes(from)) throw new Error(`there is no ${from.toString("hex")}`);
  const changed = Buffer.from(content);
  for (let at = changed.indexOf(from); at >= 0; at = changed.indexOf(from, at + 1)) to.copy(changed, at);
  return changed;
}

async function rewriteRows(path: string, query: string, folder: string): Promise<void> {
  const instance = await DuckDBInstance.create(":memory:", { threads: "2" });
  const connection = await instance.connect();
  try {
    const [old, changed] = [path, `${path}.new`].map((name) => `'${name.replaceAll("'", "''")}'`);
    await connection.run(`CREATE VIEW old AS SELECT * FROM read_parquet(${old})`);
    await connection.run(`CREATE MACRO in_folder(name) AS '${folder}/' || name`);
    await connection.run(`COPY (${query}) TO ${changed} (FORMAT parquet)`);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
  await writeFile(path, await readFile(`${path}.new`));
  await unlink(`${path}.new`);
}

interface Locked {
  path?: string;
  size?: number;
  sha256?: string;
}

async function relock(folder: string): Promise<void> {
  const file = async (name: string) => readFile(join(folder, name)).catch(() => undefined);
  const lock = JSON.parse(String(await file("baton.lock"))) as Record<string, Locked | string | number>;
  for (const part of Object.values(lock)) {
    if (typeof part !== "object" || part.path === undefined) continue;
    const bytes = await file(part.path);
    if (bytes) Object.assign(part, { size: bytes.length, sha256: sha256(bytes) });
  }
  await writeFile(join(folder, "baton.lock"), JSON.stringify(lock));
  const profile = JSON.parse(String(await file("profile.json"))) as { reads: Record<string, string> };
  for (const name of Object.keys(profile.reads)) {
    const bytes = /^(data|content):/.test(name) ? await file(name.slice(name.indexOf(":") + 1)) : undefined;
    if (bytes) profile.reads[name] = sha256(bytes);
  }
  await writeFile(join(folder, "profile.json"), JSON.stringify(profile));
}
