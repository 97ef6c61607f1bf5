/** What a machine remembers of a history, so that a cut tail is found. */
export interface LastSeen {
  /** Ids of the heads. */
  readonly heads: readonly string[];
  /** Number of entries that counted. */
  readonly count: number;
}
