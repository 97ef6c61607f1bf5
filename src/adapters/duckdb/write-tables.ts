import { mkdtemp, open, rename, rm } from "node:fs/promises";
import { basename, dirname, extname, join, resolve } from "node:path";
import {
  BIGINT,
  BOOLEAN,
  DOUBLE,
  type DuckDBAppender,
  DuckDBDataChunk,
  type DuckDBType,
  type DuckDBValue,
  FLOAT,
  INTEGER,
  VARCHAR,
} from "@duckdb/node-api";
import type { Column, ElementType, Table } from "../../contract/index.ts";
import { BatonError, messageOf } from "../../kernel/index.ts";
import { openSession } from "./session.ts";
import { quoteName, quoteText } from "./sql-text.ts";
import { sqlTypeOf } from "./typed-column.ts";

/** A column to write: scalars only. */
export interface WrittenColumn {
  readonly name: string;
  readonly type: ElementType;
}

const duckdbType: Record<ElementType, DuckDBType> = {
  float32: FLOAT,
  float64: DOUBLE,
  int32: INTEGER,
  int64: BIGINT,
  string: VARCHAR,
  boolean: BOOLEAN,
};

const chunkRows = 2048;

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
  const scratch = await mkdtemp(join(dirname(target), `.${basename(target)}-`)).catch((cause: unknown) => {
    throw unwritable(path, cause);
  });
  try {
    const finished = join(scratch, `table${extname(target)}`);
    const rows = await spool(join(scratch, "rows.duckdb"), tables, columns, `${quoteText(finished)} ${copy}`);
    await settle(finished, target).catch((cause: unknown) => {
      throw unwritable(path, cause);
    });
    return rows;
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
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
  const session = await openSession({ threads: 1, memoryMiB: 512 }, database);
  try {
    return await session.withConnection(async (connection) => {
      const list = columns.map(({ name, type }) => `${quoteName(name)} ${sqlTypeOf(type)}`).join(", ");
      await connection.run(`CREATE TABLE written (${list})`);
      const appender = await connection.createAppender("written");
      let rows = 0;
      for await (const table of tables) {
        append(appender, table, columns);
        rows += table.rows;
      }
      appender.flushSync();
      appender.closeSync();
      await connection.run(`COPY written TO ${copyTo}`);
      return rows;
    });
  } finally {
    session.close();
  }
}

function append(appender: DuckDBAppender, table: Table, columns: readonly WrittenColumn[]): void {
  const found = columns.map(({ name, type }) => {
    const column = table.columns.get(name);
    if (column?.type === type && column.values.length === table.rows) return column;
    throw new BatonError("internal", `A table to write has no scalar ${type} column "${name}".`);
  });
  for (let from = 0; from < table.rows; from += chunkRows) {
    const count = Math.min(chunkRows, table.rows - from);
    const chunk = DuckDBDataChunk.create(
      columns.map(({ type }) => duckdbType[type]),
      count,
    );
    for (const [index, column] of found.entries()) chunk.setColumnValues(index, slice(column, from, count));
    appender.appendDataChunk(chunk);
  }
}

function slice(column: Column, from: number, count: number): DuckDBValue[] {
  return Array.from({ length: count }, (_, index) => {
    if (column.missing?.[from + index]) return null;
    const value = column.values[from + index] ?? null;
    return column.type === "boolean" ? value === 1 : value;
  });
}

async function settle(finished: string, target: string): Promise<void> {
  const handle = await open(finished, "r+");
  await handle.sync().finally(() => handle.close());
  await rename(finished, target);
}

function unwritable(path: string, cause: unknown): BatonError {
  return new BatonError("file-unusable", `${path} cannot be written: ${messageOf(cause)}`, {
    file: path,
    next: "Check that the folder exists and that you may write there.",
    cause,
  });
}
