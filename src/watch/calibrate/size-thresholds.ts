import { seededIntegers } from "../../evidence/index.ts";
import { sha256 } from "../../kernel/index.ts";
import type { ColumnCells, Correction, SizeThresholds } from "../../profile/index.ts";
import { corrected } from "../detectors/column-thresholds.ts";
import type { RowCounts } from "./row-counts.ts";
import { type StreamDetector, streamPlayer } from "./simulate-streams.ts";
import { climbOf, solveThreshold } from "./solve-threshold.ts";
import type { WindowLayout } from "./window-layouts.ts";

/** Windows played for each size, at most. */
const mostWindows = 100_000;
/** A window is put together from at most about this many blocks. */
const mostBlocks = 16;

/**
 * Where a column has both, location gets three parts of the budget and shape one (weighted Bonferroni, Genovese, Roeder
 * and Wasserman 2006): a small shift is what KS is slow at, and chi² loses little.
 */
const shapeHandicap = Math.log10(3);

const untouched: Correction = [0, 1];

/** What thresholds of one size are calibrated from. */
export interface SizePlan {
  readonly cells: readonly ColumnCells[];
  readonly counts: RowCounts;
  readonly layout: WindowLayout;
  readonly blockRows: number;
  readonly budget: { readonly alarms: number; readonly windows: number };
  readonly decay: number;
  readonly streams: number;
  readonly rateThreshold: number;
  readonly seed: string;
}

/**
 * Plays streams of one kind of windows, corrects each detector's scores by its own, and solves for the threshold. Yields after
 * each stream.
 */
export function* sizeThresholds(plan: SizePlan): Generator<void, Omit<SizeThresholds, "rows">> {
  const { cells, counts, layout, budget, streams } = plan;
  const [windowRows] = layout.sizes as [number];
  const player = streamPlayer({
    ...plan,
    ...layout,
    windowRows,
    blockRows: Math.max(
      Math.min(plan.blockRows, counts.rows),
      layout.edges ? 1 : Math.min(Math.ceil(windowRows / mostBlocks), Math.floor(counts.rows / 64)),
    ),
    below: seededIntegers(sha256(`${plan.seed} ${windowRows}`)),
  });
  const { detectors } = player;
  const rate = budget.alarms / budget.windows;
  const windows = Math.min(Math.max(100, Math.ceil(1 / rate)), Math.ceil(mostWindows / streams));
  const scores = new Float32Array(streams * windows * detectors.length);
  const perStream = windows * detectors.length;
  for (let stream = 0; stream < streams; stream++) {
    player.play(windows, scores, stream * perStream);
    yield;
  }

  const dispersion = player.dispersion().map((ratio) => upTo4Digits(Math.max(1, ratio)));
  const corrections = detectors.map((detector, at) =>
    detector.kind === "rate"
      ? ([0, 1 / dispersion[detector.column]!] as const)
      : correctionOf(scores, { at, width: detectors.length, handicap: handicapOf(detector, cells) }),
  );
  const climbs = Array.from({ length: streams }, (_, stream) => {
    const own = scores.subarray(stream * perStream, (stream + 1) * perStream);
    return climbOf(highest(own, { detectors, corrections, rateThreshold: plan.rateThreshold }));
  });
  const perColumn = (wanted: StreamDetector["kind"]) =>
    cells.map((_, index) => {
      const at = detectors.findIndex(({ kind, column }) => kind === wanted && column === index);
      return corrections[at] ?? untouched;
    });
  return {
    threshold: upTo4Digits(solveThreshold(climbs, rate)),
    location: perColumn("location"),
    shape: perColumn("shape"),
    dispersion,
  };
}

function handicapOf({ kind, column }: StreamDetector, cells: readonly ColumnCells[]): number {
  return kind === "shape" && cells[column]!.kind === "numeric" ? shapeHandicap : 0;
}

/** The highest corrected score of each window; infinite where a rate detector raises an alarm. */
function highest(
  scores: Float32Array,
  {
    detectors,
    corrections,
    rateThreshold,
  }: {
    readonly detectors: readonly StreamDetector[];
    readonly corrections: readonly Correction[];
    readonly rateThreshold: number;
  },
): Float64Array {
  const width = detectors.length;
  const result = new Float64Array(scores.length / width);
  for (let window = 0; window < result.length; window++) {
    let most = 0;
    for (let at = 0; at < width; at++) {
      const score = scores[window * width + at]!;
      if (score === 0) continue;
      const one = corrected(score, corrections[at]!);
      if (detectors[at]!.kind !== "rate") most = Math.max(most, one);
      else if (one > rateThreshold) most = Number.POSITIVE_INFINITY;
    }
    result[window] = most;
  }
  return result;
}

/** The line through the scores that one window in 10 and one in 100 exceed: they ought to be 1 and 2. */
function correctionOf(
  scores: Float32Array,
  { at, width, handicap }: { readonly at: number; readonly width: number; readonly handicap: number },
): Correction {
  const own = Float32Array.from(
    { length: scores.length / width },
    (_, window) => scores[window * width + at]!,
  );
  own.sort();
  const [tenth, hundredth] = [own[Math.floor(own.length * 0.9)]!, own[Math.floor(own.length * 0.99)]!];
  if (!(hundredth > tenth)) return untouched;
  const slope = 1 / (hundredth - tenth);
  return [upTo4Digits(1 - slope * tenth - handicap), upTo4Digits(slope)];
}

/** Rounded up in the fourth digit: the same bytes wherever a logarithm differs in its last. */
export function upTo4Digits(value: number): number {
  return Math.ceil(value * 1e4) / 1e4;
}
