import { type ColumnCounters, toNumber } from "../../profile/index.ts";

/** Exponentially decayed counters of one column: each window's counts, weighing (1 − λ) for each window since. */
export interface DecayedColumn {
  readonly counts: readonly number[];
  /** Σ weight² over rows: with the counts, how many undecayed rows say as much (Kish 1965). */
  readonly squares: number;
  /** Σ weight over windows. */
  readonly windows: number;
}

/** λ where nothing else is said: about the last 5 windows count, as much as 9 undecayed ones. */
export const defaultDecay = 0.2;

/** Nothing seen yet. */
export function emptyDecayed(cells: number): DecayedColumn {
  return { counts: new Array<number>(cells).fill(0), squares: 0, windows: 0 };
}

/**
 * The counters after one more window. Linear: merge replicas first (exactly), then decay. A window without rows leaves
 * them as they are.
 */
export function decayInto(before: DecayedColumn, window: ColumnCounters, decay: number): DecayedColumn {
  const added = window.counts.map(toNumber);
  const rows = added.reduce((sum, count) => sum + count, 0);
  if (rows === 0) return before;
  const keep = 1 - decay;
  return {
    counts: before.counts.map((count, cell) => count * keep + added[cell]!),
    squares: before.squares * keep * keep + rows,
    windows: before.windows * keep + 1,
  };
}

/** Windows that the decayed counters hold in effect, rounded up: until then what raised an alarm still weighs. */
export function memoryOf(decay: number): number {
  return Math.ceil((2 - decay) / decay);
}
