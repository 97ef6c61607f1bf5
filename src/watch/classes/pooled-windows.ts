import { type ColumnCells, type ColumnCounters, type Count, toNumber } from "../../profile/index.ts";
import { cellsApart } from "./shares.ts";
import type { PooledCounts } from "./spread.ts";

/** Counters of one column by window, to be added up over any of them. */
export interface PooledWindows {
  /** Counters of some windows added up. */
  counts(windows: readonly number[]): PooledCounts;
  /** How unlike two sets of windows are by their cells: {@link cellsApart}, without a list made for either. */
  apart(before: readonly number[], after: readonly number[]): number;
  /** The same of the windows from one up to another, and from there up to a third. */
  apartAt(from: number, at: number, to: number): number;
}

/**
 * Sums over windows in a row come from sums up to each window, so that a long stretch costs no more than a short one. All
 * windows share one list: thousands of small ones keep the collector busy.
 */
export function pooledWindows(
  column: ColumnCells,
  byWindow: readonly ColumnCounters[],
  { counts: { length: cells }, sums: { length: summed } }: PooledCounts,
): PooledWindows {
  const width = cells + summed;
  const each = new Float64Array(byWindow.length * width);
  const upTo = new Float64Array((byWindow.length + 1) * width);
  for (const [window, { counts, sums }] of byWindow.entries()) {
    const at = window * width;
    fill(each, at, counts);
    if (sums && summed > 0) fill(each, at + cells, sums);
    for (let cell = at; cell < at + width; cell++) upTo[cell + width] = upTo[cell]! + each[cell]!;
  }
  const split = (both: Float64Array): PooledCounts => ({
    counts: both.subarray(0, cells),
    sums: both.subarray(cells),
  });
  const counts = (windows: readonly number[]) => {
    const from = windows[0] ?? 0;
    if (windows.length === 1) return split(each.subarray(from * width, (from + 1) * width));
    const sum = new Float64Array(width);
    if (areInARow(windows)) {
      const [begin, end] = [from * width, (from + windows.length) * width];
      for (let cell = 0; cell < width; cell++) sum[cell] = upTo[end + cell]! - upTo[begin + cell]!;
    } else
      for (const window of windows)
        for (let cell = 0; cell < width; cell++) sum[cell]! += each[window * width + cell]!;
    return split(sum);
  };
  const apartIn = ([b0, b1]: Stretch, [a0, a1]: Stretch): number => {
    let [all, now] = [0, 0];
    for (let cell = 0; cell < cells; cell++) {
      all += upTo[b1 + cell]! - upTo[b0 + cell]!;
      now += upTo[a1 + cell]! - upTo[a0 + cell]!;
    }
    if (all === 0 || now === 0) return 0;
    let [sum, largest, variation] = [0, 0, 0];
    for (let cell = 0; cell < cells; cell++) {
      const gap = (upTo[b1 + cell]! - upTo[b0 + cell]!) / all - (upTo[a1 + cell]! - upTo[a0 + cell]!) / now;
      sum += gap;
      largest = Math.max(largest, Math.abs(sum));
      variation += Math.abs(gap) / 2;
    }
    return column.kind === "numeric" ? largest : variation;
  };
  const stretchOf = (windows: readonly number[]): Stretch => {
    const from = windows[0] ?? 0;
    return [from * width, (from + windows.length) * width];
  };
  return {
    counts,
    apart: (before, after) =>
      areInARow(before) && areInARow(after)
        ? apartIn(stretchOf(before), stretchOf(after))
        : cellsApart(column, counts(before), counts(after)),
    apartAt: (from, at, to) => apartIn([from * width, at * width], [at * width, to * width]),
  };
}

/** Where the sums before the first window stand, and those after the last. */
type Stretch = readonly [begin: number, end: number];

/** One after the other, none left out. */
function areInARow(windows: readonly number[]): boolean {
  return (windows.at(-1) ?? -1) - (windows[0] ?? 0) + 1 === windows.length;
}

function fill(list: Float64Array, at: number, counts: readonly Count[]): void {
  for (let cell = 0; cell < counts.length; cell++) list[at + cell] = toNumber(counts[cell]!);
}
