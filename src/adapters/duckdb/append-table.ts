import {
  BIGINT,
  BOOLEAN,
  DOUBLE,
  type DuckDBAppender,
  type DuckDBConnection,
  DuckDBDataChunk,
  type DuckDBType,
  type DuckDBValue,
  FLOAT,
  INTEGER,
  VARCHAR,
} from "@duckdb/node-api";
import type { Column, ElementType, Table } from "../../contract/index.ts";
import { BatonError } from "../../kernel/index.ts";
import { quoteName } from "./sql-text.ts";
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

/** Makes an empty table in the database. */
export async function createTable(
  connection: DuckDBConnection,
  table: string,
  columns: readonly WrittenColumn[],
): Promise<void> {
  const list = columns.map(({ name, type }) => `${quoteName(name)} ${sqlTypeOf(type)}`).join(", ");
  await connection.run(`CREATE TABLE ${quoteName(table)} (${list})`);
}

/** Appends tables, missing values as NULL; gives the number of rows. @throws BatonError `internal` for a table without the columns */
export async function appendTable(
  connection: DuckDBConnection,
  table: string,
  tables: AsyncIterable<Table> | Iterable<Table>,
  columns: readonly WrittenColumn[],
): Promise<number> {
  const appender = await connection.createAppender(table);
  let rows = 0;
  try {
    for await (const one of tables) {
      append(appender, one, columns);
      rows += one.rows;
    }
    appender.flushSync();
  } finally {
    appender.closeSync();
  }
  return rows;
}

function append(appender: DuckDBAppender, table: Table, columns: readonly WrittenColumn[]): void {
  const found = columns.map(({ name, type }) => {
    const column = table.columns.get(name);
    if (column?.type === type && column.values.length === table.rows) return column;
    throw new BatonError("internal", `A table to write has no scalar ${type} column "${name}".`);
  });
  const types = columns.map(({ type }) => duckdbType[type]);
  for (let from = 0; from < table.rows; from += chunkRows) {
    const count = Math.min(chunkRows, table.rows - from);
    const chunk = DuckDBDataChunk.create(types, count);
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
