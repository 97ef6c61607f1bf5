import type { CellIndices } from "../../profile/index.ts";

/** Counts of stretches of rows by stratum and cell, all columns side by side. */
export interface StrataCounts {
  /** Stretches begin and end at multiples of so many rows. */
  readonly step: number;
  /** Adds the counts of so many rows by stratum, then by cell, going round at the end. */
  add(into: Float64Array, start: number, length: number): void;
}

/** Cumulative counts are kept in at most about this many numbers. */
const mostMarks = 2 ** 24;
/** More steps than this make no difference. */
const mostSteps = 1024;

/** Prepares counting: cumulative counts stand at every step. */
export function strataCounts(
  columns: readonly CellIndices[],
  offsets: readonly number[],
  { of, strata }: { readonly of: ArrayLike<number>; readonly strata: number },
): StrataCounts {
  const rows = of.length;
  const width = offsets.at(-1)!;
  const size = width * strata;
  const steps = Math.max(1, Math.min(mostSteps, rows, Math.floor(mostMarks / size)));
  const step = Math.ceil(rows / steps);
  const marks = Math.ceil(rows / step) + 1;
  const cumulative = new Int32Array(marks * size);
  const running = new Int32Array(size);
  for (let mark = 1; mark < marks; mark++) {
    const end = Math.min(rows, mark * step);
    for (const [column, cells] of columns.entries()) {
      const offset = offsets[column]!;
      for (let row = (mark - 1) * step; row < end; row++) running[of[row]! * width + offset + cells[row]!]!++;
    }
    cumulative.set(running, mark * size);
  }
  const addStretch = (into: Float64Array, start: number, end: number) => {
    const [low, high] = [(start / step) * size, Math.ceil(end / step) * size];
    for (let at = 0; at < size; at++) into[at]! += cumulative[high + at]! - cumulative[low + at]!;
  };
  return {
    step,
    add(into, start, length) {
      addStretch(into, start, Math.min(rows, start + length));
      if (start + length > rows) addStretch(into, 0, start + length - rows);
    },
  };
}
