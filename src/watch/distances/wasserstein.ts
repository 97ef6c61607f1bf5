import type { Counts } from "./compared-cells.ts";

/** What one side holds: counts of the cells of numbers, and sums of their values in units. */
export interface CellMoments {
  readonly counts: Counts;
  readonly sums: Counts;
}

/** The distance lies between `distance` and `distance + error`. */
export interface Wasserstein {
  readonly distance: number;
  readonly error: number;
}

/**
 * First Wasserstein distance, ∫|F − G|dx, divided by the reference standard deviation (Vallender 1974). Counts and
 * sums give ∫(F − G) of each cell exactly; taking its size misses at most ½(p + q)·width, and only where F and G can
 * cross inside the cell. Infinite values count as the largest sum that one value may add.
 */
export function wasserstein(
  { starts, unit }: { readonly starts: readonly number[]; readonly unit: number },
  reference: CellMoments,
  current: CellMoments,
  referenceDeviation: number,
): Wasserstein {
  const [f, g] = [sharesAndMeans(reference, starts, unit), sharesAndMeans(current, starts, unit)];
  let [left, distance, error] = [0, 0, 0];
  for (let cell = 0; cell <= starts.length; cell++) {
    const [p, q] = [f.shares[cell]!, g.shares[cell]!];
    // Beyond the outermost cells one side has no end: each tail's own integral is known, their overlap is not.
    const [end, width] =
      cell === 0
        ? [starts[0]!, Number.POSITIVE_INFINITY]
        : cell === starts.length
          ? [starts[cell - 1]!, Number.POSITIVE_INFINITY]
          : [starts[cell]!, starts[cell]! - starts[cell - 1]!];
    const [fPart, gPart] = [p * (end - f.means[cell]!), q * (end - g.means[cell]!)];
    if (Number.isFinite(width)) {
      distance += Math.abs(left * width + fPart - gPart);
      if (left - q < 0 && left + p > 0) error += ((p + q) * width) / 2;
    } else {
      distance += Math.abs(fPart - gPart);
      error += 2 * Math.min(Math.abs(fPart), Math.abs(gPart));
    }
    left += p - q;
  }
  return { distance: distance / referenceDeviation, error: error / referenceDeviation };
}

function sharesAndMeans({ counts, sums }: CellMoments, starts: readonly number[], unit: number) {
  const cells = starts.map((_, cell) => cell).concat(starts.length);
  const total = cells.reduce((sum, cell) => sum + counts[cell]!, 0);
  return {
    shares: cells.map((cell) => counts[cell]! / total),
    means: cells.map((cell) => (counts[cell]! > 0 ? (sums[cell]! / counts[cell]!) * unit : 0)),
  };
}
