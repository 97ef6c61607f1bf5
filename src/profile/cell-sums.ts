import { unitCap, unitsOf } from "./cells.ts";
import { type Count, countOf } from "./count.ts";

/** How many values each cell holds and what they sum to, exactly. */
export interface CellSums {
  /** Counts a value that is not NaN `times` times. */
  add(cell: number, value: number, times: number): void;
  /** Counts all rows of a column of float32, float64 or int32; rows without a number, or with NaN, count in the cell `missing`. */
  addRows(rows: NumberRows, search: CellSearch, missing: number): void;
  /** Counts rows that have no number. */
  count(cell: number, times: number): void;
  counts(): Count[];
  /** In units. */
  sums(): Count[];
}

/** Numbers of one column; 1 in `missing` where there is none. */
export interface NumberRows {
  readonly values: Float32Array | Float64Array | Int32Array;
  readonly missing: Uint8Array | undefined;
  readonly rows: number;
}

/** Starts of cells, filled up with NaN to a power of two, which is never at or below a value. */
export type CellSearch = Float64Array;

/** Makes starts ready to be searched. */
export function cellSearch(starts: readonly number[]): CellSearch {
  const search = new Float64Array(2 ** Math.ceil(Math.log2(starts.length + 1))).fill(Number.NaN);
  search.set(starts);
  return search;
}

const half = 2 ** 52;

/** So many values at their cap, added to a sum below {@link half}, stay below 2⁵³. */
const rowsAtOnce = half / 2 / unitCap;

/** Zeros for `size` cells. */
export function cellSums(size: number, unit: number): CellSums {
  const counts = new Float64Array(size);
  // Sums stay below 2⁵³ in `near`, where float64 adds whole numbers exactly; what is more moves to `far`.
  const near = new Float64Array(size);
  const far = new Array<bigint>(size).fill(0n);
  const span = { counts, near, perUnit: 1 / unit };
  const settle = () => {
    for (let cell = 0; cell < size; cell++) {
      far[cell]! += BigInt(near[cell]!);
      near[cell] = 0;
    }
  };
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
    addRows(column, search, missing) {
      for (let from = 0; from < column.rows; from += rowsAtOnce) {
        const to = Math.min(column.rows, from + rowsAtOnce);
        if (addSpan(span, column, { from, to, search, missing })) settle();
      }
    },
    count(cell, times) {
      counts[cell]! += times;
    },
    counts: () => Array.from(counts, countOf),
    sums: () => Array.from(near, (sum, cell) => countOf(far[cell]! + BigInt(sum))),
  };
}

interface Span {
  readonly from: number;
  readonly to: number;
  readonly search: CellSearch;
  /** The cell of rows without a number. */
  readonly missing: number;
}

/**
 * The one loop that every observed value goes through; true where a sum has become large. The search multiplies where one
 * would branch: which half a value lies in is as good as random, and a branch that is guessed wrongly costs more than all
 * the rest.
 */
function addSpan(
  {
    counts,
    near,
    perUnit,
  }: { readonly counts: Float64Array; readonly near: Float64Array; readonly perUnit: number },
  { values, missing: mask }: NumberRows,
  { from, to, search, missing }: Span,
): boolean {
  const first = search.length >> 1;
  let large = false;
  for (let row = from; row < to; row++) {
    const value = values[row]!;
    if ((mask !== undefined && mask[row] === 1) || Number.isNaN(value)) {
      counts[missing]!++;
      continue;
    }
    let cell = 0;
    for (let step = first; step > 0; step >>= 1) cell += step * +(search[cell + step - 1]! <= value);
    counts[cell]!++;
    const units = Math.round(value * perUnit);
    const sum = near[cell]! + (units > unitCap ? unitCap : units < -unitCap ? -unitCap : units);
    near[cell] = sum;
    if (sum > half || sum < -half) large = true;
  }
  return large;
}
