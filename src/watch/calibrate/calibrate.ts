import { seededIntegers } from "../../evidence/index.ts";
import { BatonError, sha256 } from "../../kernel/index.ts";
import { type ColumnCells, cellCount } from "../../profile/index.ts";
import { defaultDecay } from "../detectors/decayed-counters.ts";
import {
  type Correction,
  corrected,
  type SizeThresholds,
  type ThresholdTable,
} from "../detectors/threshold-table.ts";
import { type CellIndices, type RowCounts, rowCounts } from "./row-counts.ts";
import { type StreamDetector, streamPlayer } from "./simulate-streams.ts";
import { climbOf, solveThreshold } from "./solve-threshold.ts";

/** What thresholds are calibrated from. */
export interface CalibrationInput {
  readonly cells: readonly ColumnCells[];
  /** Cell of each reference row, per column, rows in the order of time. */
  readonly rows: readonly CellIndices[];
  /** Rows of a contiguous block: longer than rows depend on each other; best a whole number of usual windows. */
  readonly blockRows: number;
  /** Alarms that may begin in so many windows without drift. */
  readonly budget: { readonly alarms: number; readonly windows: number };
  /** Hex SHA-256 over what the thresholds are for. */
  readonly seed: string;
  /** Rows per window to tabulate. */
  readonly windowSizes: readonly number[];
  /** λ; 0.2 unless said otherwise. */
  readonly decay?: number;
  /** Jensen-Shannon distance below which no difference matters; 0 unless said otherwise. */
  readonly effectFloor?: number;
  /** Streams played for each size; 300 unless said otherwise. */
  readonly streams?: number;
}

const defaultStreams = 300;
/** Windows played for each size, at most. */
const mostWindows = 100_000;
/** A window is put together from at most about this many blocks. */
const mostBlocks = 16;

/**
 * Thresholds at which a model without drift raises alarms at the rate of its budget, for the maximum over all detectors
 * of all columns, by playing streams resampled in contiguous blocks from the reference (circular block bootstrap,
 * Politis and Romano 1992). The reference of each stream is resampled too: it is a sample like the windows.
 * The same input gives the same table.
 * @throws BatonError `configuration-invalid` when there is nothing to resample or columns differ in length
 */
export function calibrate(input: CalibrationInput): ThresholdTable {
  const { cells, rows, budget, seed, windowSizes, decay = defaultDecay } = input;
  requireRows(input);
  const counts = rowCounts(rows, cells.map(cellCount));
  const rate_threshold = upTo4Digits(rateThreshold(input, counts));
  const sizes = [...new Set(windowSizes)].sort((a, b) => a - b);
  return {
    format_version: 1,
    budget,
    decay,
    reference_rows: counts.rows,
    block_rows: input.blockRows,
    seed,
    effect_floor: input.effectFloor ?? 0,
    rate_threshold,
    columns: cells.map(({ name }) => name),
    sizes: sizes.map((size) => thresholdsOf(input, { counts, size, decay, rateThreshold: rate_threshold })),
  };
}

function requireRows({ cells, rows, blockRows, windowSizes, budget }: CalibrationInput): void {
  const length = rows[0]?.length ?? 0;
  const whole = [blockRows, ...windowSizes].every((size) => Number.isSafeInteger(size) && size > 0);
  const even = cells.length === rows.length && rows.every((column) => column.length === length);
  if (length > 0 && even && whole && windowSizes.length > 0 && budget.alarms > 0 && budget.windows > 0)
    return;
  throw new BatonError("configuration-invalid", "Thresholds cannot be calibrated from this reference.", {
    next: "Give reference rows for every column, and positive sizes and budget.",
  });
}

