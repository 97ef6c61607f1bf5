import type { Count } from "./count.ts";

/**
 * How often the score of a classifier came true, on labelled rows that the model was not fitted on: by cell of the first
 * output in `profile.outputs`. Estimated performance stands on it.
 */
export interface ScoreCalibration {
  readonly rows: number;
  /** Rows by score cell, in the order of the cells. */
  readonly counts: readonly Count[];
  /** Of these, rows whose label is positive. */
  readonly positives: readonly Count[];
}
