import type { Counts } from "../distances/compared-cells.ts";
import { jensenShannonDistance } from "../distances/jensen-shannon.ts";

/** How large a difference is, as a Jensen-Shannon distance in base 2, freed from what sampling alone adds. */
export interface Effect {
  readonly distance: number;
  /** 95 % interval. */
  readonly interval: readonly [number, number];
}

/** Normal quantile of a two-sided 95 % interval. */
const spread = 1.959963984540054;

/**
 * Effect with its interval: 8·ln 2·JS²/s is nearly noncentral chi² with B − 1 degrees of freedom, times the inflation
 * by dependent rows; its root is nearly normal with deviation 1 (Patnaik 1949).
 */
export function effectOf({
  reference,
  decayed,
  cells,
  degreesOfFreedom,
  sampling,
  inflation,
}: {
  readonly reference: Counts;
  readonly decayed: Counts;
  /** Cells compared, those that are empty in the reference with them. */
  readonly cells: readonly number[];
  readonly degreesOfFreedom: number;
  /** s = 1/N + 1/n. */
  readonly sampling: number;
  readonly inflation: number;
}): Effect {
  const unit = (sampling * inflation) / (8 * Math.LN2);
  const observed = jensenShannonDistance(reference, decayed, cells) ** 2 / unit;
  const distance = (noncentrality: number) => Math.min(1, Math.sqrt(Math.max(0, noncentrality) * unit));
  const end = (root: number) => distance(Math.max(0, root) ** 2 - degreesOfFreedom + 0.5);
  const root = Math.sqrt(observed);
  const middle = distance(observed - degreesOfFreedom);
  return {
    distance: middle,
    interval: [Math.min(middle, end(root - spread)), Math.max(middle, end(root + spread))],
  };
}
