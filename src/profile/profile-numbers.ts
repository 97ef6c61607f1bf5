import { BatonError } from "../kernel/index.ts";
import { cellSums } from "./cell-sums.ts";
import { type NumericCells, unitFor } from "./cells.ts";
import type { ColumnCounters } from "./counters.ts";
import { type Cutting, cellCutter, mostCells } from "./cut-cells.ts";
import type { NumberValues } from "./profile-source.ts";

/** What is known of a column of numbers beside its counters, over its finite values. */
export interface NumericFacts {
  readonly distinct: number;
  /** Absent where there is no finite value. */
  readonly finite?: {
    readonly min: number;
    /** The value of 0-based rank ⌊n/2⌋. */
    readonly median: number;
    readonly max: number;
    readonly mean: number;
    /** Of the population (divided by n). */
    readonly standardDeviation: number;
  };
}

/** Cells, what the reference counts on them, and facts, of a column of numbers. */
export interface ProfiledNumbers {
  readonly cells: NumericCells;
  readonly counters: ColumnCounters;
  readonly facts: NumericFacts;
}

/** Cells at the exact quantiles of a column and its own counters on them, in one ascending walk in constant memory. */
export async function profileNumbers(source: NumberValues, cutting: Cutting): Promise<ProfiledNumbers> {
  const [min, max] = source.bounds ?? [0, 0];
  const unit = unitFor(Math.max(Math.abs(min), Math.abs(max)));
  const cutter = cellCutter(source.finite, cutting);
  const moments = newMoments(unit * 2 ** 34);
  const overflow = mostCells(cutting) + 1;
  const sums = cellSums(overflow + 1, unit);
  let previous = Number.NEGATIVE_INFINITY;
  for await (const { values, counts } of source.ascending())
    for (let index = 0; index < values.length; index++) {
      const value = values[index]! + 0;
      const count = counts[index]!;
      if (value < previous) throw new BatonError("internal", "A profile source gave numbers out of order.");
      previous = value;
      if (isFinitely(value)) {
        sums.add(cutter.place(value, count), value, count);
        moments.add(value, count);
      } else sums.add(value > 0 && source.finite > 0 ? overflow : 0, value, count);
    }
  const starts = cutter.starts();
  const counters = arrange(sums, starts.length, overflow, source.missing + source.notANumber);
  const finite = starts.length > 0 && { min, median: cutter.median(), max, ...moments.facts() };
  return {
    cells: { kind: "numeric", starts, unit },
    counters,
    facts: { distinct: source.distinct, ...(finite && { finite }) },
  };
}

/** True for numbers that may be a bound of a cell; the largest float64 has no number above it. */
export function isFinitely(value: number): boolean {
  return Math.abs(value) < Number.MAX_VALUE;
}

/** Counters in the order of the cells: what the walk counted, then overflow and missing; not-a-number stays zero. */
function arrange(
  sums: ReturnType<typeof cellSums>,
  starts: number,
  overflow: number,
  missing: number,
): ColumnCounters {
  const order = [...Array(Math.max(1, starts)).keys(), ...(starts > 0 ? [overflow] : [])];
  const [counts, totals] = [sums.counts(), sums.sums()];
  return {
    counts: [...order.map((cell) => counts[cell]!), missing, 0],
    sums: [...order.map((cell) => totals[cell]!), 0, 0],
  };
}

/** Welford's method with weights (West 1979), in ascending order and scaled by a power of two: the same bits every time. */
function newMoments(scale: number) {
  let total = 0;
  let mean = 0;
  let squares = 0;
  return {
    add(value: number, count: number) {
      const scaled = value / scale;
      total += count;
      const delta = scaled - mean;
      mean += (delta * count) / total;
      squares += delta * (scaled - mean) * count;
    },
    facts: () => ({
      mean: mean * scale + 0,
      standardDeviation: total > 0 ? Math.sqrt(Math.max(0, squares / total)) * scale : 0,
    }),
  };
}