function thresholdsOf(
  { cells, blockRows, budget, seed, streams = defaultStreams }: CalibrationInput,
  size: {
    readonly counts: RowCounts;
    readonly size: number;
    readonly decay: number;
    readonly rateThreshold: number;
  },
): SizeThresholds {
  const { counts, size: windowRows, decay, rateThreshold } = size;
  const player = streamPlayer({
    cells,
    counts,
    windowRows,
    decay,
    rateThreshold,
    blockRows: Math.max(
      Math.min(blockRows, counts.rows),
      Math.min(Math.ceil(windowRows / mostBlocks), Math.floor(counts.rows / 64)),
    ),
    below: seededIntegers(sha256(`${seed} ${windowRows}`)),
  });
  const rate = budget.alarms / budget.windows;
  const windows = Math.min(Math.max(100, Math.ceil(1 / rate)), Math.ceil(mostWindows / streams));
  const width = player.detectors.length;
  const scores = new Float32Array(streams * windows * width);
  for (let stream = 0; stream < streams; stream++) player.play(windows, scores, stream * windows * width);
  const corrections = player.detectors.map(({ kind }, at) =>
    kind === "rate" ? untouched : correctionOf(scores, at, width),
  );
  const climbs = Array.from({ length: streams }, (_, stream) =>
    climbOf(
      highest(
        scores.subarray(stream * windows * width, (stream + 1) * windows * width),
        corrections,
        player.detectors,
      ),
    ),
  );
  const perColumn = (wanted: StreamDetector["kind"]) =>
    cells.map((_, index) => {
      const at = player.detectors.findIndex(({ kind, column }) => kind === wanted && column === index);
      return corrections[at] ?? untouched;
    });
  return {
    rows: windowRows,
    threshold: upTo4Digits(solveThreshold(climbs, rate)),
    location: perColumn("location"),
    shape: perColumn("shape"),
    dispersion: player.dispersion().map((ratio) => upTo4Digits(Math.max(1, ratio))),
  };
}

/** The highest corrected score of each window; infinite where a rate detector raises an alarm. */
function highest(
  scores: Float32Array,
  corrections: readonly Correction[],
  detectors: readonly StreamDetector[],
): Float64Array {
  const width = detectors.length;
  const result = new Float64Array(scores.length / width);
  for (let window = 0; window < result.length; window++) {
    let most = 0;
    for (let at = 0; at < width; at++) {
      const score = scores[window * width + at]!;
      if (score === 0) continue;
      const one =
        detectors[at]!.kind === "rate" ? Number.POSITIVE_INFINITY : corrected(score, corrections[at]!);
      if (one > most) most = one;
    }
    result[window] = most;
  }
  return result;
}

/** The line through the scores that one window in 10 and one in 100 exceed: they ought to be 1 and 2. */
function correctionOf(scores: Float32Array, at: number, width: number): Correction {
  const own = Float32Array.from(
    { length: scores.length / width },
    (_, window) => scores[window * width + at]!,
  );
  own.sort();
  const [tenth, hundredth] = [own[Math.floor(own.length * 0.9)]!, own[Math.floor(own.length * 0.99)]!];
  if (!(hundredth > tenth)) return untouched;
  const slope = 1 / (hundredth - tenth);
  return [upTo4Digits(1 - slope * tenth), upTo4Digits(slope)];
}

const untouched: Correction = [0, 1];

/**
 * Cells that are empty in the reference cannot be resampled. Their tests are exact, so each gets its share of the
 * budget (Bonferroni): the rate detectors' part of all detectors, split among their cells.
 */
function rateThreshold({ cells, budget }: CalibrationInput, counts: RowCounts): number {
  const whole = new Float64Array(counts.offsets.at(-1)!);
  counts.add(whole, 0, counts.rows);
  const empty = whole.reduce((sum, count) => sum + (count === 0 ? 1 : 0), 0);
  const located = cells.filter(({ kind }) => kind === "numeric").length;
  const part = cells.length / (2 * cells.length + located);
  return -Math.log10((budget.alarms / budget.windows) * (part / Math.max(1, empty)));
}

/** Rounded up in the fourth digit: the same bytes wherever a logarithm differs in its last. */
function upTo4Digits(value: number): number {
  return Math.ceil(value * 1e4) / 1e4;
}
