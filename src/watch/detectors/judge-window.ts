import { BatonError } from "../../kernel/index.ts";
import {
  type ColumnCells,
  type ColumnCounters,
  cellCount,
  type ThresholdTable,
  toNumber,
} from "../../profile/index.ts";
import { leastRows } from "../distances/column-distances.ts";
import {
  absentCells,
  type ComparedCells,
  type Counts,
  comparedCells,
  totalOfFirst,
} from "../distances/compared-cells.ts";
import { matchingCounts, type StrataShares, strataShares } from "../strata/matching-reference.ts";
import { columnStrata, type StrataMix } from "../strata/window-strata.ts";
import { type AlarmPhase, nextAlarm, type OpenAlarm } from "./alarm.ts";
import { type ColumnThresholds, corrected, thresholdsAt } from "./column-thresholds.ts";
import { type DecayedColumn, decayInto, emptyDecayed, memoryOf } from "./decayed-counters.ts";
import {
  locationScore,
  locationStatistic,
  rateScore,
  shapeScore,
  shapeStatistic,
} from "./detector-scores.ts";
import { type Effect, effectOf } from "./effect.ts";
import { standOut } from "./false-discoveries.ts";

/** All that the detectors remember between windows. Plain JSON. */
export interface DetectorState {
  readonly format_version: 1;
  /** In the order of the judged columns. */
  readonly columns: readonly DecayedColumn[];
  readonly open_alarm: OpenAlarm;
  /** Decayed rows by known stratum, then of all others; absent where windows are compared with the whole reference. */
  readonly strata?: readonly number[];
}

/** What one detector says of one column: −log₁₀ p, corrected for dependent rows, against the calibrated threshold. */
export interface DetectorReading {
  readonly detector: "location" | "shape" | "rate";
  readonly score: number;
  readonly threshold: number;
  /** The rate detector: which cell, empty in the reference, has rows now. */
  readonly cell?: number;
}

/** Verdict on one column after one window. `insufficient` is never to be shown as "no drift". */
export interface ColumnJudgement {
  readonly name: string;
  readonly verdict: "pass" | "drift" | "insufficient";
  /** Rows of this window, and how many undecayed rows the decayed counters are worth. */
  readonly rows: number;
  readonly effectiveRows: number;
  readonly readings: readonly DetectorReading[];
  /** Absent where rows or cells are too few. */
  readonly effect?: Effect;
  /** Stands out among the columns of this window (Benjamini-Hochberg, 5 %): an order for the eye, not an alarm. */
  readonly marked: boolean;
}

/** Verdict on a model after one window. */
export interface WindowJudgement {
  readonly alarm: AlarmPhase;
  readonly columns: readonly ColumnJudgement[];
}

/** The detectors of one model. */
export interface Detectors {
  /** Before the first window. */
  start(): DetectorState;
  /** Takes one window: counters of all replicas merged, one entry for each column, and its rows by stratum where there are strata. */
  judge(
    state: DetectorState,
    window: readonly ColumnCounters[],
    mix?: StrataMix,
  ): { readonly state: DetectorState; readonly judgement: WindowJudgement };
}

interface JudgedColumn {
  readonly cells: ColumnCells;
  /** The whole reference. */
  readonly reference: Float64Array;
  readonly referenceRows: number;
  readonly compared: ComparedCells;
  readonly all: readonly number[];
  /** Shares by stratum; absent where it is compared with the whole reference. */
  readonly strata?: StrataShares | undefined;
}

const markedRate = 0.05;

/** Where rows are too few for the other detectors, fewer values that were never seen than this may be one caller's slip. */
const leastNews = 5;

/**
 * Detectors of columns (features, outputs, score) judged together, on the reference's counters and thresholds.
 * @throws BatonError `configuration-invalid` when the thresholds are for other columns
 */
export function createDetectors({
  columns,
  reference,
  thresholds,
}: {
  readonly columns: readonly ColumnCells[];
  readonly reference: readonly ColumnCounters[];
  readonly thresholds: ThresholdTable;
}): Detectors {
  const named = thresholds.columns;
  if (columns.length !== named.length || columns.some(({ name }, at) => name !== named[at]))
    throw new BatonError("configuration-invalid", "The thresholds were calibrated for other columns.", {
      next: "Run `baton profile` again and seal the result.",
    });
  const { strata } = thresholds;
  const ofStrata = columnStrata(thresholds);
  const judged = columns.map((cells, at) => judgedColumn(cells, reference[at]!, ofStrata(at)));
  return {
    start: () => ({
      format_version: 1,
      columns: columns.map((cells) => emptyDecayed(cellCount(cells))),
      open_alarm: null,
      ...(strata && { strata: new Array<number>(strata.known.length + 1).fill(0) }),
    }),
    judge(state, window, mix) {
      const decayed = state.columns.map((column, at) => decayInto(column, window[at]!, thresholds.decay));
      const mixed = state.strata && mix && decayMix(state.strata, mix, thresholds.decay);
      const readings = judged.map((column, at) => {
        const rows = window[at]!.counts.reduce<number>((sum, count) => sum + toNumber(count), 0);
        return judgeColumn(column, { at, rows, decayed: decayed[at]!, mix: mixed, thresholds });
      });
      const marks = standOut(readings.map(smallestP), markedRate);
      const { open, phase } = nextAlarm(
        state.open_alarm,
        readings.some(({ verdict }) => verdict === "drift"),
        memoryOf(thresholds.decay),
      );
      return {
        state: {
          format_version: 1,
          columns: decayed,
          open_alarm: open,
          ...(state.strata && { strata: mixed ?? state.strata }),
        },
        judgement: {
          alarm: phase,
          columns: readings.map((reading, at) => ({ ...reading, marked: marks[at]! })),
        },
      };
    },
  };
}

