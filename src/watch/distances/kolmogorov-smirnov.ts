import { type Counts, totalOfFirst } from "./compared-cells.ts";
import { lnKolmogorovTail } from "./kolmogorov-tail.ts";

/** max |F − G| over the ends of the first `ordered` cells: a lower bound of the distance of the samples. */
export function distanceAtEdges(reference: Counts, current: Counts, ordered: number): number {
  const ofReference = totalOfFirst(reference, ordered);
  const ofCurrent = totalOfFirst(current, ordered);
  if (ofReference === 0 || ofCurrent === 0) return 0;
  let [below, belowCurrent, distance] = [0, 0, 0];
  for (let cell = 0; cell < ordered; cell++) {
    below += reference[cell]!;
    belowCurrent += current[cell]!;
    const gap = Math.abs(below / ofReference - belowCurrent / ofCurrent);
    if (gap > distance) distance = gap;
  }
  return distance;
}

/**
 * The interval in which the Kolmogorov-Smirnov distance of the two samples lies: from the distance at the cells' ends
 * up to what the values inside one cell can add. Within a cell F − G ≤ min(Δleft + p, Δright + q), and the mirror.
 * `isAtom` tells cells that hold one single value and add nothing.
 */
export function distanceInterval(
  reference: Counts,
  current: Counts,
  ordered: number,
  isAtom: (cell: number) => boolean,
): readonly [number, number] {
  const lower = distanceAtEdges(reference, current, ordered);
  const ofReference = totalOfFirst(reference, ordered);
  const ofCurrent = totalOfFirst(current, ordered);
  if (ofReference === 0 || ofCurrent === 0) return [0, 1];
  let [left, upper] = [0, lower];
  for (let cell = 0; cell < ordered; cell++) {
    const p = reference[cell]! / ofReference;
    const q = current[cell]! / ofCurrent;
    const right = left + p - q;
    if (!isAtom(cell)) upper = Math.max(upper, Math.min(left + p, right + q), Math.min(q - left, p - right));
    left = right;
  }
  return [lower, Math.min(1, upper)];
}

/** √(nN/(n + N)) · D, which follows the Kolmogorov distribution where nothing drifts. */
export function scaledDistance(distance: number, n: number, m: number): number {
  return n > 0 && m > 0 ? distance * Math.sqrt((n * m) / (n + m)) : 0;
}

/** ln of the asymptotic two-sample p-value of a distance (Smirnov 1939, effective size nN/(n + N)). */
export function lnKolmogorovSmirnovP(distance: number, n: number, m: number): number {
  return lnKolmogorovTail(scaledDistance(distance, n, m));
}
