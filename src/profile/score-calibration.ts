import type { Column } from "../contract/index.ts";
import { type ColumnCells, cellCount } from "./cells.ts";
import { numericTally } from "./column-tally.ts";
import { addCounts, type Count, isNatural } from "./count.ts";

/**
 * How often the score of a classifier came true, on labelled rows that the model was not fitted on: by cell of the first
 * output in `profile.outputs`. Estimated performance stands on it.
 */
export interface ScoreCalibration {
  readonly rows: number;
  /** Rows by score cell, in the order of the cells. */
  readonly counts: readonly Count[];
  /** Sum of their scores, in units of the cells. */
  readonly sums: readonly Count[];
  /** Of these rows, those whose label is positive. */
  readonly positives: readonly Count[];
}

/** Collects labelled answers. */
export interface CalibrationTally {
  /** Answers of one table with the labels of the same rows, as booleans; rows that lack either are left out. */
  add(scores: Column, labels: Column, answered: Uint8Array): void;
  /** Undefined where nothing was collected, or a score was no probability. */
  calibration(): ScoreCalibration | undefined;
}

/** Counts labelled answers by score cell; undefined for cells of a column that is no number. */
export function calibrationTally(cells: ColumnCells | undefined): CalibrationTally | undefined {
  if (cells?.kind !== "numeric") return undefined;
  const [all, positive] = [numericTally(cells), numericTally(cells)];
  let rows = 0;
  let probabilities = true;
  return {
    add(scores, labels, answered) {
      for (let row = 0; row < answered.length; row++) {
        if (answered[row] !== 1 || scores.missing?.[row] || labels.missing?.[row]) continue;
        const score = Number(scores.values[row]);
        if (!(score >= 0 && score <= 1)) probabilities = false;
        all.addValue(score, 1);
        if (Number(labels.values[row]) === 1) positive.addValue(score, 1);
        rows++;
      }
    },
    calibration() {
      if (rows === 0 || !probabilities) return undefined;
      const { counts, sums } = all.counters();
      return { rows, counts, sums: sums!, positives: positive.counters().counts };
    },
  };
}

/** What is wrong with a calibration that a file holds; undefined where nothing is. */
export function calibrationFault(
  calibration: ScoreCalibration,
  cells: ColumnCells | undefined,
): string | undefined {
  if (cells?.kind !== "numeric") return "the first output has no cells of numbers";
  const { rows, counts, sums, positives } = calibration;
  const size = cellCount(cells);
  if ([counts, sums, positives].some((list) => list.length !== size)) return "it is of other cells";
  if (![...counts, ...sums, ...positives].every(isNatural)) return "a count is not a whole number";
  if (counts.reduce(addCounts, 0) !== rows) return "its counts do not add up to its rows";
  const more = counts.some((count, cell) => Number(positives[cell]) > Number(count));
  return more ? "a cell has more positives than rows" : undefined;
}
