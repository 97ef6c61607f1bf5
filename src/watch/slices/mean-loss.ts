import { z95 } from "../intervals/normal.ts";
import type { LossBlock } from "./loss-blocks.ts";

/** Rows of some blocks: those at a place, or at one place and not at another. */
export interface LossPart {
  readonly blocks: readonly LossBlock[];
  readonly place: number;
  readonly without?: number;
}

/** Mean loss of a part, with what each block adds to its deviation from the truth. */
export interface MeanLoss {
  readonly rows: number;
  readonly mean: number;
  /** Variance of the mean if rows were independent. */
  readonly variance: number;
  /** By block: (its losses − mean · its rows) / rows. They sum to 0. */
  readonly pulls: Float64Array;
}

/** The mean loss of a part; undefined without rows. */
export function meanLoss({ blocks, place, without }: LossPart): MeanLoss | undefined {
  const sumOf = ({ sums }: LossBlock, at: number) =>
    sums[3 * place + at]! - (without === undefined ? 0 : sums[3 * without + at]!);
  const total = (at: number) => blocks.reduce((sum, block) => sum + sumOf(block, at), 0);
  const rows = total(0);
  if (rows < 2) return undefined;
  const mean = total(1) / rows;
  return {
    rows,
    mean,
    variance: Math.max(0, total(2) / rows - mean * mean) / (rows - 1),
    pulls: Float64Array.from(blocks, (block) => (sumOf(block, 1) - mean * sumOf(block, 0)) / rows),
  };
}

/** A difference of means with its certainty. */
export interface Difference {
  readonly value: number;
  readonly interval: readonly [low: number, high: number];
  /** One-sided: how likely so large a value is where nothing is worse. */
  readonly p: number;
}

/** With fewer blocks their spread says too little, and rows are taken to be independent. */
const fewestBlocks = 6;

/**
 * A contrast of mean losses over one or more stretches. Rows of a window go up and down together (weather, a broken feed), so
 * that the error comes from how whole blocks vary (Liang and Zeger 1986, a cluster a block), and is never taken to be smaller
 * than that of independent rows. In each stretch the same blocks add to all of its terms.
 */
export function contrast(
  stretches: readonly (readonly { readonly sign: 1 | -1; readonly of: MeanLoss }[])[],
): Difference {
  let [value, variance] = [0, 0];
  let fewest = Number.POSITIVE_INFINITY;
  for (const terms of stretches) {
    let [independent, clustered] = [0, 0];
    for (const { sign, of } of terms) {
      value += sign * of.mean;
      independent += of.variance;
    }
    const blocks = terms[0]!.of.pulls.length;
    fewest = Math.min(fewest, blocks);
    for (let block = 0; block < blocks && blocks >= fewestBlocks; block++)
      clustered += terms.reduce((sum, { sign, of }) => sum + sign * of.pulls[block]!, 0) ** 2;
    variance += Math.max(independent, (clustered * blocks) / (blocks - 1 || 1));
  }
  const error = Math.sqrt(variance);
  const freedom = fewest < fewestBlocks ? Number.POSITIVE_INFINITY : fewest - 1;
  const half = z95 * widening(freedom) * error;
  return {
    value,
    interval: [value - half, value + half],
    p: error === 0 ? 1 : upperTail(asNormal(value / error, freedom)),
  };
}

/** Student's t as a normal deviate (Abramowitz and Stegun 26.7.8). */
function asNormal(t: number, freedom: number): number {
  if (freedom === Number.POSITIVE_INFINITY) return t;
  return (t * (1 - 1 / (4 * freedom))) / Math.sqrt(1 + (t * t) / (2 * freedom));
}

/** Student's 97.5 % quantile over the normal one, to first order (Abramowitz and Stegun 26.7.5). */
function widening(freedom: number): number {
  return 1 + (z95 * z95 + 1) / (4 * freedom);
}

/** Upper tail of the normal law (Abramowitz and Stegun 26.2.17; error below 7.5e-8). */
function upperTail(z: number): number {
  if (z < 0) return 1 - upperTail(-z);
  const t = 1 / (1 + 0.2316419 * z);
  const series =
    t * (0.31938153 + t * (-0.356563782 + t * (1.781477937 + t * (-1.821255978 + t * 1.330274429))));
  return (Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI)) * series;
}
