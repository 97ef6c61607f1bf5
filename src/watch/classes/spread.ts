import { type NumericCells, nextNumber } from "../../profile/index.ts";

/** How the numbers of a column are spread over some windows. */
export interface Spread {
  /** Finite numbers, and rows without one. */
  readonly rows: number;
  readonly missing: number;
  readonly mean: number;
  /** Standard deviation, exact for values, to within a cell for counters. */
  readonly deviation: number;
  /** Where {@link Spread.below} is exact, ascending. */
  readonly edges: readonly number[];
  /** Share of numbers below x; between edges it is interpolated. */
  below(x: number): number;
}

/** Counts of one column over some windows: cells in their order, sums in units. */
export interface PooledCounts {
  readonly counts: Float64Array;
  readonly sums: Float64Array;
}

interface Knot {
  readonly at: number;
  readonly below: number;
}

/** A spread out of counters: each cell's values lie half below and half above their mean. */
export function spreadOfCounts(
  { starts, unit, type }: NumericCells & { readonly type: Parameters<typeof nextNumber>[0] },
  { counts, sums }: PooledCounts,
): Spread {
  const numbers = starts.length + 1;
  let rows = 0;
  for (let cell = 0; cell < numbers; cell++) rows += counts[cell]!;
  const missing = counts.subarray(numbers).reduce((sum, count) => sum + count, 0);
  const knots: Knot[] = [];
  let [below, total, squares] = [0, 0, 0];
  for (let cell = 0; cell < numbers; cell++) {
    const count = counts[cell]!;
    if (count === 0) continue;
    const mean = (sums[cell]! * unit) / count;
    const [low, high] = [
      cell === 0 ? Math.min(mean, 2 * mean - (starts[0] ?? mean)) : starts[cell - 1]!,
      cell === numbers - 1 ? Math.max(mean, 2 * mean - starts[cell - 1]!) : starts[cell]!,
    ];
    knots.push({ at: low, below: below / rows }, { at: mean, below: (below + count / 2) / rows });
    below += count;
    knots.push({ at: Math.max(high, nextNumber(type, low)), below: below / rows });
    total += sums[cell]! * unit;
    squares += count * (mean ** 2 + (high - low) ** 2 / 12);
  }
  const mean = rows === 0 ? 0 : total / rows;
  return {
    rows,
    missing,
    mean,
    deviation: rows === 0 ? 0 : Math.sqrt(Math.max(0, squares / rows - mean ** 2)),
    edges: starts,
    below: (x) => between(knots, x),
  };
}

function between(knots: readonly Knot[], x: number): number {
  let [low, high] = [0, knots.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (knots[middle]!.at <= x) low = middle + 1;
    else high = middle;
  }
  const [left, right] = [knots[low - 1], knots[low]];
  if (!left) return 0;
  if (!right || right.at === left.at) return left.below;
  return left.below + ((x - left.at) / (right.at - left.at)) * (right.below - left.below);
}

/** A spread out of single values: exact everywhere. */
export function spreadOfValues(values: Float64Array, missing: number): Spread {
  const sorted = Float64Array.from(values).sort();
  const rows = sorted.length;
  const mean = rows === 0 ? 0 : sorted.reduce((sum, value) => sum + value, 0) / rows;
  const squares = sorted.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  return {
    rows,
    missing,
    mean,
    deviation: rows === 0 ? 0 : Math.sqrt(squares / rows),
    edges: everyNth(sorted),
    below: (x) => countBelow(sorted, x) / (rows || 1),
  };
}

/** Enough points to compare at. */
const mostEdges = 64;

function everyNth(sorted: Float64Array): number[] {
  const step = Math.max(1, Math.ceil(sorted.length / mostEdges));
  const edges: number[] = [];
  for (let at = 0; at < sorted.length; at += step) if (sorted[at] !== edges.at(-1)) edges.push(sorted[at]!);
  return edges;
}

function countBelow(sorted: Float64Array, x: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < x) low = middle + 1;
    else high = middle;
  }
  return low;
}
