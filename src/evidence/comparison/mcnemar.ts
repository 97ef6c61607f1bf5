/**
 * Two-sided exact test that two models err equally often on the same rows (McNemar 1947): of the rows that exactly one of them
 * gets right, each is as likely to be right on any. Gives p; 1 where they never differ.
 */
export function mcnemar(onlyFirst: number, onlySecond: number): number {
  const differing = onlyFirst + onlySecond;
  const fewer = Math.min(onlyFirst, onlySecond);
  let term = -differing * Math.LN2;
  let tail = 0;
  for (let successes = 0; successes <= fewer; successes++) {
    tail += Math.exp(term);
    term += Math.log(differing - successes) - Math.log(successes + 1);
  }
  return Math.min(1, 2 * tail);
}
