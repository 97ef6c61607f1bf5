import type { DuckDBConnection } from "@duckdb/node-api";
import type { ElementType } from "../../contract/index.ts";
import { openDataFile } from "./data-file.ts";
import { sourceColumns } from "./relation.ts";
import { dataError, rowsOf, type Session, type SqlValue } from "./session.ts";
import { quoteName } from "./sql-text.ts";
import { naturalType, type SourceColumn, typedColumn } from "./typed-column.ts";

/** What `baton init` reads off one column. All counts are exact. */
export interface ColumnDataFacts {
  readonly name: string;
  /** The type that says it best; undefined where no table can hold it. CSV: what all of its values are. */
  readonly type: ElementType | undefined;
  /** DuckDB's word for the type in the file. */
  readonly sourceType: string;
  readonly rows: number;
  readonly missing: number;
  readonly notANumber: number;
  readonly distinct: number;
  /** Smallest and largest value, infinities and NaN aside: a number, decimal text beyond 2⁵³, or ISO 8601 text for times. */
  readonly min?: number | string;
  readonly max?: number | string;
  /** The most frequent values as text, the first by code point among equals; at most 20. */
  readonly top: readonly { readonly value: string; readonly count: number }[];
}

const table = "column_values";

/** Facts of every column of a file. @throws BatonError `data-unreadable` */
export async function columnFacts(session: Session, path: string): Promise<ColumnDataFacts[]> {
  const file = await openDataFile(path);
  return session.withConnection(async (connection) => {
    const sources = await sourceColumns(connection, file);
    try {
      let from = file.sql;
      if (file.format === "csv") {
        await connection.run(`CREATE TEMP TABLE csv_rows AS SELECT * FROM ${file.sql}`);
        from = "csv_rows";
      }
      const facts: ColumnDataFacts[] = [];
      for (const source of sources)
        facts.push(await factsOf(connection, from, source, file.format === "csv"));
      return facts;
    } catch (thrown) {
      throw dataError(file.name, thrown);
    }
  });
}

async function factsOf(
  connection: DuckDBConnection,
  from: string,
  source: SourceColumn,
  isText: boolean,
): Promise<ColumnDataFacts> {
  const natural = naturalType(source.sourceType);
  const value = natural
    ? typedColumn(source, natural)!.value
    : `(${quoteName(source.name)} IS NOT NULL)::VARCHAR`;
  await connection.run(
    `CREATE OR REPLACE TEMP TABLE ${table} AS SELECT ${value} AS value, count(*) AS rows FROM ${from} GROUP BY 1`,
  );
  const { name, sourceType } = source;
  if (!natural) {
    const rows = await counts(connection, "false");
    const missing = await absent(connection, source, from);
    return { name, sourceType, type: undefined, ...rows, missing, distinct: 0, top: [] };
  }
  const type = isText ? await textType(connection) : natural;
  if (isText && type !== "string")
    await connection.run(
      `CREATE OR REPLACE TEMP TABLE ${table} AS SELECT value, sum(rows) AS rows FROM
        (SELECT ${typedColumn({ name: "value", sourceType: "VARCHAR" }, type)!.value} AS value, rows FROM ${table}) GROUP BY 1`,
    );
  const isFloat = type === "float32" || type === "float64";
  return {
    name,
    sourceType,
    type,
    ...(await counts(connection, isFloat ? "isnan(value)" : "false")),
    ...(await bounds(
      connection,
      isFloat,
      isFloat || type.startsWith("int") || /^(TIMESTAMP|DATE)/.test(sourceType),
    )),
    top: await topValues(connection),
  };
}

async function absent(connection: DuckDBConnection, { name }: SourceColumn, from: string): Promise<number> {
  const [row] = await rowsOf(
    connection,
    `SELECT count(*) AS n FROM ${from} WHERE ${quoteName(name)} IS NULL`,
  );
  return Number(row?.n);
}

async function counts(connection: DuckDBConnection, notANumber: string) {
  const [row] = await rowsOf(
    connection,
    `SELECT coalesce(sum(rows), 0)::DOUBLE AS rows, coalesce(sum(rows) FILTER (value IS NULL), 0)::DOUBLE AS missing,
      coalesce(sum(rows) FILTER (${notANumber}), 0)::DOUBLE AS not_a_number, count(value)::DOUBLE AS distinct_values FROM ${table}`,
  );
  return {
    rows: Number(row?.rows),
    missing: Number(row?.missing),
    notANumber: Number(row?.not_a_number),
    distinct: Number(row?.distinct_values),
  };
}

async function bounds(connection: DuckDBConnection, isFloat: boolean, ordered: boolean) {
  if (!ordered) return {};
  const [row] = await rowsOf(
    connection,
    `SELECT min(value) AS min, max(value) AS max FROM ${table} ${isFloat ? "WHERE isfinite(value)" : ""}`,
  );
  if (!row || row.min === null) return {};
  return { min: plain(row.min!), max: plain(row.max!) };
}

function plain(value: SqlValue): number | string {
  if (typeof value === "string") return value;
  const number = Number(value);
  return typeof value === "bigint" && !Number.isSafeInteger(number) ? value.toString() : number;
}

async function topValues(connection: DuckDBConnection) {
  const rows = await rowsOf(
    connection,
    `SELECT CAST(value AS VARCHAR) AS value, rows::DOUBLE AS rows FROM ${table} WHERE value IS NOT NULL ORDER BY 2 DESC, 1 LIMIT 20`,
  );
  return rows.map(({ value, rows: count }) => ({ value: String(value), count: Number(count) }));
}

/** What all texts of a CSV column are. Numbers with leading zeros (`007`) are codes, and stay strings. */
async function textType(connection: DuckDBConnection): Promise<ElementType> {
  const [row] = await rowsOf(
    connection,
    `SELECT count(*) AS n, bool_and(regexp_full_match(value, '-?(0|[1-9][0-9]*)') AND TRY_CAST(value AS BIGINT) IS NOT NULL) AS whole,
      bool_and(regexp_full_match(value, '(?i)[-+]?((0|[1-9][0-9]*)(\\.[0-9]*)?|\\.[0-9]+)(e[-+]?[0-9]+)?|[-+]?inf(inity)?|nan')
        AND TRY_CAST(value AS DOUBLE) IS NOT NULL) AS number,
      bool_and(lower(value) IN ('true', 'false')) AS truth FROM ${table} WHERE value IS NOT NULL AND trim(value) <> ''`,
  );
  if (!row || row.n === 0n) return "string";
  if (row.truth === true) return "boolean";
  if (row.whole === true) return "int64";
  return row.number === true ? "float64" : "string";
}
