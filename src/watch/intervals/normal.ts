/** Normal quantile of a two-sided 95 % interval. */
export const z95 = 1.959963984540054;

/** Both ends of an interval. */
export type Interval = readonly [low: number, high: number];

/** Interval of a number in (0, 1) from its standard error on the logit scale, so that it stays inside. */
export function logitInterval(value: number, logitError: number): Interval {
  const logit = Math.log(value / (1 - value));
  const back = (at: number) => 1 / (1 + Math.exp(-at));
  return [back(logit - z95 * logitError), back(logit + z95 * logitError)];
}
