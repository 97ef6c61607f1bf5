import type { Contract, Table, Violation } from "../contract/index.ts";

/** What came out of one call. */
export interface Prediction {
  readonly rows: number;
  /** Outputs by name, for all rows; rows that were not answered hold zeros and are 0 in `answered`. */
  readonly outputs: Table;
  /** 1 where the row got an answer. */
  readonly answered: Uint8Array;
  /** 1, 0 by the first output's threshold; absent where the contract has none. */
  readonly decisions?: Uint8Array;
  /** Why rows were not answered, worst clause first within a row. */
  readonly rejections: readonly Violation[];
  /** What was served all the same. */
  readonly warnings: readonly Violation[];
  /** All violations found; of very many only some are kept as words. */
  readonly counts: { readonly rejections: number; readonly warnings: number };
  /** A sketch made these answers up: they keep to the contract and mean nothing. */
  readonly madeUp?: true;
}

/** The one path from values to answers, for CLI, library and server. */
export interface Predictor {
  readonly contract: Contract;
  /** Feature columns in, outputs out. Rows that break a hard clause are not run. */
  predict(table: Table): Promise<Prediction>;
  /** Records (one object a row) in; missing keys are missing values, unknown keys are rejected. */
  predictRecords(records: readonly unknown[]): Promise<Prediction>;
  close(): Promise<void>;
}

/** Hook: sees every call after its reply is made; must return at once and never throw. */
export interface PredictionObserver {
  observed(table: Table, prediction: Prediction, durationMs: number): void;
  /** Calls that were not shown, because the observer was still behind with earlier ones. */
  dropped?(calls: number): void;
}
