import { type Counts, totalOf } from "./compared-cells.ts";

/**
 * Population stability index, Σ (p − q) ln(p/q), over the given cells. Convention: shares are (count + ½)/(n + ½B) on
 * both sides, so that an empty cell has a finite effect; other tools clip shares instead and give other numbers.
 */
export function populationStability(reference: Counts, current: Counts, cells: readonly number[]): number {
  const pad = cells.length / 2;
  const [ofReference, ofCurrent] = [totalOf(reference, cells) + pad, totalOf(current, cells) + pad];
  let sum = 0;
  for (const cell of cells) {
    const p = (reference[cell]! + 0.5) / ofReference;
    const q = (current[cell]! + 0.5) / ofCurrent;
    sum += (p - q) * Math.log(p / q);
  }
  return sum;
}
