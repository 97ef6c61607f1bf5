import { allRows, dayOf, type Facts } from "../facts.ts";
import type { Suspicion } from "../suspicion.ts";

/** Columns that the detectors call drifting, each in the windows in which they do. */
export function driftingColumns(facts: Facts): Suspicion[] {
  return facts.series.flatMap(({ clause }, column) => {
    const windows = facts.windows.flatMap(({ drift }, window) =>
      drift && drift.columns[column]?.verdict === "drift" ? [window] : [],
    );
    if (windows.length === 0) return [];
    const isFeature = clause.startsWith("features.");
    return [
      {
        class: isFeature ? "drift.covariate" : "output.shift",
        clause,
        clauses: [clause],
        rows: allRows(facts, windows),
        moved: new Map(
          windows.flatMap((window) => {
            const effect = facts.windows[window]!.drift!.columns[column]!.effect;
            return effect ? [[window, effect.interval[0]] as const] : [];
          }),
        ),
        tell: (rows) => driftText(facts, column, [...rows.keys()]),
        samples: [],
        vague: true,
      } as const,
    ];
  });
}

function driftText(facts: Facts, column: number, windows: readonly number[]): string {
  const effects = windows.flatMap(
    (window) => facts.windows[window]!.drift!.columns[column]!.effect?.distance ?? [],
  );
  const effect =
    effects.length === 0
      ? "values that were never seen"
      : `a Jensen-Shannon distance to the reference of up to ${Math.max(...effects).toFixed(2)}`;
  return `Drift in ${windows.length} windows since ${dayOf(facts, Math.min(...windows))}, with ${effect}.`;
}
