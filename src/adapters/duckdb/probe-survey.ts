import type { Feature, Range } from "../../contract/index.ts";
import type { FeatureFacts, Occurrence } from "../../evidence/index.ts";
import type { DataFile } from "./data-file.ts";
import { literals, type ProbeColumn } from "./probe-columns.ts";
import type { SqlValue } from "./session.ts";

/** One row of a query's result. */
export type Row = Readonly<Record<string, SqlValue | undefined>>;

/** Cheap aggregates that tell whether anything can be wrong with a column at all. */
export function surveyOf(column: ProbeColumn, index: number, file: DataFile): Record<string, string> {
  const { feature, plain, bad } = column;
  return {
    [`f${index}_present`]: `count(${plain})`,
    ...(bad === undefined ? {} : { [`f${index}_bad`]: `count(*) FILTER (${bad})` }),
    ...(isNumeric(feature)
      ? { [`f${index}_low`]: `min(${plain})`, [`f${index}_high`]: `max(${plain})` }
      : {}),
    ...(feature.values ? { [`f${index}_unknown`]: unknownCount(column, feature.values, file) } : {}),
  };
}

/** Groups first: comparing each distinct value with the list is far less than comparing each row. */
function unknownCount({ feature, value }: ProbeColumn, values: readonly string[], file: DataFile): string {
  const groups = `SELECT ${value} AS v, count(*) AS n FROM ${file.sql} GROUP BY 1`;
  return `(SELECT coalesce(sum(n), 0) FROM (${groups}) WHERE v NOT IN (${literals(feature, values)}))`;
}

/** The facts, where the survey shows that no value needs a closer look; undefined where one does. */
export function surveyedFacts({ feature }: ProbeColumn, index: number, row: Row): FeatureFacts | undefined {
  const number = (name: string) => Number(row[`f${index}_${name}`] ?? 0);
  const [bad, unknown] = [number("bad"), number("unknown")];
  const missing = Number(row.rows) - number("present") - bad;
  const closer = bad > 0 || unknown > 0 || (missing > 0 && feature.missing === "reject");
  if (closer || !isQuiet(feature, row[`f${index}_low`], row[`f${index}_high`])) return undefined;
  const none: Occurrence = { count: 0 };
  return {
    missing: { count: missing },
    unconvertible: none,
    outOfRange: none,
    outsideExpected: none,
    unknownCategory: none,
  };
}

/** DuckDB takes NaN for the largest number, so the largest tells whether there is one. */
function isQuiet(feature: Feature, low: SqlValue | undefined, high: SqlValue | undefined): boolean {
  if (!isNumeric(feature) || low === null || high === null) return true;
  const [least, most] = [Number(low), Number(high)];
  if (!Number.isFinite(least) || !Number.isFinite(most)) return false;
  if (feature.type === "int64" && !(Number.isSafeInteger(least) && Number.isSafeInteger(most))) return false;
  return [feature.range, feature.expected].every((range) => holds(feature, range, least, most));
}

function holds(feature: Feature, range: Range | undefined, least: number, most: number): boolean {
  const [low, high] = range ?? [null, null];
  const bound = (value: number) => (feature.type === "float32" ? Math.fround(value) : value);
  return (low === null || least >= bound(low)) && (high === null || most <= bound(high));
}

function isNumeric(feature: Feature): boolean {
  return feature.type !== "string" && feature.type !== "boolean";
}
