import { rmSync } from "node:fs";
import { mkdir, mkdtemp, open, rename, rm } from "node:fs/promises";
import { basename, dirname, extname, join, resolve } from "node:path";
import type { Table } from "../../contract/index.ts";
import { BatonError, messageOf } from "../../kernel/index.ts";
import { appendTable, createTable, type WrittenColumn } from "./append-table.ts";
import { openSession, whyUnwritable } from "./session.ts";
import { quoteText } from "./sql-text.ts";

/**
 * Writes tables as Parquet or CSV, by the extension, in constant memory: rows go to a scratch database beside the
 * file, and the finished file takes its name in one step. An existing file is replaced; on failure nothing is left.
 * @returns number of rows @throws BatonError `usage`, `file-unusable`, and whatever the tables throw
 */
export async function writeTables(
  path: string,
  tables: AsyncIterable<Table> | Iterable<Table>,
  columns: readonly WrittenColumn[],
): Promise<number> {
  const target = resolve(path);
  const copy = copyOptions(path);
  if (columns.length === 0) throw new BatonError("usage", `${path} would have no columns.`);
  const scratch = await scratchBeside(target).catch((cause: unknown) => {
    throw unwritable(path, cause);
  });
  const wipe = () => rmSync(scratch, { recursive: true, force: true, maxRetries: 3 });
  process.once("exit", wipe);
  try {
    const finished = join(scratch, `table${extname(target)}`);
    const rows = await spool(join(scratch, "rows.duckdb"), tables, columns, `${quoteText(finished)} ${copy}`);
    await settle(finished, target).catch((cause: unknown) => {
      throw unwritable(path, cause);
    });
    return rows;
  } catch (thrown) {
    const why = whyUnwritable(thrown);
    if (why === undefined) throw thrown;
    throw new BatonError("file-unusable", `${path} cannot be written: ${why}.`, {
      file: path,
      next: "Free some space there, and run it again.",
      cause: thrown,
    });
  } finally {
    process.off("exit", wipe);
    await rm(scratch, { recursive: true, force: true });
  }
}

/** A folder beside the file, whose own folder is made where needed, as for every file that somebody names. */
async function scratchBeside(target: string): Promise<string> {
  await mkdir(dirname(target), { recursive: true });
  return mkdtemp(join(dirname(target), `.${basename(target)}-`));
}

function copyOptions(path: string): string {
  const extension = extname(path).toLowerCase();
  if (extension === ".parquet") return "(FORMAT parquet, COMPRESSION zstd)";
  if (extension === ".csv")
    return `(FORMAT csv, HEADER true, DELIMITER ',', QUOTE '"', ESCAPE '"', NULLSTR '')`;
  throw new BatonError("usage", `${path} is neither .parquet nor .csv.`, {
    next: "Give the output file one of these extensions.",
  });
}

/** One thread, so that the same rows give the same file. */
async function spool(
  database: string,
  tables: AsyncIterable<Table> | Iterable<Table>,
  columns: readonly WrittenColumn[],
  copyTo: string,
): Promise<number> {
  const session = await openSession({ threads: 1, memoryMiB: 512 }, { path: database });
  try {
    return await session.withConnection(async (connection) => {
      await createTable(connection, "written", columns);
      const rows = await appendTable(connection, "written", tables, columns);
      await connection.run(`COPY written TO ${copyTo}`);
      return rows;
    });
  } finally {
    session.close();
  }
}

async function settle(finished: string, target: string): Promise<void> {
  const handle = await open(finished, "r+");
  await handle.sync().finally(() => handle.close());
  await rename(finished, target);
}

function unwritable(path: string, cause: unknown): BatonError {
  return new BatonError("file-unusable", `${path} cannot be written: ${messageOf(cause)}`, {
    file: path,
    next: "Check that you may write there, and that no file stands where a folder should be.",
    cause,
  });
}
