import { type Counts, totalOf } from "./compared-cells.ts";

/** Hellinger distance, √(1 − Σ √(pq)), in [0, 1]; summed as ½Σ(√p − √q)², which does not cancel. NaN without rows. */
export function hellingerDistance(reference: Counts, current: Counts, cells: readonly number[]): number {
  const [ofReference, ofCurrent] = [totalOf(reference, cells), totalOf(current, cells)];
  let sum = 0;
  for (const cell of cells)
    sum += (Math.sqrt(reference[cell]! / ofReference) - Math.sqrt(current[cell]! / ofCurrent)) ** 2;
  return Math.sqrt(sum / 2);
}
