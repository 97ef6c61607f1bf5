/**
 * Performance of a classifier estimated without labels from its calibrated scores (confidence-based performance
 * estimation). Blind to concept drift: where the same input comes to mean another outcome, it sees nothing.
 */
export interface EstimatedPerformance {
  /** Answered rows that it rests on. */
  readonly rows: number;
  /** Whether the scores mean what they say on rows the model was not fitted on; only `pass` makes the estimate good for triggers. */
  readonly calibration: "pass" | "fail" | "not-run";
  /** `roc_auc`, `accuracy`, `f1` …: only what can be estimated. */
  readonly metrics: Readonly<Record<string, number>>;
  /** 95 % intervals by metric. */
  readonly intervals: Readonly<Record<string, readonly [low: number, high: number]>>;
}
