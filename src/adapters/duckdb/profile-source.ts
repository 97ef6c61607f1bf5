import { randomUUID } from "node:crypto";
import type { DuckDBConnection } from "@duckdb/node-api";
import { BatonError } from "../../kernel/index.ts";
import type { CategoryValues, NumberValues, ProfileColumn, ProfileSource } from "../../profile/index.ts";
import { explain, openRelation, type Relation } from "./relation.ts";
import { rowsOf, type Session } from "./session.ts";
import { quoteName, quoteTexts } from "./sql-text.ts";

/** A profile source of a file; `close` drops what it keeps. */
export interface FileProfileSource extends ProfileSource {
  close(): void;
}

/**
 * Counts distinct values in DuckDB (one GROUP BY a column): what is exact and ordered here is small there.
 * CSV is parsed once, into a temporary table. @throws BatonError `data-unreadable` with column and row
 */
export async function fileProfileSource(
  session: Session,
  path: string,
  columns: readonly ProfileColumn[],
): Promise<FileProfileSource> {
  const connection = await session.connect();
  try {
    const requests = columns.map(({ column, type }) => ({ column, name: column, type }));
    const relation = await openRelation(connection, path, requests);
    const from = await readable(connection, relation);
    const reading = <Result>(read: () => Promise<Result>) =>
      read().catch(async (thrown: unknown) => {
        throw await session.withConnection((other) => explain(other, relation, thrown));
      });
    return {
      rows: () => reading(() => countRows(connection, from)),
      numbers: (column) => reading(() => numbersOf(connection, from, column)),
      categories: (column, cap) => reading(() => categoriesOf(connection, from, column, cap)),
      close: () => connection.closeSync(),
    };
  } catch (thrown) {
    connection.closeSync();
    throw thrown;
  }
}

/** What to stand after FROM: the typed columns of a Parquet file, or a table that a CSV file was parsed into. */
async function readable(connection: DuckDBConnection, relation: Relation): Promise<string> {
  if (relation.file.format === "parquet") return `(${relation.sql})`;
  const table = newName();
  try {
    await connection.run(`CREATE TEMP TABLE ${table} AS ${relation.sql}`);
  } catch (thrown) {
    throw await explain(connection, relation, thrown);
  }
  return table;
}

async function countRows(connection: DuckDBConnection, from: string): Promise<number> {
  const [row] = await rowsOf(connection, `SELECT count(*) AS rows FROM ${from}`);
  return Number(row?.rows);
}

/** Distinct values in the column's own type, with their counts; as float64 only afterwards, when they are fewer. */
async function groupedNumbers(connection: DuckDBConnection, from: string, column: string): Promise<string> {
  const table = newName();
  await connection.run(
    `CREATE TEMP TABLE ${table} AS SELECT CAST(value AS DOUBLE) AS value, CAST(rows AS DOUBLE) AS rows FROM
      (SELECT ${quoteName(column)} AS value, count(*) AS rows FROM ${from} GROUP BY 1)`,
  );
  return table;
}

/** Integers from 2⁵³ on may be one float64: where there are any, equal ones are added up. */
async function regrouped(connection: DuckDBConnection, table: string): Promise<string> {
  const [row] = await rowsOf(connection, `SELECT max(abs(value)) AS largest FROM ${table}`);
  if (Number(row?.largest ?? 0) < 2 ** 53) return table;
  const again = newName();
  await connection.run(
    `CREATE TEMP TABLE ${again} AS SELECT value, sum(rows) AS rows FROM ${table} GROUP BY 1`,
  );
  await connection.run(`DROP TABLE ${table}`);
  return again;
}

async function numbersOf(
  connection: DuckDBConnection,
  from: string,
  { column, type }: ProfileColumn,
): Promise<NumberValues> {
  const grouped = await groupedNumbers(connection, from, column);
  const table = type === "int64" ? await regrouped(connection, grouped) : grouped;
  const number = "value IS NOT NULL AND NOT isnan(value)";
  const finite = `${number} AND abs(value) < 1.7976931348623157e308`;
  const [facts] = await rowsOf(
    connection,
    `SELECT coalesce(sum(rows) FILTER (value IS NULL), 0)::DOUBLE AS missing,
      coalesce(sum(rows) FILTER (isnan(value)), 0)::DOUBLE AS not_a_number,
      coalesce(sum(rows) FILTER (${finite}), 0)::DOUBLE AS finite,
      min(value) FILTER (${finite}) AS smallest, max(value) FILTER (${finite}) AS largest,
      (count(*) FILTER (${number}))::DOUBLE AS distinct_values FROM ${table}`,
  );
  const bounds =
    facts?.smallest === null ? {} : { bounds: [Number(facts?.smallest), Number(facts?.largest)] as const };
  return {
    missing: Number(facts?.missing),
    notANumber: Number(facts?.not_a_number),
    finite: Number(facts?.finite),
    ...bounds,
    distinct: Number(facts?.distinct_values),
    ascending: () => ascending(connection, table, number),
  };
}

async function* ascending(connection: DuckDBConnection, table: string, number: string) {
  const result = await connection.stream(`SELECT value, rows FROM ${table} WHERE ${number} ORDER BY value`);
  for (;;) {
    const chunk = await result.fetchChunk();
    const size = chunk?.rowCount ?? 0;
    if (!chunk || size === 0) break;
    const [value, rows] = [chunk.getColumnVector(0), chunk.getColumnVector(1)];
    const [values, counts] = [new Float64Array(size), new Float64Array(size)];
    for (let index = 0; index < size; index++) {
      values[index] = Number(value.getItem(index));
      counts[index] = Number(rows.getItem(index));
    }
    yield { values, counts };
  }
  await connection.run(`DROP TABLE ${table}`);
}

async function categoriesOf(
  connection: DuckDBConnection,
  from: string,
  { column, values }: ProfileColumn,
  cap: number,
): Promise<CategoryValues> {
  const table = newName();
  await connection.run(
    `CREATE TEMP TABLE ${table} AS SELECT CAST(value AS VARCHAR) AS value, rows FROM
      (SELECT ${quoteName(column)} AS value, count(*) AS rows FROM ${from} GROUP BY 1)`,
  );
  const [facts] = await rowsOf(
    connection,
    `SELECT coalesce(sum(rows), 0)::DOUBLE AS rows, count(value)::DOUBLE AS distinct_values,
      coalesce(sum(rows) FILTER (value IS NULL), 0)::DOUBLE AS missing FROM ${table}`,
  );
  const which = values
    ? `value IN (SELECT unnest(${quoteTexts(values)}))`
    : `value IS NOT NULL ORDER BY rows DESC, value LIMIT ${whole(cap)}`;
  const found = await rowsOf(connection, `SELECT value, rows FROM ${table} WHERE ${which}`);
  await connection.run(`DROP TABLE ${table}`);
  return {
    rows: Number(facts?.rows),
    missing: Number(facts?.missing),
    distinct: Number(facts?.distinct_values),
    values: found.map((row) => ({ value: String(row.value), count: Number(row.rows) })),
  };
}

function whole(number: number): number {
  if (Number.isSafeInteger(number) && number >= 0) return number;
  throw new BatonError("usage", `${number} is not a number of categories.`);
}

function newName(): string {
  return `values_${randomUUID().replaceAll("-", "")}`;
}
