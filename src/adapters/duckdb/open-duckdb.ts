import type { ElementType, Table } from "../../contract/index.ts";
import type { ProfileColumn } from "../../profile/index.ts";
import type { WrittenColumn } from "./append-table.ts";
import type { Transform } from "./check-expression.ts";
import { type ColumnDataFacts, columnFacts } from "./column-facts.ts";
import { openDataFile } from "./data-file.ts";
import { type FileProfileSource, fileProfileSource } from "./profile-source.ts";
import { type Query, runQuery } from "./query.ts";
import { type ReadRequest, readTables } from "./read-tables.ts";
import { sourceColumns } from "./relation.ts";
import { transformFile, transformTable } from "./run-transforms.ts";
import { type DuckdbOptions, dataError, openSession, rowsOf, type SqlValue } from "./session.ts";
import { naturalType } from "./typed-column.ts";
import { writeTables } from "./write-tables.ts";

/** One column of a file as the file itself types it. CSV columns are all text. */
export interface ColumnSchema {
  readonly name: string;
  /** Undefined where no table can hold it. */
  readonly type: ElementType | undefined;
  /** DuckDB's word for the type. */
  readonly sourceType: string;
}

/** CSV and Parquet files, read, profiled and written in a sandbox without network. Paths name one file, never a pattern. */
export interface Duckdb {
  /** Columns of a file, in its order. */
  schema(path: string): Promise<ColumnSchema[]>;
  rowCount(path: string): Promise<number>;
  /** Tables of `batchRows` rows in the file's order, in constant memory. */
  readTables(path: string, request: ReadRequest): AsyncIterable<Table>;
  /** Distinct values of columns, for `profileTable` and `countSource`; the caller closes it. */
  profileSource(path: string, columns: readonly ProfileColumn[]): Promise<FileProfileSource>;
  /** Writes tables as `.parquet` or `.csv` in constant memory; the file appears whole or not at all. Gives the number of rows. */
  writeTables(
    path: string,
    tables: AsyncIterable<Table> | Iterable<Table>,
    columns: readonly WrittenColumn[],
  ): Promise<number>;
  /** Type, missing values, bounds and frequent values of every column, for `baton init`. */
  columnFacts(path: string): Promise<ColumnDataFacts[]>;
  /** One SELECT over named files, for questions that the other methods do not answer. */
  query(query: Query): Promise<Record<string, SqlValue>[]>;
  /** Runs row-wise SQL on raw columns, without files or network: one column a transform, in the rows' order. */
  transform(raw: Table, transforms: readonly Transform[]): Promise<Table>;
  /** The same on the columns `raw.<column>` of golden rows, in their own types. */
  runTransforms(goldenPath: string, transforms: readonly Transform[]): Promise<Table>;
  close(): void;
}

/** Opens DuckDB for data files: 2 threads and 1024 MiB unless said otherwise. */
export async function openDuckdb(options: DuckdbOptions = {}): Promise<Duckdb> {
  const session = await openSession(options);
  return {
    schema: async (path) => {
      const file = await openDataFile(path);
      const columns = await session.withConnection((connection) => sourceColumns(connection, file));
      return columns.map(({ name, sourceType }) => ({ name, sourceType, type: naturalType(sourceType) }));
    },
    rowCount: async (path) => {
      const file = await openDataFile(path);
      return session.withConnection(async (connection) => {
        try {
          const [row] = await rowsOf(connection, `SELECT count(*) AS rows FROM ${file.sql}`);
          return Number(row?.rows);
        } catch (thrown) {
          throw dataError(file.name, thrown);
        }
      });
    },
    readTables: (path, request) => readTables(session, path, request),
    profileSource: (path, columns) => fileProfileSource(session, path, columns),
    writeTables,
    columnFacts: (path) => columnFacts(session, path),
    query: (query) => runQuery(session, query),
    transform: (raw, transforms) => transformTable(options, raw, transforms),
    runTransforms: (path, transforms) => transformFile(options, path, transforms),
    close: () => session.close(),
  };
}
