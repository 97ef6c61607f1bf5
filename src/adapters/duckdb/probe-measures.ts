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
import { type Row, surveyedFacts, surveyOf } from "./probe-survey.ts";
import { dataError, rowsOf } from "./session.ts";
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

/**
 * One pass of cheap aggregates over a file; and a second one that counts, and finds the first row, for those columns only
 * in which something is wrong or unusual.
 */
export async function tableMeasures(
  connection: DuckDBConnection,
  file: DataFile,
  sources: readonly SourceColumn[],
  question: TableQuestion,
): Promise<Measures> {
  const columns = probeColumns(question, sources, file.format);
  const label = labelColumn(question, sources);
  const extremes = extremeColumns(question, sources);
  const row = await oneRow(connection, file, {
    rows: "count(*)",
    ...Object.assign({}, ...columns.map((column, i) => surveyOf(column, i, file))),
    ...label?.measures,
    ...keyMeasures(question, sources),
    ...timeMeasures(question, sources),
    ...Object.assign({}, ...extremes.map(extremeMeasures)),
  });
  const surveyed = columns.map((column, i) => surveyedFacts(column, i, row));
  const closer = columns.flatMap((column, i) => (surveyed[i] ? [] : [{ ...column, id: `f${i}` }]));
  const seen = await closerLook(connection, file, closer, Number(row.label_other) > 0 ? label : undefined);
  return {
    rows: Number(row.rows),
    features: new Map(
      columns.map(({ feature }, i) => [feature.name, surveyed[i] ?? countedFacts(`f${i}`, seen)] as const),
    ),
    extremes: extremesOf(extremes, row),
    ...(label && { label: labelFacts(row, seen) }),
    ...(row.key_distinct === undefined
      ? {}
      : { key: { distinct: Number(row.key_distinct), missing: Number(row.key_missing) } }),
    ...(typeof row.time_first === "string" && typeof row.time_last === "string"
      ? { time: { first: row.time_first, last: row.time_last } }
      : {}),
  };
}

async function oneRow(
  connection: DuckDBConnection,
  file: DataFile,
  wanted: Readonly<Record<string, string>>,
  relation = file.sql,
): Promise<Row> {
  const list = Object.entries(wanted).map(([name, sql]) => `${sql} AS ${quoteName(name)}`);
  try {
    const [row] = await rowsOf(connection, `SELECT ${list.join(", ")} FROM ${relation}`);
    return row ?? {};
  } catch (thrown) {
    throw dataError(file.name, thrown);
  }
}

interface LabelColumn {
  readonly value: string;
  readonly other: string;
  readonly measures: Readonly<Record<string, string>>;
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
      label_other: `count(*) FILTER (${other})`,
      label_missing: `count(*) FILTER (${value} IS NULL AND NOT ${bad})`,
      label_positive: binary ? `count(*) FILTER (${value})` : `count(${value})`,
      label_negative: binary ? `count(*) FILTER (NOT ${value})` : "0",
    },
  };
}

function labelFacts(row: Row, seen: Row): LabelFacts {
  return {
    missing: Number(row.label_missing),
    positive: Number(row.label_positive),
    negative: Number(row.label_negative),
    other: Number(row.label_other) > 0 ? occurrenceOf("label_other", seen) : { count: 0 },
  };
}

function keyMeasures({ key }: TableQuestion, sources: readonly SourceColumn[]): Record<string, string> {
  if (key === undefined || !sources.some(({ name }) => name === key)) return {};
  const column = quoteName(key);
  return {
    key_distinct: `count(DISTINCT ${column})`,
    key_missing: `count(*) FILTER (${column} IS NULL)`,
  };
}

function timeMeasures({ time }: TableQuestion, sources: readonly SourceColumn[]): Record<string, string> {
  const source = sources.find(({ name }) => name === time);
  if (!source) return {};
  const column = quoteName(source.name);
  const moment = (extreme: string) => momentOf(extreme, source.sourceType);
  if (moment("") === undefined) return {};
  const text = (extreme: string) => `strftime(${moment(`${extreme}(${column})`)}, '%Y-%m-%dT%H:%M:%S.%gZ')`;
  return { time_first: text("min"), time_last: text("max") };
}

