/** p-values after Benjamini and Hochberg (1995): at most so large a share of those at or below one is expected to be false. */
export function adjusted(pValues: readonly number[]): number[] {
  const order = pValues.map((_, index) => index).sort((a, b) => pValues[b]! - pValues[a]!);
  const result = new Array<number>(pValues.length).fill(1);
  let least = 1;
  for (const [at, index] of order.entries()) {
    const rank = pValues.length - at;
    least = Math.min(least, (pValues[index]! * pValues.length) / rank);
    result[index] = least;
  }
  return result;
}
