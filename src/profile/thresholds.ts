/** Thresholds of the detectors, calibrated on the reference to a false-alarm budget. Plain JSON, part of the profile. */
export interface ThresholdTable {
  readonly format_version: 1;
  /** At most this many alarms may begin in this many windows where nothing drifts, over the whole model. */
  readonly budget: { readonly alarms: number; readonly windows: number };
  /** λ: share of the decayed counters that each window replaces. */
  readonly decay: number;
  /** Rows of the reference, and of the contiguous blocks that were resampled. */
  readonly reference_rows: number;
  readonly block_rows: number;
  /** Hex digest that the resampling was seeded from. */
  readonly seed: string;
  /** Jensen-Shannon distance (base 2) below which a difference does not matter, however certain it is. */
  readonly effect_floor: number;
  /** Score above which rows in cells that are empty in the reference raise an alarm. */
  readonly rate_threshold: number;
  /** So many rows without a value say as much as one, where the reference has none: feeds fail for an hour, not for a row. */
  readonly absent_dispersion: number;
  /** Names of the columns judged together, in order. */
  readonly columns: readonly string[];
  /** Ascending by rows. */
  readonly sizes: readonly SizeThresholds[];
  /** What windows are compared within; absent where each is compared with the whole reference. */
  readonly strata?: Strata;
}

/** The reference, cut so that a window is compared with what is like it. Rows of all other strata are compared with the whole. */
export interface Strata {
  /** A cycle of the calendar, or the name of a feature. */
  readonly by: string;
  /** Strata that the reference knows enough of, ascending by `at`. */
  readonly known: readonly Stratum[];
}

/** One stratum of the reference. */
export interface Stratum {
  /** Its place in the cycle, from 0; or the counter of its category. */
  readonly at: number;
  /** Rows of the reference by cell, for each judged column; all add up to the rows of the stratum. */
  readonly counts: readonly (readonly number[])[];
}

/**
 * Turns a score as if rows were independent into one that windows of the reference bear out: intercept + slope · score.
 * 0 and 1 where rows are independent; dependent rows have a slope below 1.
 */
export type Correction = readonly [intercept: number, slope: number];

/** Thresholds at one number of rows per window. */
export interface SizeThresholds {
  readonly rows: number;
  /** Corrected score (−log₁₀ p) above which any location or shape detector raises an alarm. */
  readonly threshold: number;
  /** Per column; columns of categories have no location detector and carry [0, 1]. */
  readonly location: readonly Correction[];
  readonly shape: readonly Correction[];
  /**
   * Per column: by how much dependence between rows disperses shares (Rao and Scott 1984, first order). So many rows
   * say as much as one: rows beyond the reference's largest value come in clusters too.
   */
  readonly dispersion: readonly number[];
}
