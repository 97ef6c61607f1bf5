import type { Task } from "../../contract/index.ts";
import type { ColumnCells } from "../../profile/index.ts";
import { type PerformanceReport, performanceReport } from "../report/performance-report.ts";
import type { SliceReport } from "../report/slice-report.ts";
import { sliceFinder } from "../slices/slice-finder.ts";
import { sliceLayout } from "../slices/slice-layout.ts";
import { countWrong } from "../wrong/count-wrong.ts";
import type { WrongPredictions, WrongWindow } from "../wrong/wrong-window.ts";
import type { LabelCounts, LabelledPredictions, LabelledWindow } from "./labelled-predictions.ts";

/** How good labelled predictions were, by the start of their window in milliseconds since 1970. */
export interface MeasuredPerformance {
  readonly counts: LabelCounts;
  readonly windows: ReadonlyMap<number, PerformanceReport>;
  /** The same with only the labels that had come when the window matured. */
  readonly inTime: ReadonlyMap<number, PerformanceReport>;
  /** Wrong predictions of mature windows; absent where the contract has no threshold. */
  readonly wrong?: WrongPredictions;
  /** Parts of the labelled predictions, worst first; absent where the contract names no slices. */
  readonly slices?: readonly SliceReport[];
  /** Labels of a window that had come by an instant; 0 where arrivals were not kept. */
  readonly arrivedBy: (start: number, atMs: number) => number;
}

/** What is needed to measure. */
export interface MeasureOptions {
  readonly task: Task;
  readonly windowMs: number;
  /** How long labels may take. */
  readonly delayMs: number;
  /** The instant at which it is asked what has matured, in milliseconds since 1970. */
  readonly atMs: number;
  /** Cells of the slices of the windows, in their order. */
  readonly slices?: readonly ColumnCells[];
  /** The probability that a score stands for, where it is known. */
  readonly probability?: ((score: number) => number) | undefined;
  /** Keep 8 bytes for each label, so that `arrivedBy` can tell. */
  readonly keepArrivals?: boolean;
}

/** Walks through all labelled windows once; of rows it keeps no more than when their labels came. */
export async function measurePerformance(
  labelled: Pick<LabelledPredictions, "windows" | "counts">,
  { task, windowMs, delayMs, atMs, slices = [], probability, keepArrivals = false }: MeasureOptions,
): Promise<MeasuredPerformance> {
  const windows = new Map<number, PerformanceReport>();
  const inTime = new Map<number, PerformanceReport>();
  const arrivals = new Map<number, Float64Array>();
  const wrong = new Map<number, WrongWindow>();
  const layout = sliceLayout(slices, mostWrongPlaces);
  const finder = sliceFinder(task, { columns: slices, windowMs });
  for await (const window of labelled.windows()) {
    const { start } = window;
    const maturesMs = start + windowMs + delayMs;
    const options = { task, mature: maturesMs <= atMs };
    const report = performanceReport(window, options);
    windows.set(start, report);
    if (options.mature) {
      finder?.add(window);
      const counted = task === "binary-classification" && countWrong(window, { layout, probability });
      if (counted) wrong.set(start, counted);
    }
    const early = arrivedBy(window, Math.min(atMs, maturesMs));
    inTime.set(start, early === window ? report : performanceReport(early, options));
    if (keepArrivals) arrivals.set(start, Float64Array.from(window.arrived).sort());
  }
  return {
    counts: labelled.counts(),
    windows,
    inTime,
    ...(wrong.size > 0 && { wrong: { windows: wrong, layout, expects: probability !== undefined } }),
    ...(finder && { slices: finder.reports() }),
    arrivedBy: (start, at) => countUpTo(arrivals.get(start) ?? new Float64Array(), at),
  };
}

/** Most slices by which the wrong predictions of each window are counted: what is kept grows with the windows. */
const mostWrongPlaces = 2000;

/** The same window with only the labels that had come by an instant; the window itself where that is all of them. */
function arrivedBy(window: LabelledWindow, atMs: number): LabelledWindow {
  const { arrived } = window;
  if (arrived.every((ms) => ms <= atMs)) return window;
  const had = (_: unknown, row: number) => arrived[row]! <= atMs;
  return {
    ...window,
    labels: window.labels.filter(had),
    scores: window.scores.filter(had),
    arrived: arrived.filter(had),
    contradicted: window.contradicted.filter(had),
    wrongNames: new Map(),
    ...(window.decisions && { decisions: window.decisions.filter(had) }),
    slices: window.slices.map((slice) => slice.filter(had)),
  };
}

/** How many numbers of an ascending array are at or below a bound. */
function countUpTo(ascending: Float64Array, bound: number): number {
  let [low, high] = [0, ascending.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! <= bound) low = middle + 1;
    else high = middle;
  }
  return low;
}
