import { leastRows } from "../../distances/column-distances.ts";
import type { ColumnSeries } from "../column-series.ts";
import { type FoundFault, type StepFault, scanColumn } from "../scan-column.ts";
import { otherShare, presentShare, rowsOf } from "../shares.ts";
import { type Step, scales } from "../steps.ts";

/** A column that went away, wholly or for most rows, or whose categories were all written anew. */
export interface SchemaChange extends StepFault {
  readonly kind: "gone" | "partly-gone" | "recoded";
  /** Share of rows with a known value; of rows with a value where it is partly gone. */
  readonly known: readonly [before: number, after: number];
}

/** Of what was known, not more than this is left: other than a bad day, a broken join. */
const leftOver = 0.02;
/** Rows of a column that is mostly missing anyway say nothing without a history. */
const mostlyThere = 0.5;
/** Fewer windows before do not say how much of a column is missing at times. */
const leastHistory = 5;
/** A column is partly gone where it falls so many times as far as it ever did in at least so many windows. */
const farther = 2;
const longHistory = 14;
/** Standard errors of a share. */
const certain = 3;

/** Columns that are suddenly missing, or hold categories that nobody knows. */
export function schemaChanges(series: ColumnSeries): FoundFault<SchemaChange>[] {
  if (!series.feature) return [];
  const [shortest] = scales;
  const seen = sharesOf(series);
  return scanColumn(series, {
    scales: [shortest!],
    measure: () => 0,
    judge: (_, step) => gone(series, seen, step) ?? partlyGone(series, seen, step),
  });
}

/** Shares of rows with a known value, and with any, by window. */
interface Shares {
  readonly known: readonly number[];
  readonly present: readonly number[];
}

function sharesOf(series: ColumnSeries): Shares {
  const windows = Array.from({ length: series.length }, (_, window) => series.counts([window]));
  const present = windows.map((pooled) => presentShare(series.cells, pooled));
  return { present, known: windows.map((pooled, at) => present[at]! - otherShare(series.cells, pooled)) };
}

function gone(series: ColumnSeries, { known, present }: Shares, step: Step): SchemaChange | undefined {
  const { at } = step;
  const before = knownIn(series, step.before);
  const after = known[at]!;
  if (after > leftOver * before || rowsOf(series.counts([at])) < leastRows) return undefined;
  const { well } = step;
  const isNew = well.length < leastHistory;
  if (isNew && before < mostlyThere) return undefined;
  const lowest = isNew ? before : Math.min(...well.map((window) => known[window]!));
  if (lowest === 0 || after > leftOver * lowest) return undefined;
  if (before < mostlyThere && !staysGone(series, known, at)) return undefined;
  return {
    kind: present[at]! > mostlyThere ? "recoded" : "gone",
    known: [before, after],
    lasts: (window) => known[window]! <= leftOver * before,
  };
}

/**
 * Most of a column that was there is missing, and it fell at least twice as far as in any window before: a feed that had an outage
 * for some hours, or for some callers. Columns that are missing in bad weather lose values every so often, and are not told.
 */
function partlyGone(series: ColumnSeries, { present }: Shares, step: Step): SchemaChange | undefined {
  const { at } = step;
  const rows = rowsOf(series.counts([at]));
  if (step.before === "reference" || rows < leastRows) return undefined;
  const before = presentShare(series.cells, series.counts(step.before));
  const after = present[at]!;
  const byChance = certain * Math.sqrt(0.25 / rows);
  if (before < mostlyThere || after > before / 2 - byChance) return undefined;
  const { well } = step;
  if (well.length < longHistory) return undefined;
  const farthest = before - Math.min(...well.map((window) => present[window]!));
  if (before - after < farther * farthest) return undefined;
  return {
    kind: "partly-gone",
    known: [before, after],
    lasts: (window) => present[window]! < (before + after) / 2,
  };
}

/** A column that is mostly missing has days without a value. */
function staysGone(series: ColumnSeries, known: readonly number[], at: number): boolean {
  const long = scales.at(-1)!.after;
  return at + long <= series.length && known.slice(at, at + long).every((share) => share === 0);
}

function knownIn(
  { cells, reference, counts }: ColumnSeries,
  windows: readonly number[] | "reference",
): number {
  const pooled = windows === "reference" ? reference : counts(windows);
  return presentShare(cells, pooled) - otherShare(cells, pooled);
}
