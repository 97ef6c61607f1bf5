/**
 * Performance of a classifier estimated without labels from its calibrated scores (confidence-based performance
 * estimation). Blind to concept drift: where the same input comes to mean another outcome, it sees nothing.
 */
export interface EstimatedPerformance {
  /** Answered rows that it rests on. */
  readonly rows: number;
  /** Whether the scores mean what they say on rows the model was not fitted on; only `pass` makes the estimate good for triggers. */
  readonly calibration: CalibrationCheck["outcome"];
  /** `roc_auc`, `accuracy`, `f1` …: only what can be estimated. */
  readonly metrics: Readonly<Record<string, number>>;
  /** 95 % intervals by metric, of what labels would show if nothing but chance were at work. */
  readonly intervals: Readonly<Record<string, readonly [low: number, high: number]>>;
  /** Estimated less measured, by metric; absent before labels have matured. */
  readonly error?: Readonly<Record<string, number>>;
}

/** Whether scores mean what they say on labelled rows that the model was not fitted on. */
export interface CalibrationCheck {
  /** `not-run` where the rows cannot tell. */
  readonly outcome: "pass" | "fail" | "not-run";
  readonly rows: number;
  /** Root mean square over score cells of share of positives less mean score, freed from what sampling adds. */
  readonly error: number;
  /** 95 % interval. */
  readonly interval: readonly [low: number, high: number];
  /** What the error may be. */
  readonly tolerance: number;
}

/** How far estimates of one metric were from what labels showed later. */
export interface EstimationError {
  /** Mature windows with both. */
  readonly windows: number;
  /** Mean of |estimated − measured|, and of estimated − measured. */
  readonly meanAbsoluteError: number;
  readonly bias: number;
  /** Share of windows whose measured value lies in the interval of the estimate. */
  readonly inside: number;
}

/** How far estimated performance may be believed. */
export interface EstimationReport {
  readonly calibration: CalibrationCheck;
  /** By metric; empty before labels have matured. */
  readonly errors: Readonly<Record<string, EstimationError>>;
}
