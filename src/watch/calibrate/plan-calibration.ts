import { defaultDecay, memoryOf } from "../detectors/decayed-counters.ts";
import { leastRows } from "../distances/column-distances.ts";
import { windowStart } from "../observe/event-time.ts";
import type { CalibrationInput } from "./calibrate.ts";
import type { TimeOrder } from "./time-order.ts";

/** How a reference is resampled. */
export type ResamplingPlan = Pick<CalibrationInput, "blockRows" | "windows">;

const [day, week] = [86_400_000, 7 * 86_400_000];

/** Fewer blocks than this in the reference say too little of how blocks differ. */
const leastBlocks = 8;

/**
 * Blocks and window sizes for a reference, or why it holds too little. Blocks are as long as the detectors remember, in
 * whole weeks where windows divide a week, in whole days where that leaves too few blocks: rows depend on each other by
 * the hour of the day, the day of the week and the weather, and what a block does not hold together is taken for drift.
 * Windows shorter than a day are the reference's own: nights have few rows, and the few are alike. Longer ones begin at any row,
 * so that a day in progress, or a first one from noon on, is no drift; their sizes are the median of the reference's, a quarter
 * of it, and the largest. Without times they are of sizes that the rows allow.
 */
export function planCalibration(order: TimeOrder, windowMs: number): ResamplingPlan | string {
  return order.times ? fromWindows(windowEdges(order.times, windowMs), windowMs) : fromRows(order.rows);
}

function fromWindows(edges: Int32Array, windowMs: number): ResamplingPlan | string {
  const memory = memoryOf(defaultDecay);
  const count = edges.length - 1;
  const ascending = Array.from({ length: count }, (_, at) => edges[at + 1]! - edges[at]!).sort(
    (a, b) => a - b,
  );
  const median = ascending[ascending.length >> 1] ?? 0;
  if (count < 2 * memory)
    return `its rows lie in ${count} windows of watch.window, and ${2 * memory} are needed`;
  if (median * memory < leastRows)
    return `half of its windows hold at most ${median} rows, and ${Math.ceil(leastRows / memory)} are needed`;
  const most = Math.max(1, Math.floor(count / leastBlocks));
  const lengths = [week, day, windowMs].map((cycleMs) => {
    const cycle = cycleMs % windowMs === 0 ? cycleMs / windowMs : 1;
    return Math.ceil(memory / cycle) * cycle;
  });
  const windows = lengths.find((length) => length <= most) ?? most;
  const blockRows = Math.round((windows * edges[count]!) / count);
  if (windowMs < day) return { blockRows, windows: { edges } };
  // Of fewer rows than this no score is ever told, and none can be calibrated.
  const wanted = [Math.ceil(median / 4), median, ascending.at(-1)!].filter(
    (size) => size * memory >= leastRows,
  );
  return { blockRows, windows: { sizes: [...new Set(wanted)] } };
}

/** Without times nothing is known of windows: sizes that the rows allow, in blocks as long as the largest. */
function fromRows(rows: number): ResamplingPlan | string {
  const blockRows = Math.floor(rows / (4 * leastBlocks));
  if (blockRows < leastRows)
    return `it has ${rows} rows without a time, and ${4 * leastBlocks * leastRows} are needed`;
  const sizes: number[] = [];
  for (let size = leastRows; size < blockRows; size *= 4) sizes.push(size);
  return { blockRows, windows: { sizes: [...sizes, blockRows] } };
}

/** Rows at which windows begin, and the number of rows. */
function windowEdges(times: Float64Array, windowMs: number): Int32Array {
  const edges: number[] = [];
  let last: number | undefined;
  for (const [row, time] of times.entries()) {
    const start = windowStart(time, windowMs);
    if (start !== last) edges.push(row);
    last = start;
  }
  return Int32Array.from([...edges, times.length]);
}
