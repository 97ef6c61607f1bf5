import type { Task } from "../../contract/index.ts";
import type { ColumnCells } from "../../profile/index.ts";
import { type PerformanceReport, performanceReport } from "../report/performance-report.ts";
import type { SliceReport } from "../report/slice-report.ts";
import { sliceFinder } from "../slices/slice-finder.ts";
import { sliceLayout } from "../slices/slice-layout.ts";
import { countWrong } from "../wrong/count-wrong.ts";
import type { WrongPredictions } from "../wrong/wrong-window.ts";
import {
  type CollectedAfter,
  isCollectedKept,
  type KnownMeasures,
  knownFirst,
  type MeasuredWindow,
  type PrintedWindow,
  type TakenMeasures,
} from "./known-measures.ts";
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
  /** To go on from next time; absent where windows have no prints. */
  readonly taken?: TakenMeasures;
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
  /** Keep 8 bytes for each label, so that `arrivedBy` can tell; then every window is read. */
  readonly keepArrivals?: boolean;
  /** Measurements of an earlier watch: windows of the same print are not measured again. */
  readonly known?: KnownMeasures | undefined;
}

/**
 * Walks through the labelled windows once, but for those that are known; of rows it keeps no more than when their labels
 * came.
 */
export async function measurePerformance(
  labelled: Pick<LabelledPredictions, "windows" | "counts" | "prints">,
  options: MeasureOptions,
): Promise<MeasuredPerformance> {
  const { task, windowMs, delayMs, atMs, slices = [], probability, keepArrivals = false } = options;
  const layout = sliceLayout(slices, mostWrongPlaces);
  const arrivals = new Map<number, Float64Array>();
  const isMature = (start: number) => start + windowMs + delayMs <= atMs;
  const past = pastOf(labelled.prints, keepArrivals ? { ...options, known: undefined } : options, isMature);
  const found = new Map(past.found);
  const finder = sliceFinder(task, { columns: slices, windowMs, before: past.collected?.slices });
  const collected: CollectedAfter[] = [];
  let seen = past.collected?.windows ?? 0;
  for await (const window of labelled.windows(past.isLeftOut)) {
    const { start } = window;
    const mature = isMature(start);
    if (mature && start > past.through) {
      finder?.add(window);
      seen++;
      if (finder && past.matures && isCollectedKept(seen, past.matures.length))
        collected.push({ windows: seen, slices: finder.collected() });
    }
    if (!found.has(start)) {
      const report = performanceReport(window, { task, mature });
      const early = arrivedBy(window, Math.min(atMs, start + windowMs + delayMs));
      const counted =
        mature && task === "binary-classification" && countWrong(window, { layout, probability });
      found.set(start, {
        performance: report,
        inTime: early === window ? report : performanceReport(early, { task, mature }),
        ...(counted && { wrong: counted }),
      });
    }
    if (keepArrivals) arrivals.set(start, Float64Array.from(window.arrived).sort());
  }
  const inOrder = [...found].sort(([a], [b]) => a - b);
  const wrong = inOrder.flatMap(([start, one]) => (one.wrong ? [[start, one.wrong] as const] : []));
  return {
    counts: labelled.counts(),
    windows: new Map(inOrder.map(([start, { performance }]) => [start, performance])),
    inTime: new Map(inOrder.map(([start, { inTime }]) => [start, inTime])),
    ...(wrong.length > 0 && {
      wrong: { windows: new Map(wrong), layout, expects: probability !== undefined },
    }),
    ...(finder && { slices: finder.reports() }),
    arrivedBy: (start, at) => countUpTo(arrivals.get(start) ?? new Float64Array(), at),
    ...(past.matures && {
      taken: {
        windows: past.matures,
        of: ({ start }) => found.get(start),
        collected: [...past.collectedBefore, ...collected],
        same: past.same,
      },
    }),
  };
}

/** What an earlier watch tells of the windows of this one. */
interface Past {
  /** Mature windows in the order of time; absent where windows have no prints. */
  readonly matures?: readonly PrintedWindow[];
  readonly same: number;
  readonly found: ReadonlyMap<number, MeasuredWindow>;
  /** What the slice finder goes on from, and what else of it stays. */
  readonly collected: CollectedAfter | undefined;
  /** Start of the last window that is in it. */
  readonly through: number;
  readonly collectedBefore: readonly CollectedAfter[];
  readonly isLeftOut: (start: number) => boolean;
}

function pastOf(
  prints: LabelledPredictions["prints"],
  { task, known, windowMs, slices = [] }: MeasureOptions,
  isMature: (start: number) => boolean,
): Past {
  if (!prints)
    return {
      same: 0,
      found: new Map(),
      collected: undefined,
      through: -Infinity,
      collectedBefore: [],
      isLeftOut: () => false,
    };
  const matures = [...prints]
    .map(([start, print]) => ({ start, print }))
    .filter(({ start }) => isMature(start));
  const same = knownFirst(matures, known);
  const usable = (known?.collected ?? []).filter(({ windows }) => windows <= same);
  const collected = usable.at(-1);
  const found = new Map(
    matures.flatMap((window) => {
      const measured = known?.of(window);
      return measured ? [[window.start, measured] as const] : [];
    }),
  );
  const collects = sliceFinder(task, { columns: slices, windowMs }) !== undefined;
  const through = matures[(collected?.windows ?? 0) - 1]?.start ?? -Infinity;
  return {
    matures,
    same,
    found,
    collected,
    through,
    collectedBefore: usable.filter(({ windows }) => isCollectedKept(windows, matures.length)),
    isLeftOut: (start) => found.has(start) && (!collects || start <= through),
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
