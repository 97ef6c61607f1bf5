import type { Counters } from "../../profile/index.ts";

/** Whole numbers by name. Names are clauses and codes of the contract, never a caller's text. */
export type Tallies = Readonly<Record<string, number>>;

/** What was counted in one window of event time: integers only, so that adding is exact in any order. */
export interface WindowCounts {
  /** Milliseconds since 1970. */
  readonly start: number;
  /** Rows that were asked about, answered or not. */
  readonly rows: number;
  readonly answered: number;
  /** Rows whose event time the contract names and that had none, or none that can be read: arrival time counts. */
  readonly untimed: number;
  /** Calls whose latency was measured. */
  readonly calls: number;
  /** Calls by latency cell; cells that are not named hold none. */
  readonly latency: Tallies;
  /** Rows that got no answer, by the first clause they broke and its code: `features.carrier input.category`. */
  readonly rejected: Tallies;
  /** Calls that got an error in place of an answer, by its code, in the window of their arrival; absent where there were none. */
  readonly failed?: Tallies;
  /** Rows outside what is expected, by feature. */
  readonly outside: Tallies;
  /** Newest event time that a caller gave (newest arrival where the contract names none), in milliseconds since 1970. */
  readonly newest_event?: number;
  /** Newest arrival of a row, in milliseconds since 1970. */
  readonly newest_arrival?: number;
  /** Features of all rows, on the cells of the sealed profile. */
  readonly features: Counters;
  /** Outputs of all rows; those without an answer are missing. */
  readonly outputs: Counters;
}