/** Text that sorts as time does not always: it is converted row by row, times only at the end. */
function momentOf(extreme: string, sourceType: string): string | undefined {
  if (/^(VARCHAR|ENUM)/.test(sourceType)) return extreme.replace(/\((.*)\)$/, "(TRY_CAST($1 AS TIMESTAMP))");
  if (!isTemporal(sourceType)) return undefined;
  return sourceType.includes("ZONE") ? `(${extreme} AT TIME ZONE 'UTC')` : `CAST(${extreme} AS TIMESTAMP)`;
}

function extremeColumns(question: TableQuestion, sources: readonly SourceColumn[]): Extreme[] {
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

interface Extreme {
  readonly name: string;
  readonly sql: string;
}

function extremeMeasures({ sql }: Extreme, index: number): Record<string, string> {
  return {
    [`e${index}_low`]: `min(${sql})`,
    [`e${index}_high`]: `max(${sql})`,
    [`e${index}_missing`]: `count(*) FILTER (${sql} IS NULL)`,
  };
}

function extremesOf(extremes: readonly Extreme[], row: Row): Measures["extremes"] {
  return new Map(
    extremes.flatMap(({ name }, i) => {
      const [low, high] = [row[`e${i}_low`], row[`e${i}_high`]];
      if (typeof low !== "number" || typeof high !== "number") return [];
      return [[name, { low, high, missing: Number(row[`e${i}_missing`]) }] as const];
    }),
  );
}

function countedFacts(id: string, seen: Row): FeatureFacts {
  const occurrence = (key: FactKey) => occurrenceOf(`${id}_${key}`, seen);
  return {
    missing: occurrence("missing"),
    unconvertible: occurrence("unconvertible"),
    outOfRange: occurrence("outOfRange"),
    outsideExpected: occurrence("outsideExpected"),
    unknownCategory: occurrence("unknownCategory"),
  };
}

function occurrenceOf(name: string, seen: Row): Occurrence {
  const count = Number(seen[`${name}_count`] ?? 0);
  const value = seen[`${name}_value`];
  if (count === 0) return { count };
  return { count, row: Number(seen[`${name}_row`]), ...(typeof value === "string" ? { value } : {}) };
}

/** Counts, first rows and first values of everything that can be wrong with some columns. */
async function closerLook(
  connection: DuckDBConnection,
  file: DataFile,
  columns: readonly (ProbeColumn & { readonly id: string })[],
  label: LabelColumn | undefined,
): Promise<Row> {
  const wanted = columns.flatMap(({ id, conditions, value }) =>
    factKeys.flatMap((key) => {
      const condition = conditions[key];
      return condition === undefined ? [] : [{ name: `${id}_${key}`, condition, shown: shownAs(key, value) }];
    }),
  );
  if (label) wanted.push({ name: "label_other", condition: label.other, shown: undefined });
  if (wanted.length === 0) return {};
  const numbered = `(SELECT *, row_number() OVER () - 1 AS "baton row" FROM ${file.sql})`;
  const measures = wanted.flatMap(({ name, condition, shown }) => [
    [`${name}_count`, `count(*) FILTER (${condition})`],
    [`${name}_row`, `min("baton row") FILTER (${condition})`],
    ...(shown === undefined
      ? []
      : [[`${name}_value`, `arg_min(CAST(${shown} AS VARCHAR), "baton row") FILTER (${condition})`]]),
  ]);
  return oneRow(connection, file, Object.fromEntries(measures), numbered);
}

/** A value that cannot be converted has no value to show; it may also be personal. */
function shownAs(key: FactKey, value: string): string | undefined {
  return key === "missing" || key === "unconvertible" ? undefined : value;
}
