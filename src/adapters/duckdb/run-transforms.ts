import type { DuckDBConnection } from "@duckdb/node-api";
import type { Column, Table } from "../../contract/index.ts";
import { BatonError } from "../../kernel/index.ts";
import { appendTable, createTable } from "./append-table.ts";
import { checkExpression, type Transform } from "./check-expression.ts";
import { openDataFile } from "./data-file.ts";
import { batches } from "./read-tables.ts";
import { sourceColumns } from "./relation.ts";
import { type DuckdbOptions, dataError, faultOf, openSession, rowsOf } from "./session.ts";
import { quoteName } from "./sql-text.ts";
import { naturalType, typedColumn } from "./typed-column.ts";

/** Most rows that transforms run on, and how long they may take. */
const rowCap = 200_000;
const timeLimitMs = 30_000;

/**
 * Runs transforms on a table of raw columns, in a database of their own that can reach no file.
 * Gives one column a transform, by feature name, in the rows' order and of the SQL's own type.
 * @throws BatonError `configuration-invalid` that names the feature, `deadline`
 */
export function transformTable(
  options: DuckdbOptions,
  raw: Table,
  transforms: readonly Transform[],
): Promise<Table> {
  return transform(options, transforms, async (connection) => {
    const columns = [...raw.columns].map(([name, { type }]) => ({ name, type }));
    await createTable(connection, "raw", columns);
    await appendTable(connection, "raw", [raw], columns);
    return columns.map(({ name }) => name);
  });
}

/** The same on golden rows: the file's columns `raw.<column>` are `<column>` in the SQL, in the file's own types. */
export async function transformFile(
  options: DuckdbOptions,
  path: string,
  transforms: readonly Transform[],
): Promise<Table> {
  const file = await openDataFile(path);
  return transform(options, transforms, async (connection) => {
    const raw = (await sourceColumns(connection, file)).filter(({ name }) => name.startsWith("raw."));
    if (raw.length === 0)
      throw new BatonError("data-unreadable", `${path} has no column raw.…, which transforms read.`, {
        file: path,
        next: "Write the golden rows with the layer raw.",
      });
    const columns = raw.map(({ name }) => `${quoteName(name)} AS ${quoteName(name.slice("raw.".length))}`);
    try {
      await connection.run(`CREATE TABLE raw AS SELECT ${columns.join(", ")} FROM ${file.sql}`);
    } catch (thrown) {
      throw dataError(path, thrown);
    }
    return raw.map(({ name }) => name.slice("raw.".length));
  });
}

async function transform(
  options: DuckdbOptions,
  transforms: readonly Transform[],
  load: (connection: DuckDBConnection) => Promise<string[]>,
): Promise<Table> {
  const session = await openSession(options, { locked: false });
  try {
    return await session.withConnection(async (connection) => {
      const columns = await load(connection);
      await connection.run("SET enable_external_access = false");
      await connection.run("SET lock_configuration = true");
      const [row] = await rowsOf(connection, "SELECT count(*) AS rows FROM raw");
      const rows = Number(row?.rows);
      if (rows > rowCap)
        throw new BatonError(
          "input-too-large",
          `Transforms run on at most ${rowCap} rows; these are ${rows}.`,
        );
      const made = new Map<string, Column>();
      for (const one of transforms) {
        await checkExpression(connection, one, columns);
        made.set(one.feature, await runOne(connection, one, rows));
      }
      return { rows, columns: made };
    });
  } finally {
    session.close();
  }
}

async function runOne(
  connection: DuckDBConnection,
  { feature, sql }: Transform,
  rows: number,
): Promise<Column> {
  const timer = setTimeout(() => connection.interrupt(), timeLimitMs);
  try {
    const select = `SELECT (${sql}\n) AS value FROM raw`;
    const [described] = await rowsOf(connection, `DESCRIBE ${select}`);
    const sourceType = String(described?.column_type);
    const type = sourceType === '"NULL"' || sourceType === "NULL" ? "string" : naturalType(sourceType);
    const value =
      type && (typedColumn({ name: "value", sourceType }, type)?.value ?? `CAST(value AS VARCHAR)`);
    if (!type) throw new Error(`it gives ${sourceType}, which no feature can be`);
    const result = await connection.stream(`SELECT ${value} FROM (${select})`);
    for await (const table of batches(result, [{ name: feature, type }], Math.max(1, rows)))
      if (table.rows === rows) return table.columns.get(feature)!;
    if (rows > 0) throw new Error("it does not give one value for each row");
    return { type: "string", shape: [], values: [] };
  } catch (thrown) {
    const text = faultOf(thrown);
    if (/^INTERRUPT/i.test(text))
      throw new BatonError(
        "deadline",
        `The transform of "${feature}" took longer than ${timeLimitMs / 1000} s.`,
        {
          next: "Simplify it.",
        },
      );
    throw new BatonError("configuration-invalid", `The transform of "${feature}" cannot be run: ${text}`, {
      next: "Correct the SQL expression in the contract.",
      cause: thrown,
    });
  } finally {
    clearTimeout(timer);
  }
}
