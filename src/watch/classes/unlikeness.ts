import type { Spread } from "./spread.ts";
import type { UnitConversion } from "./unit-conversions.ts";

/** A straight line through values: · factor + offset. */
export type Line = Pick<UnitConversion, "factor" | "offset">;

/** The line that changes nothing. */
export const unchanged: Line = { factor: 1, offset: 0 };

/** A value that was converted is rounded: frequent values lie beside where they should by up to such a share. */
const rounding = 1e-5;

/**
 * How unlike a spread is to an earlier one whose values went through a line, in [0, 1]: the Kolmogorov-Smirnov distance
 * at the edges where the later one is exact, or what the distance of their means makes of it for a normal law (2Φ(δ/2) − 1 ≈ 0.4 δ), whichever is larger.
 * The means tell what distances cannot where all of one spread lies in a single cell.
 */
export function unlikeness(before: Spread, after: Spread, { factor, offset }: Line = unchanged): number {
  if (before.rows === 0 || after.rows === 0) return before.rows === after.rows ? 0 : 1;
  let distance = 0;
  const isChanged = factor !== 1 || offset !== 0;
  const compare = (x: number) => {
    const [from, now] = [(x - offset) / factor, after.below(x)];
    const slack = isChanged ? rounding * Math.abs(from) : 0;
    const apart = Math.max(before.below(from - slack) - now, now - before.below(from + slack));
    distance = Math.max(distance, apart);
  };
  for (const edge of after.edges) compare(edge);
  return Math.max(distance, Math.min(1, 0.4 * meansApart(before, after, { factor, offset })));
}

/** Distance of the means once the earlier spread went through a line, in standard deviations of the wider one. */
export function meansApart(before: Spread, after: Spread, { factor, offset }: Line = unchanged): number {
  const spread = Math.max(before.deviation * Math.abs(factor), after.deviation, Number.MIN_VALUE);
  return Math.abs(after.mean - before.mean * factor - offset) / spread;
}
