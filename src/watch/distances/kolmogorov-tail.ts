import { solveTail } from "./gamma-tail.ts";

/**
 * ln of the upper tail of the Kolmogorov distribution, Q(x) = 2 Σ (−1)^(k−1) exp(−2k²x²) (Smirnov 1948); below 1 its
 * theta-function twin, which converges there.
 */
export function lnKolmogorovTail(x: number): number {
  if (!(x > 0)) return 0;
  if (x < 1) {
    const base = -(Math.PI * Math.PI) / (8 * x * x);
    let sum = 0;
    for (let k = 1; k <= 9; k += 2) sum += Math.exp(base * k * k);
    return Math.log1p((-Math.sqrt(2 * Math.PI) / x) * sum);
  }
  let rest = 0;
  for (let k = 2; k <= 6; k++) rest += (k % 2 ? 1 : -1) * Math.exp(-2 * (k * k - 1) * x * x);
  return Math.LN2 - 2 * x * x + Math.log1p(rest);
}

/** The value that a Kolmogorov variable exceeds with the given probability. */
export function kolmogorovUpperQuantile(probability: number): number {
  return solveTail(lnKolmogorovTail, probability);
}
