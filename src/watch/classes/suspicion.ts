import type { ErrorClassName } from "./error-classes.ts";

/** What one rule believes: to be settled with what the others believe. */
export interface Suspicion {
  readonly class: ErrorClassName;
  /** Clause that it is told of. */
  readonly clause: string;
  /** All clauses that it touches; the one above among them. */
  readonly clauses: readonly string[];
  /** Rows with it, by window. */
  readonly rows: ReadonlyMap<number, number>;
  /** What happened in these of its windows. */
  tell(rows: ReadonlyMap<number, number>): string;
  /** What is constant in it beside class and clause; part of the fingerprint. */
  readonly about?: string;
  /** The part of the traffic that it is about. */
  readonly slice?: string;
  /** Code of what was rejected. */
  readonly code?: string;
  readonly samples: readonly string[];
  /** By window: how far a distribution has moved at least, as a Jensen-Shannon distance; where it was measured. */
  readonly moved?: ReadonlyMap<number, number>;
  /** It may have another reason: any drift of a feature explains it. */
  readonly vague?: boolean;
}

/** Its windows, oldest first. */
export function windowsOf({ rows }: Suspicion): number[] {
  return [...rows.keys()].sort((a, b) => a - b);
}

/** All rows of a suspicion. */
export function totalOf(rows: ReadonlyMap<number, number>): number {
  return [...rows.values()].reduce((sum, count) => sum + count, 0);
}
