/** Shares of cells by stratum; the whole reference, which stands in for strata that are not known, is the last. */
export interface StrataShares {
  /** Rows of each stratum, then of the whole reference. */
  readonly rows: ArrayLike<number>;
  /** For each of them the shares of the cells of one column. */
  readonly shares: readonly ArrayLike<number>[];
}

/**
 * So many rows of the reference say as much as a mix of its strata: 1/Σ(w²/N), from the variance of a stratified mean
 * (Cochran 1977, §5.3). A mix like the reference's own is worth all its rows.
 */
export function worthOfMix(mix: ArrayLike<number>, rows: ArrayLike<number>): number {
  let [total, sum] = [0, 0];
  for (let at = 0; at < mix.length; at++) total += mix[at]!;
  if (total === 0) return rows[rows.length - 1]!;
  for (let at = 0; at < mix.length; at++) {
    const weight = mix[at]! / total;
    if (weight > 0) sum += (weight * weight) / rows[at]!;
  }
  return 1 / sum;
}

/** The reference that rows of such a mix are compared with, as counts: shares of its strata times what they are worth. */
export function matchingCounts(mix: ArrayLike<number>, { rows, shares }: StrataShares): Float64Array {
  const counts = new Float64Array(shares[0]!.length);
  let total = 0;
  for (let at = 0; at < mix.length; at++) total += mix[at]!;
  const worth = worthOfMix(mix, rows);
  for (let at = 0; at < mix.length; at++) {
    // Without rows the whole reference is compared with.
    const weight = total === 0 ? Number(at === mix.length - 1) : mix[at]! / total;
    if (weight === 0) continue;
    const own = shares[at]!;
    const factor = weight * worth;
    for (let cell = 0; cell < counts.length; cell++) counts[cell]! += factor * own[cell]!;
  }
  return counts;
}

/** Shares of one column by stratum. */
export function strataShares(strata: readonly ArrayLike<number>[], whole: ArrayLike<number>): StrataShares {
  const all = [...strata, whole];
  const rows = all.map(sumOf);
  return { rows, shares: all.map((counts, at) => Float64Array.from(counts, (count) => count / rows[at]!)) };
}

function sumOf(counts: ArrayLike<number>): number {
  let sum = 0;
  for (let cell = 0; cell < counts.length; cell++) sum += counts[cell]!;
  return sum;
}
