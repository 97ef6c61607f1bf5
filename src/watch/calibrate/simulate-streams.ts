import type { CellIndices, ColumnCells } from "../../profile/index.ts";
import {
  locationScore,
  locationStatistic,
  rateScore,
  shapeScore,
  shapeStatistic,
} from "../detectors/detector-scores.ts";
import type { ChiSquare } from "../distances/chi-square.ts";
import { leastRows } from "../distances/column-distances.ts";
import { type ComparedCells, comparedCells, totalOfFirst } from "../distances/compared-cells.ts";
import type { RowStrata } from "../strata/row-strata.ts";
import type { RowCounts } from "./row-counts.ts";
import { mostCutsFor } from "./strata-counts.ts";
import { evenCuts, streamBlocks } from "./stream-blocks.ts";
import { streamReference } from "./stream-reference.ts";

/** What a stream without drift is made from. */
export interface StreamPlan {
  readonly cells: readonly ColumnCells[];
  readonly counts: RowCounts;
  readonly blockRows: number;
  /** Rows of a window where there are no `edges`. */
  readonly windowRows: number;
  /** Rows at which the reference's own windows begin, and the number of rows. */
  readonly edges?: ArrayLike<number> | undefined;
  readonly decay: number;
  /** What windows are compared within; the whole reference where absent. */
  readonly strata?: RowStrata | undefined;
  /** Cell of each reference row, per column. */
  readonly rows: readonly CellIndices[];
  /** Uniform whole numbers from 0 to below the argument. */
  readonly below: (limit: number) => number;
}

/** Plays streams without drift: a reference and windows, both resampled from the reference in contiguous blocks. */
export interface StreamPlayer {
  readonly detectors: readonly StreamDetector[];
  /** Plays one new stream and writes the scores of all detectors, window by window, from `offset` on. */
  play(windows: number, into: Float32Array, offset: number): void;
  /** Per column, over all windows played: mean of the shape statistic over its degrees of freedom. */
  dispersion(): number[];
}

/** What one number of each window stands for. */
export interface StreamDetector {
  readonly kind: "location" | "shape" | "rate";
  readonly column: number;
}

interface StreamColumn {
  readonly at: number;
  readonly compared: ComparedCells;
  readonly reference: Float64Array;
  readonly decayed: Float64Array;
}

/** A player of one plan; its buffers are reused from stream to stream. */
export function streamPlayer(plan: StreamPlan): StreamPlayer {
  const { cells, counts, blockRows, windowRows, below } = plan;
  const width = counts.offsets.at(-1)!;
  const whole = new Float64Array(width);
  counts.add(whole, 0, counts.rows);
  const { strata, rows } = plan;
  const keep = 1 - plan.decay;
  const cuts = evenCuts(plan.edges ?? counts.rows, mostCutsFor(width, (strata?.known.length ?? 0) + 1));
  const reference = streamReference({ cells, rows, strata, counts, cuts, keep });
  const [decayed, window] = [new Float64Array(width), new Float64Array(width)];
  const columns = cells.map((column, at): StreamColumn => {
    const [from, to] = [counts.offsets[at]!, counts.offsets[at + 1]!];
    const compared = comparedCells(column, whole.subarray(from, to));
    const matching = reference.matching.subarray(from, to);
    return { at, compared, reference: matching, decayed: decayed.subarray(from, to) };
  });
  const beyond = endCells(cells, counts.offsets, whole);
  const rates = new Float64Array(beyond.length);
  const blocks = streamBlocks({ blockRows, cuts, windows: plan.edges, below });
  let [squares, rateSum] = [0, 0];
  const uniform = () => (below(2 ** 32) + 0.5) / 2 ** 32;

  const begin = () => {
    blocks.begin();
    reference.begin(blocks.blocks);
    decayed.fill(0);
    squares = 0;
    rateSum = 0;
    for (let i = 0; i < rates.length; i++) rateSum += rates[i] = -Math.log(uniform()) / counts.rows;
  };
  // The next row beyond the largest of N comes at a rate that is nearly exponential with mean 1/N.
  const addBeyond = (windowRows: number) => {
    let ahead = rateSum * windowRows + Math.log(uniform());
    while (ahead > 0) {
      let pick = uniform() * rateSum;
      let cell = 0;
      while (cell < rates.length - 1 && pick >= rates[cell]!) pick -= rates[cell++]!;
      window[beyond[cell]!]!++;
      ahead += Math.log(uniform());
    }
  };
  const playWindow = () => {
    window.fill(0);
    reference.beginWindow();
    let taken = 0;
    do {
      const { start, length, block } = blocks.next(windowRows - taken);
      counts.add(window, start, length);
      reference.take(start, length, block);
      taken += length;
    } while (!plan.edges && taken < windowRows);
    reference.endWindow();
    addBeyond(taken);
    for (let cell = 0; cell < width; cell++) decayed[cell] = decayed[cell]! * keep + window[cell]!;
    squares = squares * keep * keep + taken;
  };
  const detectors = columns.flatMap(({ at, compared }): StreamDetector[] => [
    ...(compared.ordered > 1 ? [{ kind: "location", column: at } as const] : []),
    { kind: "shape", column: at },
    { kind: "rate", column: at },
  ]);
  const ratios = columns.map(() => 0);
  let judged = 0;

  return {
    detectors,
    dispersion: () => ratios.map((sum) => (judged > 0 ? sum / judged : 1)),
    play(windows, into, offset) {
      begin();
      for (let at = 0; at < windows; at++) {
        playWindow();
        const first = columns[0]!.decayed;
        const rows = totalOfFirst(first, first.length);
        const enough = (rows * rows) / squares >= leastRows;
        if (enough) judged++;
        let next = offset + at * detectors.length;
        for (const column of columns) {
          const { compared, decayed, reference } = column;
          if (compared.ordered > 1) into[next++] = enough ? locationOf(column, rows / squares) : 0;
          const shape = shapeStatistic(reference, decayed, compared, rows / squares);
          into[next++] = enough ? tailOf(shape) : 0;
          if (enough)
            ratios[column.at]! += shape.degreesOfFreedom > 0 ? shape.statistic / shape.degreesOfFreedom : 1;
          into[next++] = rateScore(decayed, compared.empty, rows, counts.rows).score;
        }
      }
    },
  };
}

// Scores below about 0.6 (p above ¼) tell no threshold and are left at 0: most windows then cost no tail.

function locationOf({ reference, decayed, compared }: StreamColumn, scale: number): number {
  const statistic = locationStatistic(reference, decayed, compared, scale);
  return statistic > 1.02 ? locationScore(statistic) : 0;
}

function tailOf(shape: ChiSquare): number {
  const { statistic, degreesOfFreedom } = shape;
  return statistic > degreesOfFreedom + 0.65 * Math.sqrt(2 * degreesOfFreedom) ? shapeScore(shape) : 0;
}

/** Counters below the smallest and above the largest number of the reference, where they are empty. */
function endCells(cells: readonly ColumnCells[], offsets: readonly number[], counts: Float64Array): number[] {
  return cells.flatMap((column, at) => {
    if (column.kind !== "numeric" || column.starts.length === 0) return [];
    const from = offsets[at]!;
    return [from, from + column.starts.length].filter((cell) => counts[cell] === 0);
  });
}
