import type { DuckDBConnection } from "@duckdb/node-api";
import type {
  FeatureFacts,
  LabelFacts,
  Occurrence,
  TableFacts,
  TableQuestion,
} from "../../evidence/index.ts";
import type { DataFile } from "./data-file.ts";
import { type FactKey, type ProbeColumn, probeColumns } from "./probe-columns.ts";
import { dataError, rowsOf, type SqlValue } from "./session.ts";
import { quoteName } from "./sql-text.ts";
import { isTemporal, type SourceColumn, typedColumn } from "./typed-column.ts";

/** What one pass over a file tells. */
export type Measures = Pick<TableFacts, "rows" | "features" | "label" | "key" | "time" | "extremes">;

const factKeys: readonly FactKey[] = [
  "missing",
  "unconvertible",
  "outOfRange",
  "outsideExpected",
  "unknownCategory",
];

/** Something counted, and where its count is wanted: a column of the one query. */
interface Measure {
  readonly sql: string;
}

/** Counts everything in one pass, and finds the first row of what should not be there in a second one, where there is any. */
export async function tableMeasures(
  connection: DuckDBConnection,
  file: DataFile,
  sources: readonly SourceColumn[],
  question: TableQuestion,
): Promise<Measures> {
  const columns = probeColumns(question, sources, file.format);
  const wanted: Record<string, Measure> = { rows: { sql: "count(*)" } };
  for (const [i, { conditions }] of columns.entries())
    for (const key of factKeys)
      if (conditions[key]) wanted[`f${i}_${key}`] = { sql: `count(*) FILTER (${conditions[key]})` };
  const label = labelColumn(question, sources);
  Object.assign(wanted, label?.measures, keyMeasures(question, sources), timeMeasures(question, sources));
  const extremes = extremeColumns(question, sources);
  for (const [i, { sql }] of extremes.entries()) {
    wanted[`e${i}_low`] = { sql: `min(${sql})` };
    wanted[`e${i}_high`] = { sql: `max(${sql})` };
    wanted[`e${i}_missing`] = { sql: `count(*) FILTER (${sql} IS NULL)` };
  }
  const row = await oneRow(connection, file, wanted);
  const rows = Number(row.rows);
  const seen = await firstRows(connection, file, columns, label, row);
  const features = new Map(
    columns.map(({ feature }, i) => [feature.name, featureFacts(i, row, seen)] as const),
  );
  return {
    rows,
    features,
    extremes: new Map(
      extremes.flatMap(({ name }, i) => {
        const [low, high] = [row[`e${i}_low`], row[`e${i}_high`]];
        const missing = Number(row[`e${i}_missing`]);
        if (low === null || high === null) return [];
        return [[name, { low: Number(low), high: Number(high), missing }] as const];
      }),
    ),
    ...(label && { label: labelFacts(label, row, seen) }),
    ...(row.key_distinct === undefined
      ? {}
      : { key: { distinct: Number(row.key_distinct), missing: Number(row.key_missing) } }),
    ...(typeof row.time_first === "string" && typeof row.time_last === "string"
      ? { time: { first: row.time_first, last: row.time_last } }
      : {}),
  };
}

type Row = Record<string, SqlValue | undefined>;

async function oneRow(
  connection: DuckDBConnection,
  file: DataFile,
  wanted: Readonly<Record<string, Measure>>,
): Promise<Row> {
  const list = Object.entries(wanted).map(([name, { sql }]) => `${sql} AS ${quoteName(name)}`);
  try {
    const [row] = await rowsOf(connection, `SELECT ${list.join(", ")} FROM ${file.sql}`);
    return row ?? {};
  } catch (thrown) {
    throw dataError(file.name, thrown);
  }
}

interface LabelColumn {
  readonly value: string;
  readonly other: string;
  readonly measures: Readonly<Record<string, Measure>>;
}

/** A binary label is a boolean or 0 and 1; any other label is a number. */
function labelColumn(question: TableQuestion, sources: readonly SourceColumn[]): LabelColumn | undefined {
  const source = sources.find(({ name }) => name === question.label);
  if (!source || question.task === "other") return undefined;
  const binary = question.task === "binary-classification";
  const typed = typedColumn(source, binary ? "boolean" : "float64");
  const column = quoteName(source.name);
  const bad = typed ? `coalesce(${typed.bad ?? "false"}, false)` : `${column} IS NOT NULL`;
  const value = typed ? `CASE WHEN ${bad} THEN NULL ELSE ${typed.value} END` : "NULL";
  const other = binary ? bad : `(${bad} OR coalesce(NOT isfinite(${value}::DOUBLE), false))`;
  return {
    value,
    other,
    measures: {
      label_other: { sql: `count(*) FILTER (${other})` },
      label_missing: { sql: `count(*) FILTER (${value} IS NULL AND NOT ${bad})` },
      label_positive: { sql: binary ? `count(*) FILTER (${value})` : `count(${value})` },
      label_negative: { sql: binary ? `count(*) FILTER (NOT ${value})` : "0" },
    },
  };
}

