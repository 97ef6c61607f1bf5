/** A part of the labelled predictions where the model does worse than on the rest. */
export interface SliceReport {
  /** `origin = "EWR"`, `origin = "EWR" and carrier = "EV"`. */
  readonly slice: string;
  /** Clauses of the features that make the slice. */
  readonly clauses: readonly string[];
  readonly rows: number;
  readonly share: number;
  readonly metric: string;
  readonly inside: number;
  readonly outside: number;
  /** 95 % interval of inside − outside. */
  readonly difference: readonly [low: number, high: number];
  /** After Benjamini-Hochberg over all slices that were looked at. */
  readonly p: number;
  readonly significant: boolean;
}
