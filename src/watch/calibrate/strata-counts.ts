import type { CellIndices } from "../../profile/index.ts";
import type { Cuts } from "./stream-blocks.ts";

/** Counts of stretches of rows between cuts by stratum and cell, all columns side by side. */
export interface StrataCounts {
  /** Adds the counts by stratum, then by cell, of the rows from one cut to so many cuts later, going round at the end. */
  add(into: Float64Array, cut: number, cuts: number): void;
}

/** Cumulative counts are kept in at most about this many numbers. */
const mostMarks = 2 ** 24;

/** So many cuts can be counted at. */
export function mostCutsFor(width: number, strata: number): number {
  return Math.max(1, Math.floor(mostMarks / (width * strata)));
}

/** Prepares counting: cumulative counts stand at every cut. */
export function strataCounts(
  columns: readonly CellIndices[],
  offsets: readonly number[],
  { of, strata, cuts }: { readonly of: ArrayLike<number>; readonly strata: number; readonly cuts: Cuts },
): StrataCounts {
  const width = offsets.at(-1)!;
  const size = width * strata;
  const steps = cuts.length - 1;
  const cumulative = new Int32Array(cuts.length * size);
  const running = new Int32Array(size);
  for (let cut = 1; cut <= steps; cut++) {
    for (const [column, cells] of columns.entries()) {
      const offset = offsets[column]!;
      for (let row = cuts[cut - 1]!; row < cuts[cut]!; row++)
        running[of[row]! * width + offset + cells[row]!]!++;
    }
    cumulative.set(running, cut * size);
  }
  const addStretch = (into: Float64Array, from: number, to: number) => {
    const [low, high] = [from * size, to * size];
    for (let at = 0; at < size; at++) into[at]! += cumulative[high + at]! - cumulative[low + at]!;
  };
  return {
    add(into, cut, count) {
      addStretch(into, cut, Math.min(steps, cut + count));
      if (cut + count > steps) addStretch(into, 0, cut + count - steps);
    },
  };
}
