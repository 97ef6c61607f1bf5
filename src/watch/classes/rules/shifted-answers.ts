import type { ColumnSeries } from "../column-series.ts";
import { allRows, dayOf, type Facts } from "../facts.ts";
import { type StepFault, scanColumn } from "../scan-column.ts";
import { cellsApart } from "../shares.ts";
import { type Step, scales } from "../steps.ts";
import type { Suspicion } from "../suspicion.ts";

interface Shift extends StepFault {
  readonly apart: number;
  readonly usual: number;
}

/** A step that is not farther than this is none, however quiet it was before. */
const leastStep = 0.1;
/** How much farther than any earlier step. */
const farther = 1.25;

/** Outputs that change from one window to the next while no feature does. */
export function shiftedAnswers(facts: Facts): Suspicion[] {
  const features = facts.series.filter(({ feature }) => feature);
  return facts.series
    .filter(({ feature }) => !feature)
    .flatMap((output) =>
      scanColumn(output, {
        scales,
        measure: apartAt,
        judge: (series, step, usual) => judge(series, step, { usual, features }),
      }).map(
        ({ fault, windows }): Suspicion => ({
          class: "output.shift",
          clause: output.clause,
          clauses: [output.clause],
          rows: allRows(facts, windows),
          tell: () =>
            `Since ${dayOf(facts, windows[0]!)} the answers are distributed otherwise (Kolmogorov-Smirnov distance ${fault.apart.toFixed(2)}, at most ${fault.usual.toFixed(2)} between earlier windows), and no feature changed with them.`,
          samples: [],
        }),
      ),
    );
}

function judge(
  series: ColumnSeries,
  step: Step,
  { usual, features }: { readonly usual: readonly number[]; readonly features: readonly ColumnSeries[] },
): Shift | undefined {
  const most = usual.at(-1);
  const { before, well, after } = step;
  if (most === undefined || before === "reference") return undefined;
  const apart = apartAt(series, step);
  if (apart < Math.max(leastStep, farther * most)) return undefined;
  if (features.some((feature) => changes(feature, step))) return undefined;
  // A step is seen before it is reached: its last window has the shift in any case.
  const [earlier, later] = [series.counts(before), series.counts(after.slice(-1))];
  return {
    apart,
    usual: most,
    lasts: (window) => {
      const now = series.counts([window]);
      return well.length > 0 && cellsApart(series.cells, later, now) < cellsApart(series.cells, earlier, now);
    },
  };
}

/** A feature changes with the answers where it, too, makes its farthest step so far. */
function changes(feature: ColumnSeries, step: Step): boolean {
  const { well, scale } = step;
  const apart = apartAt(feature, step);
  if (apart < leastStep / 2) return false;
  const earlier: number[] = [];
  for (let at = scale.before; at + scale.after <= well.length; at++)
    earlier.push(feature.apart(well.slice(at - scale.before, at), well.slice(at, at + scale.after)));
  return apart > Math.max(...earlier, 0);
}

function apartAt(series: ColumnSeries, { before, after }: Step): number {
  return before === "reference" ? 0 : series.apart(before, after);
}
