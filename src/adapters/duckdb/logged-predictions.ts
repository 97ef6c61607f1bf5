import { stat } from "node:fs/promises";
import type { DuckDBConnection } from "@duckdb/node-api";
import { BatonError, messageOf } from "../../kernel/index.ts";
import type { ColumnCells } from "../../profile/index.ts";
import type { LabelQuestion, LoggedFile, UnreadableLog } from "../../watch/index.ts";
import { faultOf, rowsOf } from "./session.ts";
import { quoteName, quotePath, quoteTexts } from "./sql-text.ts";

/** Most windows that logs may name. */
const mostWindows = 1_000_000;

/** Answered predictions of logs, as the view `predictions`. */
export interface LoggedPredictions {
  readonly unreadable: readonly UnreadableLog[];
  /** Ascending, with their answered predictions. */
  readonly windows: readonly { readonly start: number; readonly answered: number }[];
  /** Logs that can be read, in their order: `file` is a place among them. */
  readonly paths: readonly string[];
  /** The same view over some of the logs alone. */
  narrow(connection: DuckDBConnection, paths: readonly string[]): Promise<void>;
  /** Some have an id, some have a key. */
  readonly named: { readonly id: boolean; readonly key: boolean };
}

/**
 * Makes the view `predictions (file, row, id, key, ms, start, score, decision, slice_0, …)` over all logs that can be read to
 * their end. One that cannot is told and left out.
 */
export async function viewPredictions(
  connection: DuckDBConnection,
  question: LabelQuestion,
): Promise<LoggedPredictions> {
  const slices = await sliceColumns(connection, question.slices);
  const scan = (paths: readonly string[]) => scanOf(question, slices, paths);
  const { good, unreadable, seen } = await readThrough(
    connection,
    question.logs,
    (paths) => `
    SELECT start, count(*) AS answered, count(id) AS ids, count(key) AS keys,
      bit_xor(hash(ms, score, decision${slices.names.map((name) => `, ${name}`).join("")})) AS read
      FROM (${scan(paths)}) GROUP BY start ORDER BY start LIMIT ${mostWindows + 1}`,
  );
  if (seen.length > mostWindows)
    throw new BatonError("input-too-large", `The logs name more than ${mostWindows} windows.`, {
      next: "Watch a folder with fewer files.",
    });
  const narrow = async (on: DuckDBConnection, paths: readonly string[]) => {
    await on.run(`CREATE OR REPLACE VIEW predictions AS ${scan(paths)}`);
  };
  await narrow(connection, good);
  const some = (name: string) => seen.some((row) => Number(row[name]) > 0);
  return {
    unreadable,
    paths: good,
    narrow,
    windows: seen.map(({ start, answered }) => ({ start: Number(start), answered: Number(answered) })),
    named: { id: some("ids"), key: some("keys") },
  };
}

/**
 * Files that may be read. DuckDB would wait for the other end of a pipe, and could not be interrupted; and a few bytes can
 * say that they are very many rows, so that logs with other rows than their counters say are not read at all.
 */
async function onlyFiles(connection: DuckDBConnection, logs: readonly LoggedFile[]) {
  const files: string[] = [];
  const unreadable: UnreadableLog[] = [];
  const there: LoggedFile[] = [];
  for (const log of logs) {
    const reason = await stat(log.path).then(
      (facts) => (facts.isFile() ? undefined : "It is not a file."),
      messageOf,
    );
    if (reason === undefined) there.push(log);
    else unreadable.push({ path: log.path, reason });
  }
  const known = await rowsByPath(connection, there);
  for (const { path, rows } of there) {
    const reason = known?.get(path) === rows ? undefined : await otherRows(connection, path, rows);
    if (reason === undefined) files.push(path);
    else unreadable.push({ path, reason });
  }
  return { files, unreadable };
}

/** Rows that logs say they have, in one question; undefined where one of them cannot be asked. */
async function rowsByPath(connection: DuckDBConnection, logs: readonly LoggedFile[]) {
  const paths = logs.filter(({ rows }) => rows !== undefined).map(({ path }) => path);
  if (paths.length === 0) return undefined;
  try {
    const sql = `SELECT file_name, num_rows AS rows FROM parquet_file_metadata([${paths.map(quotePath).join(", ")}])`;
    return new Map((await rowsOf(connection, sql)).map((row) => [String(row.file_name), Number(row.rows)]));
  } catch {
    return undefined;
  }
}

async function otherRows(connection: DuckDBConnection, path: string, rows: number | undefined) {
  if (rows === undefined) return undefined;
  try {
    const sql = `SELECT num_rows AS rows FROM parquet_file_metadata(${quotePath(path)})`;
    const [found] = await rowsOf(connection, sql);
    const there = Number(found?.rows);
    return there === rows ? undefined : `It has ${there} rows, and its counters say ${rows}.`;
  } catch (thrown) {
    return faultOf(thrown);
  }
}

