import { BatonError } from "../../kernel/index.ts";
import {
  type CellIndices,
  type ColumnCells,
  cellCount,
  type SizeThresholds,
  type Strata,
  type ThresholdTable,
} from "../../profile/index.ts";
import { defaultDecay } from "../detectors/decayed-counters.ts";
import type { RowStrata } from "../strata/row-strata.ts";
import { absentDispersion } from "./absent-dispersion.ts";
import { type RowCounts, rowCounts } from "./row-counts.ts";
import { sizeThresholds, upTo4Digits } from "./size-thresholds.ts";
import { type ReferenceWindows, windowLayouts } from "./window-layouts.ts";

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
  readonly windows: ReferenceWindows;
  /** What windows are compared within; the whole reference where absent. */
  readonly strata?: RowStrata | undefined;
  /** λ; 0.2 unless said otherwise. */
  readonly decay?: number;
  /** Jensen-Shannon distance below which no difference matters; 0 unless said otherwise. */
  readonly effectFloor?: number;
  /** Streams played for each size; 300 unless said otherwise. */
  readonly streams?: number;
  /** Told of each size before it is played. */
  readonly onSize?: (rows: number) => void;
}

const defaultStreams = 300;

/**
 * Thresholds at which a model without drift raises alarms at the rate of its budget, for the maximum over all detectors
 * of all columns, by playing streams resampled in contiguous blocks from the reference (block bootstrap, Künsch 1989). The
 * reference of each stream is resampled too, and each window compared with it less the blocks that it is of (jackknife).
 * The same input gives the same table.
 * @throws BatonError `configuration-invalid` when there is nothing to resample or columns differ in length
 */
export function calibrate(input: CalibrationInput): ThresholdTable {
  const steps = calibration(input);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** The same in turns: everything else that waits, a signal to end included, comes between two streams in a `pause`. */
export async function calibrateInTurns(
  input: CalibrationInput,
  pause: () => Promise<void>,
): Promise<ThresholdTable> {
  const steps = calibration(input);
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    await pause();
  }
}

function* calibration(input: CalibrationInput): Generator<void, ThresholdTable> {
  const {
    cells,
    rows,
    budget,
    seed,
    windows,
    strata,
    decay = defaultDecay,
    streams = defaultStreams,
  } = input;
  requireRows(input);
  const sizes = cells.map(cellCount);
  const counts = rowCounts(rows, sizes);
  const rate_threshold = upTo4Digits(rateThreshold(input, counts));
  const layouts = windowLayouts(windows, { rows, strata }, decay);
  const found: SizeThresholds[] = [];
  for (const layout of layouts) {
    input.onSize?.(layout.sizes[0]!);
    const own = layout.rows === rows ? counts : rowCounts(layout.rows, sizes);
    const blockRows = Math.max(1, Math.round((input.blockRows * own.rows) / counts.rows));
    const plan = { cells, budget, seed, blockRows, decay, streams, rateThreshold: rate_threshold };
    const thresholds = yield* sizeThresholds({ ...plan, counts: own, layout });
    for (const size of layout.sizes) found.push({ rows: size, ...thresholds });
  }
  return {
    format_version: 1,
    budget,
    decay,
    reference_rows: counts.rows,
    block_rows: input.blockRows,
    seed,
    effect_floor: input.effectFloor ?? 0,
    rate_threshold,
    absent_dispersion: upTo4Digits(absentDispersion(cells, counts, windows)),
    columns: cells.map(({ name }) => name),
    sizes: found,
    ...(strata && { strata: countedStrata(strata, input) }),
  };
}

/** Counts the reference rows by stratum. */
function countedStrata(
  { by, known, of }: RowStrata,
  { cells, rows }: Pick<CalibrationInput, "cells" | "rows">,
): Strata {
  const counts = known.map(() => cells.map((column) => new Array<number>(cellCount(column)).fill(0)));
  for (const [column, own] of rows.entries())
    for (let row = 0; row < own.length; row++) {
      const stratum = counts[of[row]!];
      if (stratum) stratum[column]![own[row]!]!++;
    }
  return { by, known: known.map((at, index) => ({ at, counts: counts[index]! })) };
}

function requireRows({ cells, rows, blockRows, windows, budget }: CalibrationInput): void {
  const length = rows[0]?.length ?? 0;
  const sizes = "sizes" in windows ? windows.sizes : [windows.edges.length - 1];
  const whole = [blockRows, ...sizes].every((size) => Number.isSafeInteger(size) && size > 0);
  const even = cells.length === rows.length && rows.every((column) => column.length === length);
  if (length > 0 && even && whole && sizes.length > 0 && budget.alarms > 0 && budget.windows > 0) return;
  throw new BatonError("configuration-invalid", "Thresholds cannot be calibrated from this reference.", {
    next: "Give reference rows for every column, and positive sizes and budget.",
  });
}

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
  return Math.max(0, -Math.log10((budget.alarms / budget.windows) * (part / Math.max(1, empty))));
}
