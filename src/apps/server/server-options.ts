import type { Contract } from "../../contract/index.ts";
import type { Prediction, Predictor, RecordId } from "../../inference/index.ts";
import type { ErrorCode } from "../../kernel/index.ts";
import type { ServerLog } from "./server-log.ts";

/** What a server serves, and within which limits. */
export interface ServerOptions {
  readonly contract: Contract;
  readonly predictor: Predictor;
  /** Content digest of the hand-off, hexadecimal SHA-256. */
  readonly digest: string;
  /** `baton.yaml` as it was sealed. */
  readonly contractText: string;
  /** Why the baton would normally be refused; said in every response header. Empty: all is in order. */
  readonly irregular: readonly string[];
  /** Valid rows, for the examples of the API page; sensitive features are replaced before they are shown. */
  readonly examples: readonly Readonly<Record<string, unknown>>[];
  /** Version of the program. */
  readonly version: string;
  readonly limits: ServerLimits;
  readonly observer?: ServedObserver;
  readonly log?: ServerLog;
  /** Milliseconds of a clock that never goes back. */
  readonly clock: () => number;
}

/** Bounds that hold for every request. */
export interface ServerLimits {
  readonly bodyBytes: number;
  readonly rows: number;
  /** Requests being answered at once; more are turned away with 429. */
  readonly concurrent: number;
  /** Open connections; more are closed at once. */
  readonly connections: number;
  /** For receiving a request, and again for answering it. */
  readonly timeoutMs: number;
}

/** Sensible for tabular models: 16 MiB, 10,000 rows, 256 requests at once, 4,096 connections, 10 seconds. */
export const defaultLimits: ServerLimits = {
  bodyBytes: 16 * 1024 * 1024,
  rows: 10_000,
  concurrent: 256,
  connections: 4096,
  timeoutMs: 10_000,
};

/** One prediction request that was answered. */
export interface ServedCall {
  /** By row: the caller's id, or the one that was made up and sent back; in tensor requests the request's id and the row, `ID/0`, or null. */
  readonly ids: readonly RecordId[];
  /** The records as they came; absent in tensor requests. They hold whatever the caller sent, sensitive features too. */
  readonly records?: readonly unknown[];
  readonly prediction: Prediction;
  readonly durationMs: number;
}

/** Hook: sees every prediction after its reply was made, with ids. What it does cannot touch a reply. */
export interface ServedObserver {
  served(call: ServedCall): void;
  /** Sees the code of every prediction request that the server could not answer: too late, too many, or a fault of its own. */
  failed?(code: ErrorCode): void;
}