/** Asks a question of all files; where that fails, halves them until those that cannot be read stand alone. */
async function readThrough(
  connection: DuckDBConnection,
  logs: readonly LoggedFile[],
  sqlOf: (paths: readonly string[]) => string,
) {
  const { files, unreadable } = await onlyFiles(connection, logs);
  const good: string[] = [];
  const pending = [files];
  let seen: Awaited<ReturnType<typeof rowsOf>> = [];
  while (pending.length > 0) {
    const part = pending.pop()!;
    if (part.length === 0) continue;
    try {
      seen = await rowsOf(connection, sqlOf(part));
      good.push(...part);
    } catch (thrown) {
      const half = Math.ceil(part.length / 2);
      if (part.length === 1) unreadable.push({ path: part[0]!, reason: faultOf(thrown) });
      else pending.push(part.slice(half), part.slice(0, half));
    }
  }
  if (unreadable.length > 0 && good.length > 0) seen = await rowsOf(connection, sqlOf(good));
  return { good, unreadable, seen };
}

interface SliceColumns {
  readonly names: readonly string[];
  /** `, … AS slice_0, …` */
  readonly values: string;
  readonly joins: string;
}

/** The cell of each slice's value, as `cellOf` in `src/profile/cells.ts` says. */
async function sliceColumns(
  connection: DuckDBConnection,
  slices: readonly ColumnCells[],
): Promise<SliceColumns> {
  const values: string[] = [];
  const joins: string[] = [];
  for (const [at, cells] of slices.entries()) {
    const column = `logged.${quoteName(`slice.${cells.name}`)}`;
    if (cells.kind === "categorical") {
      const { length } = cells.values;
      await connection.run(
        `CREATE TABLE words_${at} AS SELECT unnest(list) AS word, generate_subscripts(list, 1) - 1 AS cell FROM (SELECT ${quoteTexts(cells.values)} AS list)`,
      );
      joins.push(`LEFT JOIN words_${at} ON words_${at}.word = ${column}`);
      values.push(
        `CASE WHEN ${column} IS NULL THEN ${length + 1} ELSE coalesce(words_${at}.cell, ${length}) END`,
      );
    } else values.push(numericCellSql(`TRY_CAST(${column} AS DOUBLE)`, cells.starts));
  }
  const names = slices.map((_, at) => `slice_${at}`);
  return {
    names,
    values: values.map((value, at) => `, CAST(${value} AS USMALLINT) AS slice_${at}`).join(""),
    joins: joins.join(" "),
  };
}

function numericCellSql(value: string, starts: readonly number[]): string {
  const cell = starts.map((start) => `(${value} >= ${start}::DOUBLE)::USMALLINT`).join(" + ") || "0";
  return `CASE WHEN ${value} IS NULL OR isnan(${value}) THEN ${starts.length + 1} ELSE ${cell} END`;
}

const week = 7 * 86_400_000;

function scanOf(
  { score, decides, windowMs }: LabelQuestion,
  slices: SliceColumns,
  paths: readonly string[],
): string {
  if (paths.length === 0)
    return `SELECT 0::UBIGINT AS file, 0::BIGINT AS row, NULL::VARCHAR AS id, NULL::VARCHAR AS key, 0::BIGINT AS ms, 0::BIGINT AS start,
      0::DOUBLE AS score, NULL::BOOLEAN AS decision${slices.names.map((name) => `, 0::USMALLINT AS ${name}`).join("")} WHERE false`;
  // Windows of whole weeks begin on Mondays, as windowStart in src/watch says.
  const offset = windowMs % week === 0 ? 4 * 86_400_000 : 0;
  const ms = "CAST(logged.event_time_ms AS BIGINT)";
  return `SELECT logged.file_index AS file, logged.file_row_number AS row, CAST(logged.id AS VARCHAR) AS id, CAST(logged.key AS VARCHAR) AS key,
    ${ms} AS ms, ${ms} - ((${ms} - ${offset}) % ${windowMs} + ${windowMs}) % ${windowMs} AS start,
    CAST(logged.${quoteName(score)} AS DOUBLE) AS score, ${decides ? "CAST(logged.decision AS BOOLEAN)" : "NULL::BOOLEAN"} AS decision${slices.values}
    FROM read_parquet([${paths.map(quotePath).join(", ")}], hive_partitioning = false, filename = false) AS logged ${slices.joins}
    WHERE logged.answered AND isfinite(CAST(logged.${quoteName(score)} AS DOUBLE))${decides ? " AND logged.decision IS NOT NULL" : ""}`;
}
