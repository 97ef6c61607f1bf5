/**
 * Which p-values stand out together at a false-discovery rate (Benjamini and Hochberg 1995). It marks what to look at
 * first in one window; the alarm itself comes from the calibrated maximum.
 */
export function standOut(pValues: readonly number[], rate: number): boolean[] {
  const ascending = [...pValues].sort((a, b) => a - b);
  const last = ascending.findLastIndex((p, rank) => p <= (rate * (rank + 1)) / pValues.length);
  const most = last < 0 ? -1 : ascending[last]!;
  return pValues.map((p) => p <= most);
}
