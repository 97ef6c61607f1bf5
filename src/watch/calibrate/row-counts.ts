import type { CellIndices } from "../../profile/index.ts";

/** Counts of stretches of rows, all columns side by side. */
export interface RowCounts {
  readonly rows: number;
  /** Where each column's counters begin; the number of all counters last. */
  readonly offsets: readonly number[];
  /** Adds the counts of `length` rows from `start` on, going round at the end. */
  add(into: Float64Array, start: number, length: number): void;
}

/** Cumulative counts are kept in at most about this many numbers. */
const mostMarks = 2 ** 24;

/** Prepares counting of any stretch of rows at a cost that hardly grows with its length. */
export function rowCounts(columns: readonly CellIndices[], sizes: readonly number[]): RowCounts {
  const rows = columns[0]?.length ?? 0;
  const offsets = [0];
  for (const size of sizes) offsets.push(offsets.at(-1)! + size);
  const width = offsets.at(-1)!;
  // They stand at every so many rows; what is between is walked.
  const stride = Math.max(8, Math.ceil((rows * width) / mostMarks));
  const marks = Math.floor(rows / stride) + 1;
  const cumulative = new Int32Array(marks * width);

  const walk = (into: Float64Array, from: number, to: number) => {
    for (let column = 0; column < columns.length; column++) {
      const cells = columns[column]!;
      const offset = offsets[column]!;
      for (let row = from; row < to; row++) into[offset + cells[row]!]!++;
    }
  };
  const running = new Float64Array(width);
  for (let mark = 1; mark < marks; mark++) {
    walk(running, (mark - 1) * stride, mark * stride);
    cumulative.set(running, mark * width);
  }

  const addStretch = (into: Float64Array, from: number, to: number) => {
    const first = Math.ceil(from / stride);
    const last = Math.floor(to / stride);
    if (last - first < 2) return walk(into, from, to);
    walk(into, from, first * stride);
    const [low, high] = [first * width, last * width];
    for (let cell = 0; cell < width; cell++)
      into[cell]! += cumulative[high + cell]! - cumulative[low + cell]!;
    walk(into, last * stride, to);
  };
  return {
    rows,
    offsets,
    add(into, start, length) {
      let from = start % rows;
      let left = length;
      while (left > 0) {
        const to = Math.min(rows, from + left);
        addStretch(into, from, to);
        left -= to - from;
        from = 0;
      }
    },
  };
}
