import { unitsOf } from "./cells.ts";
import { type Count, countOf } from "./count.ts";

/** How many values each cell holds and what they sum to, exactly. */
export interface CellSums {
  /** Counts a value that is not NaN `times` times. */
  add(cell: number, value: number, times: number): void;
  /** Counts rows that have no number. */
  count(cell: number, times: number): void;
  counts(): Count[];
  /** In units. */
  sums(): Count[];
}

const half = 2 ** 52;

/** Zeros for `size` cells. */
export function cellSums(size: number, unit: number): CellSums {
  const counts = new Float64Array(size);
  // Sums stay below 2⁵³ in `near`, where float64 adds whole numbers exactly; what is more moves to `far`.
  const near = new Float64Array(size);
  const far = new Array<bigint>(size).fill(0n);
  return {
    add(cell, value, times) {
      counts[cell]! += times;
      const units = unitsOf(value, unit);
      const part = units * times;
      if (part > half || part < -half) {
        far[cell]! += BigInt(units) * BigInt(times);
        return;
      }
      const sum = near[cell]! + part;
      if (sum > half || sum < -half) {
        far[cell]! += BigInt(sum);
        near[cell] = 0;
      } else near[cell] = sum;
    },
    count(cell, times) {
      counts[cell]! += times;
    },
    counts: () => Array.from(counts, countOf),
    sums: () => Array.from(near, (sum, cell) => countOf(far[cell]! + BigInt(sum))),
  };
}
