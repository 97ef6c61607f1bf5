import { type NumericCells, unitCap } from "../../../profile/index.ts";
import { leastRows } from "../../distances/column-distances.ts";
import type { ColumnSeries } from "../column-series.ts";
import { type FoundFault, type StepFault, scanColumn } from "../scan-column.ts";
import type { PooledCounts } from "../spread.ts";
import type { Scale, Step } from "../steps.ts";

/** A column of numbers that stands still. */
export interface StaleFeed extends StepFault {
  /** Means of the first windows in which it does. */
  readonly means: readonly number[];
}

/** Four windows that all say the same: less may be chance. */
const scale: Scale = { before: 7, after: 4 };
/** Where nothing is new from window to window, and at most so much never was before. */
const still = 0.99;
const lively = 0.9;
/** A still mean moves by less than this share of what it usually moves by. */
const stillness = 0.05;

/** Columns whose values stay what they were: the feed behind them has stopped. */
export function staleFeeds(series: ColumnSeries): FoundFault<StaleFeed>[] {
  const { cells, feature } = series;
  if (!feature || cells.kind !== "numeric") return [];
  const all = Array.from({ length: series.length }, (_, window) => series.counts([window]));
  const seen: Seen = {
    repeated: repetition(series, cells),
    means: all.map((one) => meanOf(cells, one)),
    widths: all.map(effectiveCells),
  };
  return scanColumn(series, {
    scales: [scale],
    measure: (_, { at }) => (at === 0 ? 0 : seen.repeated(at - 1, at)),
    judge: (_, step, usual) => judge(series, cells, { step, usual, seen }),
  });
}

interface Judged {
  readonly step: Step;
  readonly usual: readonly number[];
  readonly seen: Seen;
}

/** What is looked at again and again, by window. */
interface Seen {
  readonly repeated: (earlier: number, window: number) => number;
  readonly means: readonly number[];
  readonly widths: readonly number[];
}

function judge(
  series: ColumnSeries,
  cells: NumericCells,
  { step, usual, seen }: Judged,
): StaleFeed | undefined {
  const { after, before } = step;
  if (after.length < scale.after || before === "reference") return undefined;
  // A column that repeats itself at times, as rain does on dry days, cannot be told to stand still.
  if (usual.length === 0 || usual.at(-1)! >= lively) return undefined;
  const pairs = after.slice(1).map((window, index) => [after[index]!, window] as const);
  const each = after.map((window) => series.counts([window]));
  if (each.some((one) => numbersOf(one) < leastRows || mostlyOutside(cells, one))) return undefined;
  const repeats = pairs.every((pair) => seen.repeated(...pair) >= still);
  if (!repeats && !standsStill(seen, step) && !fewCells(seen, step)) return undefined;
  const held = heldCells(series.counts(after));
  const [low, high] = extent(each.map((one) => meanOf(cells, one)));
  const deviation = deviationOf(cells, series.counts(before));
  if (high - low > deviation / 4) return undefined;
  const slack = Math.max(high - low, stillness * deviation);
  return {
    means: each.map((one) => meanOf(cells, one)),
    lasts(window) {
      const now = series.counts([window]);
      const mean = meanOf(cells, now);
      return within(now, held) && mean >= low - slack && mean <= high + slack;
    },
  };
}

/** Share of a window's numbers in cells whose mean is to the last digit what it was in an earlier window. */
function repetition(series: ColumnSeries, cells: NumericCells) {
  return (earlier: number, window: number): number => {
    const [before, now] = [series.counts([earlier]), series.counts([window])];
    let [same, all] = [0, 0];
    for (let cell = 0; cell <= cells.starts.length; cell++) {
      const [was, is] = [before.counts[cell]!, now.counts[cell]!];
      all += is;
      if (was > 0 && is > 0 && Math.abs(before.sums[cell]! / was - now.sums[cell]! / is) < 1) same += is;
    }
    return all === 0 ? 0 : same / all;
  };
}

/** The mean hardly moves in four windows, where it always moved before. */
function standsStill({ means }: Seen, { after, well }: Pick<Step, "after" | "well">): boolean {
  const move = (windows: readonly number[], index: number) =>
    Math.abs(means[windows[index]!]! - means[windows[index - 1]!]!);
  let [most, far] = [-Infinity, 0];
  for (let index = 1; index < after.length; index++) most = Math.max(most, move(after, index));
  for (let index = 1; index < well.length; index++) if (stillness * move(well, index) >= most) far++;
  return far > Math.max(0, well.length - 1) / 2;
}

/** A column that often fills fewer cells than this may well fill half of them. */
const manyCells = 4;

/** Every window fills less than half as many cells as any did before. */
function fewCells({ widths }: Seen, { after, well }: Pick<Step, "after" | "well">): boolean {
  const widest = Math.max(...after.map((window) => widths[window]!));
  return well.every((window) => widths[window]! >= manyCells && widest < widths[window]! / 2);
}

/** e to the entropy: as many equally filled cells say as much. */
function effectiveCells({ counts }: PooledCounts): number {
  const numbers = counts.subarray(0, -2);
  const rows = numbers.reduce((sum, count) => sum + count, 0);
  return Math.exp(
    -numbers.reduce((sum, count) => (count > 0 ? sum + (count / rows) * Math.log(count / rows) : sum), 0),
  );
}

function numbersOf({ counts }: PooledCounts): number {
  return counts.subarray(0, -2).reduce((sum, count) => sum + count, 0);
}

/** Most numbers lie so far beyond the reference that their sum is not known. */
function mostlyOutside({ starts }: NumericCells, one: PooledCounts): boolean {
  const { counts, sums } = one;
  const capped = [0, starts.length].filter((cell) => Math.abs(sums[cell]!) >= counts[cell]! * unitCap);
  return capped.reduce((sum, cell) => sum + counts[cell]!, 0) > numbersOf(one) / 2;
}

function heldCells({ counts }: PooledCounts): ReadonlySet<number> {
  return new Set([...counts.keys()].filter((cell) => counts[cell]! > 0));
}

function within({ counts }: PooledCounts, held: ReadonlySet<number>): boolean {
  return counts.every((count, cell) => count === 0 || held.has(cell));
}

function meanOf({ unit }: NumericCells, { counts, sums }: PooledCounts): number {
  const rows = numbersOf({ counts, sums });
  return rows === 0 ? 0 : (sums.reduce((sum, units) => sum + units, 0) * unit) / rows;
}

function deviationOf(cells: NumericCells, { counts, sums }: PooledCounts): number {
  const mean = meanOf(cells, { counts, sums });
  let [rows, squares] = [0, 0];
  for (let cell = 0; cell <= cells.starts.length; cell++) {
    if (counts[cell] === 0) continue;
    rows += counts[cell]!;
    squares += counts[cell]! * ((sums[cell]! * cells.unit) / counts[cell]! - mean) ** 2;
  }
  return rows === 0 ? 0 : Math.sqrt(squares / rows);
}

function extent(numbers: readonly number[]): readonly [number, number] {
  return [Math.min(...numbers), Math.max(...numbers)];
}
