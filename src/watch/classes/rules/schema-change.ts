import { leastRows } from "../../distances/column-distances.ts";
import type { ColumnSeries } from "../column-series.ts";
import { type FoundFault, type StepFault, scanColumn } from "../scan-column.ts";
import { otherShare, presentShare, rowsOf } from "../shares.ts";
import { type Step, scales } from "../steps.ts";

/** A column that went away, or whose categories were all written anew. */
export interface SchemaChange extends StepFault {
  readonly kind: "gone" | "recoded";
  /** Share of rows with a known value. */
  readonly known: readonly [before: number, after: number];
}

/** Of what was known, not more than this is left: other than a bad day, a broken join. */
const leftOver = 0.02;
/** Rows of a column that is mostly missing anyway say nothing without a history. */
const mostlyThere = 0.5;

/** Columns that are suddenly missing, or hold categories that nobody knows. */
export function schemaChanges(series: ColumnSeries): FoundFault<SchemaChange>[] {
  if (!series.feature) return [];
  const [shortest] = scales;
  return scanColumn(series, {
    scales: [shortest!],
    measure: (_, { after }) => Math.min(...after.map((window) => knownIn(series, [window]))),
    judge: (_, step, usual) => judge(series, step, usual),
  });
}

function judge(series: ColumnSeries, step: Step, usual: readonly number[]): SchemaChange | undefined {
  const before = knownIn(series, step.before);
  const after = knownIn(series, [step.at]);
  const lowest = usual[0] ?? (before >= mostlyThere ? before : 0);
  if (lowest === 0 || rowsOf(series.counts([step.at])) < leastRows || after > leftOver * lowest)
    return undefined;
  if (before < mostlyThere && !staysGone(series, step.at)) return undefined;
  return {
    kind: presentShare(series.cells, series.counts([step.at])) > mostlyThere ? "recoded" : "gone",
    known: [before, after],
    lasts: (window) => knownIn(series, [window]) <= leftOver * before,
  };
}

/** A column that is mostly missing has days without a value. */
function staysGone(series: ColumnSeries, at: number): boolean {
  const long = scales.at(-1)!.after;
  if (at + long > series.length) return false;
  return Array.from({ length: long }, (_, index) => at + index).every(
    (window) => knownIn(series, [window]) === 0,
  );
}

function knownIn(
  { cells, reference, counts }: ColumnSeries,
  windows: readonly number[] | "reference",
): number {
  const pooled = windows === "reference" ? reference : counts(windows);
  return presentShare(cells, pooled) - otherShare(cells, pooled);
}
