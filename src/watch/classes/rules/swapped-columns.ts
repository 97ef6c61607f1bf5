import { type ColumnSeries, spreadsOf } from "../column-series.ts";
import { type FoundFault, type StepFault, scanColumn } from "../scan-column.ts";
import { presentShare } from "../shares.ts";
import { type Scale, type Step, scales } from "../steps.ts";
import { meansApart, unlikeness } from "../unlikeness.ts";

/** Two columns of numbers of which each now looks as the other did. */
export interface SwappedColumns extends StepFault {
  readonly clauses: readonly [string, string];
  /** The larger unlikeness to the other column before, and the smaller to itself. */
  readonly crossed: number;
  readonly itself: number;
}

/** A column that changed by less at once was not swapped. */
const leastStep = 0.3;
/** Beyond this hardly a value is left where it was, and weather may blur the likeness to the other column. */
const clearStep = 0.5;
/** Shares of rows with a value may differ by so much between days. */
const samePresence = 0.2;

/** Pairs of features that were swapped. */
export function swappedColumns(all: readonly ColumnSeries[]): FoundFault<SwappedColumns>[] {
  const numeric = all.filter(({ cells, feature }) => feature && cells.kind === "numeric");
  const jumping = numeric.map((series) => jumpsOf(series));
  return numeric.flatMap((first, a) =>
    numeric.slice(a + 1).flatMap((second, offset) => {
      const jumps = (at: number, scale: Scale) =>
        jumping[a]!.get(scale)!.has(at) && jumping[a + 1 + offset]!.get(scale)!.has(at);
      // Of many columns hardly two ever jump at once.
      if (!scales.some((scale) => [...jumping[a]!.get(scale)!].some((at) => jumps(at, scale)))) return [];
      return scanColumn(first, {
        scales,
        measure: () => 0,
        judge: (_, step) => (jumps(step.at, step.scale) ? judge(first, second, step) : undefined),
      });
    }),
  );
}

/** Windows before which a column changes at all, by scale. */
function jumpsOf(series: ColumnSeries): ReadonlyMap<Scale, ReadonlySet<number>> {
  return new Map(
    scales.map((scale) => {
      const found = new Set<number>();
      for (let at = 1; at < series.length; at++) {
        const [from, to] = [Math.max(0, at - scale.before), Math.min(series.length, at + scale.after)];
        if (series.apartAt(from, at, to) >= leastStep) found.add(at);
      }
      return [scale, found];
    }),
  );
}

function judge(first: ColumnSeries, second: ColumnSeries, step: Step): SwappedColumns | undefined {
  const { before, after, well } = step;
  if (before === "reference" || !presenceFits(first, second, step)) return undefined;
  const [one, oneNow] = spreadsOf(first, before, after);
  const [other, otherNow] = spreadsOf(second, before, after);
  const crossed = Math.max(unlikeness(other, oneNow), unlikeness(one, otherNow));
  const itself = Math.min(unlikeness(one, oneNow), unlikeness(other, otherNow));
  if (itself < leastStep || crossed > itself / (itself < clearStep ? 3 : 2)) return undefined;
  const spans = well.slice(after.length - 1).map((_, from) => well.slice(from, from + after.length));
  const wasThere = spans.some(
    (span) =>
      unlikeness(spreadsOf(first, span, after)[0], oneNow) < crossed ||
      unlikeness(spreadsOf(second, span, after)[0], otherNow) < crossed,
  );
  if (wasThere) return undefined;
  return {
    clauses: [first.clause, second.clause],
    crossed,
    itself,
    lasts(window) {
      const now = spreadsOf(first, before, [window])[1];
      const then = spreadsOf(second, before, [window])[1];
      const distance = (a: typeof one, b: typeof one) => unlikeness(a, b) + meansApart(a, b);
      return distance(other, now) + distance(one, then) < distance(one, now) + distance(other, then);
    },
  };
}

function presenceFits(first: ColumnSeries, second: ColumnSeries, { before, after }: Step): boolean {
  const present = (series: ColumnSeries, windows: Step["before"]) =>
    presentShare(series.cells, windows === "reference" ? series.reference : series.counts(windows));
  return (
    Math.abs(present(first, before) - present(second, after)) <= samePresence &&
    Math.abs(present(second, before) - present(first, after)) <= samePresence
  );
}
