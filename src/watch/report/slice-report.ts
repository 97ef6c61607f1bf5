/** A part of the labelled predictions, with how well the model does there: beside the rest, and beside itself before. */
export interface SliceReport {
  /** `origin = "EWR"`, `origin = "EWR" and carrier = "EV"`. */
  readonly slice: string;
  /** Clauses of the features that make the slice. */
  readonly clauses: readonly string[];
  readonly rows: number;
  /** Of all labelled rows of mature windows. */
  readonly share: number;
  /** An error that adds up over rows, smaller is better: `brier`, or `mae` for regression. */
  readonly metric: string;
  readonly inside: number;
  readonly outside: number;
  /** 95 % interval of inside − outside. */
  readonly difference: readonly [low: number, high: number];
  /** One-sided, after Benjamini-Hochberg over all slices that were looked at. */
  readonly p: number;
  /** ROC AUC of a slice of one column, and its 95 % interval, where it is defined; scores that differ by less than 1 % of their odds count as equal. */
  readonly rocAuc?: {
    readonly value: number;
    readonly interval?: readonly [low: number, high: number];
  };
  /** Worse than the rest, certainly and by enough to matter. Some slices are just harder: it is no change. */
  readonly significant: boolean;
  /** The newest stretch of windows beside those before it; absent where there are too few rows or windows. */
  readonly change?: SliceChange;
}

/** How a slice has changed in its newest stretch, beyond how the rest has. */
export interface SliceChange {
  /** Start of the first window of the stretch, and end of its last. */
  readonly from: string;
  readonly until: string;
  readonly rows: number;
  readonly now: number;
  readonly before: number;
  /** 95 % interval of (now − before) less the same of the rest. */
  readonly difference: readonly [low: number, high: number];
  /** One-sided, after Benjamini-Hochberg over all slices that were looked at. */
  readonly p: number;
  /** Worse than before, and more so than the rest, certainly and by enough to matter. */
  readonly significant: boolean;
}
