import { type Counts, totalOf } from "./compared-cells.ts";
import { lnChiSquareTail } from "./gamma-tail.ts";

/** A two-sample chi² statistic. */
export interface ChiSquare {
  readonly statistic: number;
  /** Cells after merging, less one; 0 where fewer than two are left. */
  readonly degreesOfFreedom: number;
}

/** Cochran (1954): the approximation holds where each cell expects this many rows. */
const leastExpected = 5;

/**
 * Two-sample chi² of a contingency table of two rows (both are samples). Cells are merged in the order given until each
 * expects at least 5 rows of the smaller sample under pooled shares. Counts of `current` are taken times `scale`.
 */
export function chiSquare(
  reference: Counts,
  current: Counts,
  cells: readonly number[],
  scale = 1,
): ChiSquare {
  const ofReference = totalOf(reference, cells);
  const ofCurrent = totalOf(current, cells) * scale;
  if (ofReference === 0 || ofCurrent === 0) return { statistic: 0, degreesOfFreedom: 0 };
  const enough = (leastExpected * (ofReference + ofCurrent)) / Math.min(ofReference, ofCurrent);
  const weight = Math.sqrt(ofCurrent / ofReference);
  let [statistic, groups, r, c, closedR, closedC] = [0, 0, 0, 0, 0, 0];
  for (let i = 0; i < cells.length; i++) {
    const cell = cells[i]!;
    r += reference[cell]!;
    c += current[cell]! * scale;
    if (r + c < enough) continue;
    if (groups > 0) statistic += (weight * closedR - closedC / weight) ** 2 / (closedR + closedC);
    [closedR, closedC, r, c] = [r, c, 0, 0];
    groups++;
  }
  closedR += r;
  closedC += c;
  if (groups > 0) statistic += (weight * closedR - closedC / weight) ** 2 / (closedR + closedC);
  return groups > 1 ? { statistic, degreesOfFreedom: groups - 1 } : { statistic: 0, degreesOfFreedom: 0 };
}

/** ln of the p-value; 0 where cells are too few to compare. */
export function lnChiSquareP({ statistic, degreesOfFreedom }: ChiSquare): number {
  return degreesOfFreedom > 0 ? lnChiSquareTail(statistic, degreesOfFreedom) : 0;
}
