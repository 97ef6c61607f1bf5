import { type ColumnCells, type ColumnCounters, nextNumber, toNumber } from "../../profile/index.ts";
import { type ChiSquare, chiSquare, lnChiSquareP } from "./chi-square.ts";
import { type Counts, comparedCells, totalOfFirst } from "./compared-cells.ts";
import { lnEmptyCellP } from "./empty-cell-rate.ts";
import { hellingerDistance } from "./hellinger.ts";
import { jensenShannonDistance } from "./jensen-shannon.ts";
import { distanceInterval, lnKolmogorovSmirnovP } from "./kolmogorov-smirnov.ts";
import { type NullQuantiles, nullQuantiles } from "./null-quantiles.ts";
import { populationStability } from "./population-stability.ts";
import { type Wasserstein, wasserstein } from "./wasserstein.ts";

/** Fewer rows than this say nothing either way. */
export const leastRows = 200;

/** How far the rows of one window stand from the reference, in one column. For display; alarms come from detectors. */
export interface ColumnDistances {
  readonly rows: number;
  /** False: too few rows, or too few cells, to tell anything. Distances are then absent. */
  readonly sufficient: boolean;
  readonly distances?: {
    /** PSI and chi² look at cells that hold reference rows; all others at every cell. */
    readonly populationStability: number;
    readonly jensenShannon: number;
    readonly hellinger: number;
    /** No degrees of freedom and p 1 where fewer than two cells are left. */
    readonly chiSquare: ChiSquare & { readonly p: number };
    /** Numbers only. */
    readonly kolmogorovSmirnov?: { readonly interval: readonly [number, number]; readonly p: number };
    /** Numbers with a known, positive reference standard deviation only. */
    readonly wasserstein?: Wasserstein;
    /** What they stay below in 95 of 100 windows without drift, were rows independent. */
    readonly usual: NullQuantiles;
  };
  /** Rows in cells that are empty in the reference, judged by their rate. */
  readonly unseen: readonly { readonly cell: number; readonly rows: number; readonly p: number }[];
}

/** Compares the counters of one column with the reference's, or with the part of it that matches. */
export function columnDistances({
  cells,
  reference,
  matching,
  current,
  referenceDeviation,
}: {
  readonly cells: ColumnCells;
  /** The whole reference: what it never had is unseen. */
  readonly reference: ColumnCounters;
  /** Counts of the strata that the rows are of; the whole reference where absent. */
  readonly matching?: Counts | undefined;
  readonly current: ColumnCounters;
  readonly referenceDeviation?: number | undefined;
}): ColumnDistances {
  const [whole, now] = [reference.counts.map(toNumber), current.counts.map(toNumber)];
  const before = matching ?? whole;
  const compared = comparedCells(cells, whole);
  const rows = totalOfFirst(now, now.length);
  const [wholeRows, referenceRows] = [totalOfFirst(whole, whole.length), totalOfFirst(before, before.length)];
  const unseen = compared.empty
    .filter((cell) => now[cell]! > 0)
    .map((cell) => ({ cell, rows: now[cell]!, p: Math.exp(lnEmptyCellP(now[cell]!, rows, wholeRows)) }));
  const shape = chiSquare(before, now, compared.held);
  const all = [...compared.held, ...compared.empty];
  const orderedRows = totalOfFirst(before, compared.ordered) > 0 ? totalOfFirst(now, compared.ordered) : 0;
  if (rows < leastRows || (shape.degreesOfFreedom === 0 && (orderedRows < leastRows || compared.ordered < 3)))
    return { rows, sufficient: false, unseen };
  return {
    rows,
    sufficient: true,
    distances: {
      populationStability: populationStability(before, now, compared.held),
      jensenShannon: jensenShannonDistance(before, now, all),
      hellinger: hellingerDistance(before, now, all),
      chiSquare: { ...shape, p: Math.exp(lnChiSquareP(shape)) },
      ...(cells.kind === "numeric" &&
        orderedDistances(cells, { whole, before, now, reference, current, referenceDeviation })),
      usual: nullQuantiles({ cells: compared.held.length, referenceRows, rows, confidence: 0.95 }),
    },
    unseen,
  };
}

function orderedDistances(
  cells: ColumnCells & { readonly kind: "numeric" },
  sides: {
    readonly whole: readonly number[];
    readonly before: Counts;
    readonly now: readonly number[];
    readonly reference: ColumnCounters;
    readonly current: ColumnCounters;
    readonly referenceDeviation: number | undefined;
  },
) {
  const { whole, before, now, reference, current, referenceDeviation } = sides;
  const { starts, type } = cells;
  const ordered = starts.length + 1;
  const [m, n] = [totalOfFirst(before, ordered), totalOfFirst(now, ordered)];
  if (m === 0 || n === 0 || starts.length === 0) return {};
  const interval = distanceInterval(before, now, ordered, (cell) => {
    const [start, end] = [starts[cell - 1], starts[cell]];
    return start !== undefined && end !== undefined && nextNumber(type, start) === end;
  });
  const kolmogorovSmirnov = { interval, p: Math.exp(lnKolmogorovSmirnovP(interval[0], m, n)) };
  if (!reference.sums || !current.sums || !referenceDeviation) return { kolmogorovSmirnov };
  const sums = reference.sums.map(toNumber);
  // What a cell holds on average is known of the whole reference alone; that it is no narrower is in the error.
  const ofBefore =
    before === whole ? sums : sums.map((sum, cell) => (sum === 0 ? 0 : (sum / whole[cell]!) * before[cell]!));
  return {
    kolmogorovSmirnov,
    wasserstein: wasserstein(
      cells,
      { counts: before, sums: ofBefore },
      { counts: now, sums: current.sums.map(toNumber) },
      referenceDeviation,
    ),
  };
}
