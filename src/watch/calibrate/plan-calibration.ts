import { defaultDecay, memoryOf } from "../detectors/decayed-counters.ts";
import { leastRows } from "../distances/column-distances.ts";
import { windowStart } from "../observe/event-time.ts";
import type { CalibrationInput } from "./calibrate.ts";
import type { TimeOrder } from "./time-order.ts";

/** How a reference is resampled. */
export type ResamplingPlan = Pick<CalibrationInput, "blockRows" | "windowSizes">;

const [day, week] = [86_400_000, 7 * 86_400_000];

/** Fewer blocks than this in the reference say too little of how blocks differ. */
const leastBlocks = 8;

/**
 * Blocks and window sizes for a reference, or why it holds too little. Blocks are as long as the detectors remember, in
 * whole weeks where windows divide a week, in whole days where that leaves too few blocks: rows depend on each other by
 * the hour of the day, the day of the week and the weather, and what a block does not hold together is taken for drift.
 * Window sizes: the median of the reference's windows, a quarter of it, and the largest.
 */
export function planCalibration(order: TimeOrder, windowMs: number): ResamplingPlan | string {
  return order.times ? fromWindows(rowsByWindow(order.times, windowMs), windowMs) : fromRows(order.rows);
}

function fromWindows(sizes: readonly number[], windowMs: number): ResamplingPlan | string {
  const memory = memoryOf(defaultDecay);
  const ascending = [...sizes].sort((a, b) => a - b);
  const median = ascending[ascending.length >> 1] ?? 0;
  if (sizes.length < 2 * memory)
    return `its rows lie in ${sizes.length} windows of watch.window, and ${2 * memory} are needed`;
  if (median * memory < leastRows)
    return `half of its windows hold at most ${median} rows, and ${Math.ceil(leastRows / memory)} are needed`;
  const most = Math.max(1, Math.floor(sizes.length / leastBlocks));
  const lengths = [week, day, windowMs].map((cycleMs) => {
    const cycle = cycleMs % windowMs === 0 ? cycleMs / windowMs : 1;
    return Math.ceil(memory / cycle) * cycle;
  });
  const windows = lengths.find((length) => length <= most) ?? most;
  const rows = sizes.reduce((sum, size) => sum + size, 0);
  const wanted = [Math.ceil(median / 4), median, ascending.at(-1)!];
  return { blockRows: Math.round((windows * rows) / sizes.length), windowSizes: [...new Set(wanted)] };
}

/** Without times nothing is known of windows: sizes that the rows allow, in blocks as long as the largest. */
function fromRows(rows: number): ResamplingPlan | string {
  const blockRows = Math.floor(rows / (4 * leastBlocks));
  if (blockRows < leastRows)
    return `it has ${rows} rows without a time, and ${4 * leastBlocks * leastRows} are needed`;
  const windowSizes: number[] = [];
  for (let size = leastRows; size < blockRows; size *= 4) windowSizes.push(size);
  return { blockRows, windowSizes: [...windowSizes, blockRows] };
}

function rowsByWindow(times: Float64Array, windowMs: number): number[] {
  const sizes: number[] = [];
  let last: number | undefined;
  for (const time of times) {
    const start = windowStart(time, windowMs);
    if (start === last) sizes[sizes.length - 1]!++;
    else sizes.push(1);
    last = start;
  }
  return sizes;
}
