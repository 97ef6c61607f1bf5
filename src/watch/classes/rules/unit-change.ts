import { type ColumnCells, nextNumber } from "../../../profile/index.ts";
import { type ColumnSeries, spreadsOf } from "../column-series.ts";
import { type FoundFault, type StepFault, type StepJudge, scanColumn } from "../scan-column.ts";
import type { PooledCounts, Spread } from "../spread.ts";
import { type Step, scales } from "../steps.ts";
import { conversionsFrom, type UnitConversion, unitConversions } from "../unit-conversions.ts";
import { meansApart, unlikeness } from "../unlikeness.ts";

/** A conversion that explains a step. */
export interface UnitChange extends StepFault {
  readonly conversion: UnitConversion;
  /** Others that explain it as well, of another factor. */
  readonly rivals: readonly UnitConversion[];
  /** How unlike the two sides are as they stand, and once the earlier one is converted. */
  readonly unlike: number;
  readonly converted: number;
  readonly means: readonly [before: number, after: number];
}

/** Nothing is looked at where the two sides are less unlike than this. */
const leastStep = 0.3;
/** Cells hide so much of a good fit. A fit must also be as good as earlier stretches fit each other, and halve the unlikeness. */
const goodFit = 0.1;
/** Kolmogorov-Smirnov distance times √(nm/(n + m)) that two samples of the same law exceed once in a thousand times. */
const byChance = 1.95;
/** Ordinary drift moves a mean by less than so many standard deviations at once. */
const farther = 3;
/** Two fits closer than this are the same. */
const sameFit = 0.03;

/** Changes of unit in a column of numbers. */
export function unitChanges(series: ColumnSeries): FoundFault<UnitChange>[] {
  if (series.cells.kind !== "numeric" || !series.feature) return [];
  return scanColumn(series, unitJudge(conversionsFrom(series.feature.unit)));
}

function unitJudge(conversions: readonly UnitConversion[]): StepJudge<ColumnSeries, UnitChange> {
  return {
    scales,
    measure: apartAt,
    judge: (series, step, usual) => judgeStep(series, step, usual, conversions),
  };
}

function judgeStep(
  series: ColumnSeries,
  step: Step,
  usual: readonly number[],
  conversions: readonly UnitConversion[],
): UnitChange | undefined {
  const most = usual[Math.floor(usual.length * 0.9)];
  if (apartAt(series, step) < Math.max(leastStep, most ?? 0.5)) return undefined;
  if (step.before === "reference" && conversions.length === unitConversions.length) return undefined;
  if (!series.values(step.after) && liesInOneCell(series, step)) return undefined;
  const [before, after] = spreadsOf(series, step.before, step.after);
  if (before.rows < leastRows || after.rows < leastRows) return undefined;
  const unlike = unlikeness(before, after);
  const fits = conversions
    .map((conversion) => ({ conversion, misfit: unlikeness(before, after, conversion) }))
    .sort((a, b) => a.misfit - b.misfit);
  const [best] = fits;
  const chance = byChance * Math.sqrt(1 / before.rows + 1 / after.rows);
  const allowed = Math.min(unlike / 2, Math.max(goodFit, usual.at(-1) ?? 0, chance));
  if (!best || best.misfit > allowed || !beatsDrift(before, after, best.misfit)) return undefined;
  if (keepsItsValues(series, step) || wasThereBefore(series, step, after, best.misfit)) return undefined;
  const { conversion, misfit } = best;
  return {
    conversion,
    rivals: fits
      .slice(1)
      .filter((one) => one.misfit <= misfit + sameFit && one.conversion.factor !== conversion.factor)
      .map((one) => one.conversion),
    unlike,
    converted: misfit,
    means: [before.mean, after.mean],
    lasts: (window) => lasts(series, step, conversion, window),
  };
}

function apartAt(series: ColumnSeries, { before, after }: Step): number {
  return series.apart(before, after);
}

/** Fewer numbers than this on one side of a step say nothing. */
const leastRows = 30;

/** Where all values share a cell, nothing is known of how they are spread; beyond the reference at least their mean moved far. */
function liesInOneCell({ cells, counts }: ColumnSeries, { before, after }: Step): boolean {
  const { counts: now } = counts(after);
  const numbers = now.subarray(0, -2);
  const rows = numbers.reduce((sum, count) => sum + count, 0);
  const cell = numbers.findIndex((count) => count >= oneCell * rows);
  if (cell < 0) return false;
  const isOutside = cell === 0 || (cells.kind === "numeric" && cell === cells.starts.length);
  return before === "reference" || !isOutside;
}

/** So many of the numbers in a cell are as good as all. */
const oneCell = 0.99;

/** A conversion must explain more than the best shift does, unless no ordinary drift goes so far at once. */
function beatsDrift(before: Spread, after: Spread, misfit: number): boolean {
  const shift = { factor: 1, offset: after.mean - before.mean };
  if (Math.abs(shift.offset) > farther * Math.max(before.deviation, after.deviation)) return true;
  return misfit < unlikeness(before, after, shift) - sameFit;
}

/** Values that had a cell of their own, zero aside, fall beside it once they are converted: most of them gone is needed. */
function keepsItsValues(series: ColumnSeries, { before, after }: Step): boolean {
  const earlier = shareInAtoms(
    series.cells,
    before === "reference" ? series.reference : series.counts(before),
  );
  return earlier >= tellingShare && shareInAtoms(series.cells, series.counts(after)) > earlier / 2;
}

/** Below this share single values say nothing. */
const tellingShare = 0.1;

function shareInAtoms(cells: ColumnCells, { counts }: PooledCounts): number {
  if (cells.kind !== "numeric") return 0;
  const { starts, type } = cells;
  let [inside, all] = [0, 0];
  for (let cell = 0; cell <= starts.length; cell++) {
    const [low, high] = [starts[cell - 1], starts[cell]];
    if (low === 0) continue;
    all += counts[cell]!;
    if (low !== undefined && high === nextNumber(type, low)) inside += counts[cell]!;
  }
  return all === 0 ? 0 : inside / all;
}

/** A calm week after a windy one is no change of unit where there were calm weeks before, or the reference is like it. */
function wasThereBefore(
  series: ColumnSeries,
  { before, well, after }: Step,
  now: Spread,
  misfit: number,
): boolean {
  if (before === "reference") return false;
  const spans = well.slice(after.length - 1).map((_, from) => well.slice(from, from + after.length));
  const others: readonly (readonly number[] | "reference")[] = ["reference", ...spans];
  return others.some((span) => unlikeness(spreadsOf(series, span, after)[0], now) < misfit + sameFit);
}

/** A window still has it while it is nearer to what was converted than to what was before. */
function lasts(series: ColumnSeries, { before }: Step, conversion: UnitConversion, window: number): boolean {
  const [earlier, now] = spreadsOf(series, before, [window]);
  const distance = (line?: UnitConversion) => unlikeness(earlier, now, line) + meansApart(earlier, now, line);
  return now.rows === 0 || distance(conversion) < distance();
}