function judgedColumn(
  cells: ColumnCells,
  counters: ColumnCounters,
  strata: readonly (readonly number[])[] | undefined,
): JudgedColumn {
  const reference = Float64Array.from(counters.counts, toNumber);
  const compared = comparedCells(cells, reference);
  return {
    cells,
    reference,
    referenceRows: totalOfFirst(reference, reference.length),
    compared,
    all: [...compared.held, ...compared.empty],
    strata: strata && strataShares(strata, reference),
  };
}

/** A window without rows leaves the mix as it is, as it does the counters. */
function decayMix(before: readonly number[], mix: StrataMix, decay: number): readonly number[] {
  if (mix.every((rows) => rows === 0)) return before;
  return before.map((rows, at) => rows * (1 - decay) + mix[at]!);
}

function judgeColumn(
  { cells, reference: whole, referenceRows: wholeRows, compared, all, strata }: JudgedColumn,
  {
    at,
    rows,
    decayed,
    mix,
    thresholds,
  }: {
    readonly at: number;
    readonly rows: number;
    readonly decayed: DecayedColumn;
    readonly mix: StrataMix | undefined;
    readonly thresholds: ThresholdTable;
  },
): Omit<ColumnJudgement, "marked"> {
  const worth = worthOfRow(decayed, thresholds);
  const counts = Float64Array.from(decayed.counts, (count) => count * worth);
  const decayedRows = totalOfFirst(counts, counts.length);
  const effectiveRows = decayedRows > 0 ? decayedRows ** 2 / (decayed.squares * worth) : 0;
  const seen = { name: cells.name, rows, effectiveRows };
  if (rows === 0) return { ...seen, verdict: "insufficient", readings: [] };

  const limits = thresholdsAt(thresholds, decayedRows / decayed.windows, at);
  const scale = effectiveRows / decayedRows;
  const reference = strata && mix ? matchingCounts(mix, strata) : whole;
  const referenceRows = strata && mix ? totalOfFirst(reference, reference.length) : wholeRows;
  const readings: DetectorReading[] = [];
  const enough = effectiveRows >= leastRows;
  if (enough && compared.ordered > 1 && totalOfFirst(counts, compared.ordered) * scale >= leastRows) {
    const statistic = locationStatistic(reference, counts, compared, scale);
    readings.push({
      detector: "location",
      score: corrected(locationScore(statistic), limits.location),
      threshold: limits.threshold,
    });
  }
  const shape = shapeStatistic(reference, counts, compared, scale);
  if (enough && shape.degreesOfFreedom > 0)
    readings.push({
      detector: "shape",
      score: corrected(shapeScore(shape), limits.shape),
      threshold: limits.threshold,
    });
  const told = readings.length > 0;
  readings.push(
    rateReading({ cells, compared, counts, decayedRows, referenceRows: wholeRows, limits, thresholds }),
  );
  const beyond = readings.filter(({ score, threshold }) => score > threshold);
  if (!told) {
    const news = beyond.some(({ cell }) => cell !== undefined && counts[cell]! >= leastNews);
    return { ...seen, verdict: news ? "drift" : "insufficient", readings };
  }

  const effect = effectOf({
    reference,
    decayed: counts,
    cells: all,
    degreesOfFreedom: Math.max(1, compared.held.length - 1),
    sampling: 1 / referenceRows + 1 / effectiveRows,
    inflation: limits.dispersion,
  });
  // A value that was never seen is new however rare it is; all else must also be large enough to matter.
  const drifts = beyond.some(
    ({ detector }) => detector === "rate" || effect.distance >= thresholds.effect_floor,
  );
  return { ...seen, verdict: drifts ? "drift" : "pass", readings, effect };
}

/**
 * The least likely of the cells that are empty in the reference. Rows of one cell come in clusters: values in those of
 * their column, rows without a value in those of failing feeds.
 */
function rateReading({
  cells,
  compared,
  counts,
  decayedRows,
  referenceRows,
  limits,
  thresholds,
}: Pick<JudgedColumn, "cells" | "compared" | "referenceRows"> & {
  readonly counts: Counts;
  readonly decayedRows: number;
  readonly limits: ColumnThresholds;
  readonly thresholds: ThresholdTable;
}): DetectorReading {
  const present = counts.length - absentCells(cells);
  const rateOf = (isOne: (cell: number) => boolean, dispersion: number) => {
    const rate = rateScore(counts, compared.empty.filter(isOne), decayedRows, referenceRows);
    return { ...rate, score: rate.score / dispersion };
  };
  const values = rateOf((cell) => cell < present, limits.dispersion);
  const absent = rateOf((cell) => cell >= present, thresholds.absent_dispersion);
  const rarest = absent.score > values.score ? absent : values;
  return { ...rarest, detector: "rate", threshold: thresholds.rate_threshold };
}

/**
 * Windows with more rows than the largest that was calibrated count as that many: how much more further rows of the same
 * hours say, the reference does not tell.
 */
function worthOfRow({ counts, windows }: DecayedColumn, { sizes }: ThresholdTable): number {
  const rows = totalOfFirst(counts, counts.length) / windows;
  return Math.min(1, sizes.at(-1)!.rows / rows);
}

function smallestP({ readings }: { readonly readings: readonly DetectorReading[] }): number {
  return readings.reduce((p, { score }) => Math.min(p, readings.length * 10 ** -score), 1);
}
