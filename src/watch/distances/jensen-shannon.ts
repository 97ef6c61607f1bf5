import { type Counts, totalOf } from "./compared-cells.ts";

/**
 * Jensen-Shannon distance in base 2, √(½KL(p‖m) + ½KL(q‖m)) with m = (p + q)/2, in [0, 1] (Endres and Schindelin 2003).
 * NaN where one side has no rows.
 */
export function jensenShannonDistance(reference: Counts, current: Counts, cells: readonly number[]): number {
  const [ofReference, ofCurrent] = [totalOf(reference, cells), totalOf(current, cells)];
  let sum = 0;
  for (const cell of cells) {
    const p = reference[cell]! / ofReference;
    const q = current[cell]! / ofCurrent;
    sum += part(p, q) + part(q, p);
  }
  return Math.sqrt(Math.min(1, Math.max(0, sum / 2)));
}

/** p log₂(2p/(p + q)). */
function part(p: number, q: number): number {
  return p > 0 ? p * Math.log2((2 * p) / (p + q)) : p * 0;
}
