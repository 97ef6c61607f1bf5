import { type ChiSquare, chiSquare, lnChiSquareP } from "../distances/chi-square.ts";
import type { ComparedCells, Counts } from "../distances/compared-cells.ts";
import { totalOfFirst } from "../distances/compared-cells.ts";
import { lnEmptyCellP } from "../distances/empty-cell-rate.ts";
import { distanceAtEdges, scaledDistance } from "../distances/kolmogorov-smirnov.ts";
import { lnKolmogorovTail } from "../distances/kolmogorov-tail.ts";

/** −log₁₀ of a probability given as its natural logarithm: the scale on which all detectors meet. */
export function scoreOf(lnP: number): number {
  return -lnP / Math.LN10 + 0;
}

/** Location statistic on decayed counters: √(effective size) · max |F − G|; `scale` is effective rows per decayed row. */
export function locationStatistic(
  reference: Counts,
  decayed: Counts,
  { ordered }: ComparedCells,
  scale: number,
): number {
  const distance = distanceAtEdges(reference, decayed, ordered);
  return scaledDistance(distance, totalOfFirst(reference, ordered), totalOfFirst(decayed, ordered) * scale);
}

/** Score of the location detector (EWMA-KS) as if rows were independent. */
export function locationScore(statistic: number): number {
  return scoreOf(lnKolmogorovTail(statistic));
}

/** Shape statistic on decayed counters: two-sample chi² of the effective rows. */
export function shapeStatistic(
  reference: Counts,
  decayed: Counts,
  { held }: ComparedCells,
  scale: number,
): ChiSquare {
  return chiSquare(reference, decayed, held, scale);
}

/** Score of the shape detector (EWMA-chi²) as if rows were independent. */
export function shapeScore(shape: ChiSquare): number {
  return scoreOf(lnChiSquareP(shape));
}

/** Score of the rate detector: the least likely of the cells that are empty in the reference, and which it is. */
export function rateScore(
  decayed: Counts,
  empty: readonly number[],
  rows: number,
  referenceRows: number,
): { readonly score: number; readonly cell?: number } {
  let [score, at] = [0, -1];
  for (const cell of empty) {
    const one = scoreOf(lnEmptyCellP(decayed[cell]!, rows, referenceRows));
    if (one > score) [score, at] = [one, cell];
  }
  return at < 0 ? { score } : { score, cell: at };
}