function labelFacts(_: LabelColumn, row: Row, seen: FirstRows): LabelFacts {
  return {
    missing: Number(row.label_missing),
    positive: Number(row.label_positive),
    negative: Number(row.label_negative),
    other: { count: Number(row.label_other), ...seen.get("label_other") },
  };
}

function keyMeasures({ key }: TableQuestion, sources: readonly SourceColumn[]): Record<string, Measure> {
  if (key === undefined || !sources.some(({ name }) => name === key)) return {};
  const column = quoteName(key);
  return {
    key_distinct: { sql: `count(DISTINCT ${column})` },
    key_missing: { sql: `count(*) FILTER (${column} IS NULL)` },
  };
}

function timeMeasures({ time }: TableQuestion, sources: readonly SourceColumn[]): Record<string, Measure> {
  const source = sources.find(({ name }) => name === time);
  if (!source) return {};
  const column = quoteName(source.name);
  const moment = momentOf(column, source.sourceType);
  if (moment === undefined) return {};
  const text = (sql: string) => `strftime(${sql}, '%Y-%m-%dT%H:%M:%S.%gZ')`;
  return { time_first: { sql: text(`min(${moment})`) }, time_last: { sql: text(`max(${moment})`) } };
}

function momentOf(column: string, sourceType: string): string | undefined {
  if (/^(VARCHAR|ENUM)/.test(sourceType)) return `TRY_CAST(${column} AS TIMESTAMP)`;
  if (!isTemporal(sourceType)) return undefined;
  return sourceType.includes("ZONE") ? `(${column} AT TIME ZONE 'UTC')` : `CAST(${column} AS TIMESTAMP)`;
}

function extremeColumns(
  question: TableQuestion,
  sources: readonly SourceColumn[],
): { readonly name: string; readonly sql: string }[] {
  return question.extremes.flatMap((name) => {
    const source = sources.find((candidate) => candidate.name === name);
    if (!source || /^(BOOLEAN|TIMESTAMP|DATE)/.test(source.sourceType)) return [];
    const typed = typedColumn(source, "float64");
    if (!typed) return [];
    const number =
      typed.bad === undefined ? typed.value : `CASE WHEN ${typed.bad} THEN NULL ELSE ${typed.value} END`;
    return [{ name, sql: `CASE WHEN isnan(${number}) THEN NULL ELSE ${number} END` }];
  });
}

function featureFacts(index: number, row: Row, seen: FirstRows): FeatureFacts {
  const occurrence = (key: FactKey): Occurrence => {
    const name = `f${index}_${key}`;
    return { count: Number(row[name] ?? 0), ...seen.get(name) };
  };
  return {
    missing: occurrence("missing"),
    unconvertible: occurrence("unconvertible"),
    outOfRange: occurrence("outOfRange"),
    outsideExpected: occurrence("outsideExpected"),
    unknownCategory: occurrence("unknownCategory"),
  };
}

type FirstRows = ReadonlyMap<string, { readonly row: number; readonly value?: string }>;

/** Values that are only missing or unusual need no example unless the contract forbids them. */
async function firstRows(
  connection: DuckDBConnection,
  file: DataFile,
  columns: readonly ProbeColumn[],
  label: LabelColumn | undefined,
  counts: Row,
): Promise<FirstRows> {
  const wanted = columns.flatMap(({ feature, conditions, value }, i) =>
    factKeys
      .filter((key) => Number(counts[`f${i}_${key}`] ?? 0) > 0)
      .filter((key) => key !== "missing" || feature.missing === "reject")
      .map((key) => ({
        name: `f${i}_${key}`,
        condition: conditions[key] as string,
        shown: shownAs(key, value),
      })),
  );
  if (label && Number(counts.label_other) > 0)
    wanted.push({ name: "label_other", condition: label.other, shown: undefined });
  if (wanted.length === 0) return new Map();
  const numbered = `(SELECT *, row_number() OVER () - 1 AS "baton row" FROM ${file.sql})`;
  const list = wanted.flatMap(({ name, condition, shown }) => [
    `min("baton row") FILTER (${condition}) AS ${quoteName(`${name}_row`)}`,
    ...(shown === undefined
      ? []
      : [
          `arg_min(CAST(${shown} AS VARCHAR), "baton row") FILTER (${condition}) AS ${quoteName(`${name}_value`)}`,
        ]),
  ]);
  const [row] = await rowsOf(connection, `SELECT ${list.join(", ")} FROM ${numbered}`);
  return new Map(
    wanted.map(({ name }) => {
      const value = row?.[`${name}_value`];
      return [
        name,
        { row: Number(row?.[`${name}_row`]), ...(typeof value === "string" ? { value } : {}) },
      ] as const;
    }),
  );
}

/** A value that cannot be converted has no value to show; it may also be personal. */
function shownAs(key: FactKey, value: string): string | undefined {
  return key === "missing" || key === "unconvertible" ? undefined : value;
}
