import { chiSquareUpperQuantile } from "./gamma-tail.ts";
import { kolmogorovUpperQuantile } from "./kolmogorov-tail.ts";

/** What each distance stays below, with the given confidence, where nothing drifts and rows are independent. */
export interface NullQuantiles {
  readonly populationStability: number;
  readonly jensenShannon: number;
  readonly hellinger: number;
  readonly kolmogorovSmirnov: number;
}

const chiSquareQuantile = remembered((confidence, degreesOfFreedom) =>
  chiSquareUpperQuantile(1 - confidence, degreesOfFreedom),
);
const kolmogorovQuantile = remembered((confidence) => kolmogorovUpperQuantile(1 - confidence));

/**
 * Null laws, s = 1/N + 1/n: PSI ≈ s·χ²(B−1) (Yurdakul 2018); JS² in nats ≈ Hellinger² ≈ (s/8)·χ²(B−1);
 * KS ≈ √s · Kolmogorov.
 */
export function nullQuantiles(sizes: {
  readonly cells: number;
  readonly referenceRows: number;
  readonly rows: number;
  readonly confidence: number;
}): NullQuantiles {
  const s = 1 / sizes.referenceRows + 1 / sizes.rows;
  const chi = sizes.cells > 1 ? chiSquareQuantile(sizes.confidence, sizes.cells - 1) : 0;
  return {
    populationStability: s * chi,
    jensenShannon: Math.min(1, Math.sqrt((s * chi) / 8 / Math.LN2)),
    hellinger: Math.min(1, Math.sqrt((s * chi) / 8)),
    kolmogorovSmirnov: Math.min(1, kolmogorovQuantile(sizes.confidence) * Math.sqrt(s)),
  };
}

/** Quantiles are solved for by bisection: once for each number of cells is enough. */
function remembered(quantile: (confidence: number, degreesOfFreedom: number) => number) {
  const known = new Map<string, number>();
  return (confidence: number, degreesOfFreedom = 0): number => {
    const key = `${confidence} ${degreesOfFreedom}`;
    const value = known.get(key) ?? quantile(confidence, degreesOfFreedom);
    known.set(key, value);
    return value;
  };
}
