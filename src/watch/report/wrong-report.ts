import type { Severity } from "../../kernel/index.ts";

/** Why the labelled predictions of mature windows that were wrong were wrong: each has exactly one class, so that they add up. */
export interface WrongReport {
  /** Labelled predictions of mature windows. */
  readonly rows: number;
  /** Those whose decision is not their label. */
  readonly wrong: number;
  /** So many are wrong by the calibrated scores where nothing has changed; absent where the profile has no calibration. */
  readonly expected?: number;
  /** In the order in which they are looked for: the first that holds counts. */
  readonly classes: readonly WrongClass[];
}

/** Where no prediction can be called wrong, why. */
export interface WrongUntold {
  readonly untold: string;
}

/** The wrong predictions of one class and owner. */
export interface WrongClass {
  /** Name in the taxonomy, or what the contract's `errors` call it. */
  readonly class: string;
  /** Role that is to act. */
  readonly owner: string;
  readonly severity: Severity;
  /** What to do by default. */
  readonly action: string;
  /** Rule of the contract that gave the class its name. */
  readonly rule?: string;
  /** What puts them there. */
  readonly reason: string;
  /** Clauses of the groups of errors that they belong to. */
  readonly clauses: readonly string[];
  /** Fingerprints of these groups; none where they belong to none. */
  readonly groups: readonly string[];
  /** Start of the first and end of the last window with such predictions, and how many windows there are. */
  readonly first: string;
  readonly last: string;
  readonly windows: number;
  /** Labelled predictions that the class speaks of, right or wrong; of all classes they add up to all rows. */
  readonly rows: number;
  readonly wrong: number;
  /** As for the whole, of these rows. */
  readonly expected?: number;
  readonly samples: readonly WrongPrediction[];
}

/** A wrong prediction as it is shown: nothing of features. */
export interface WrongPrediction {
  /** The name by which its label found it: an id, or the contract's `labels.key`. */
  readonly name: string;
  /** Start of its window. */
  readonly window: string;
  readonly score: number;
  readonly decision: boolean;
  readonly label: boolean;
}
