import type { Contract } from "../../contract/index.ts";
import { seededIntegers } from "../../evidence/index.ts";
import { digestOf } from "../../kernel/index.ts";
import type { ColumnCounters, NumericCells, Profile, ScoreCalibration } from "../../profile/index.ts";
import type { CalibrationCheck, EstimatedPerformance } from "../report/estimated-performance.ts";
import { checkCalibration } from "./check-calibration.ts";
import { type DecidedCell, expectedMetrics } from "./expected-metrics.ts";
import { type CalibratedScore, isotonic } from "./isotonic.ts";
import { type ScoreCell, scoreCells } from "./score-cells.ts";

/** Estimates performance from the counters of a window. */
export interface PerformanceEstimator {
  readonly check: CalibrationCheck;
  /** Undefined for windows with too few answers. Counters that were asked about before are not counted again. */
  estimate(outputs: readonly ColumnCounters[]): EstimatedPerformance | undefined;
}

/** Fewer answers are insufficient. */
const fewestRows = 200;

/** Draws that intervals come from. */
const draws = 400;

/** The probability that a score of the first output stands for; undefined where the profile has no calibration. */
export function scoreProbability(
  contract: Pick<Contract, "model" | "outputs">,
  profile: Pick<Profile, "outputs" | "calibration">,
): CalibratedScore | undefined {
  const calibrated = calibratedOutput(contract, profile);
  return calibrated && isotonic(labelledScores(calibrated.cells, calibrated.calibration));
}

function calibratedOutput(
  { model, outputs: [output] }: Pick<Contract, "model" | "outputs">,
  { outputs, calibration }: Pick<Profile, "outputs" | "calibration">,
) {
  const at = outputs?.cells.columns.findIndex(({ name }) => name === output?.name) ?? -1;
  const cells = outputs?.cells.columns[at];
  if (model.task !== "binary-classification" || cells?.kind !== "numeric" || !calibration) return undefined;
  return { at, cells, calibration, output };
}

/**
 * Confidence-based performance estimation: scores are calibrated on the profile's labelled rows, and each answer counts as so
 * much of a positive as its calibrated score says. Intervals hold what chance does to the labels of the window, and to the
 * calibration: positives are drawn by cell for both, with the same seeded draws for every window. Undefined where the
 * model is no classifier or the profile has no calibration.
 */
export function performanceEstimator(
  contract: Pick<Contract, "model" | "outputs">,
  profile: Pick<Profile, "outputs" | "calibration">,
): PerformanceEstimator | undefined {
  const calibrated = calibratedOutput(contract, profile);
  if (!calibrated) return undefined;
  const { at, cells, calibration, output } = calibrated;
  const check = checkCalibration(cells, calibration);
  const normal = seededNormals(digestOf(calibration));
  const best = risesOf(cells, isotonic(labelledScores(cells, calibration)));
  const drawn = Array.from({ length: draws }, () =>
    risesOf(cells, isotonic(labelledScores(cells, calibration, normal))),
  );
  const chances = Array.from({ length: draws }, () => cells.starts.map(normal).concat(normal()));
  const known = new WeakMap<readonly ColumnCounters[], EstimatedPerformance>();
  const estimate = (counters: readonly ColumnCounters[]) => {
    const held = scoreCells(cells, counters[at]!);
    const rows = held.reduce((sum, cell) => sum + cell.rows, 0);
    if (rows < fewestRows) return undefined;
    const decided = held.map((cell) => decidedCell(cell, output?.threshold));
    const expected = { positives: new Float64Array(held.length), rises: new Float64Array(held.length) };
    const of = ({ probability, rises }: Calibrated, chance?: readonly number[]) => {
      for (const [place, { rows: among, mean, index }] of held.entries()) {
        const share = probability(mean);
        expected.positives[place] = chance ? drawnHits(among, share, chance[index]!) : among * share;
        expected.rises[place] = rises[index]!;
      }
      return expectedMetrics(decided, expected);
    };
    const metrics = of(best);
    const spread = drawn.map((one, draw) => of(one, chances[draw]!));
    return { rows, calibration: check.outcome, metrics, intervals: intervalsOf(metrics, spread) };
  };
  return {
    check,
    estimate(counters) {
      const made = known.get(counters) ?? estimate(counters);
      if (made) known.set(counters, made);
      return made;
    },
  };
}

function labelledScores(cells: NumericCells, calibration: ScoreCalibration, normal?: () => number) {
  return scoreCells(cells, calibration).map(({ rows, mean, index }) => {
    const positives = Number(calibration.positives[index]!);
    return { score: mean, rows, positives: normal ? drawnHits(rows, positives / rows, normal()) : positives };
  });
}

/** A calibrated score, and by how much it rises within each cell. */
interface Calibrated {
  readonly probability: CalibratedScore;
  readonly rises: Float64Array;
}

function risesOf({ starts }: NumericCells, probability: CalibratedScore): Calibrated {
  const rises = Float64Array.from({ length: starts.length + 1 }, (_, index) => {
    const [low, high] = insideUnit(starts[index - 1] ?? -Infinity, starts[index] ?? Infinity);
    return probability(high) - probability(low);
  });
  return { probability, rises };
}

function decidedCell({ rows, mean, start, end }: ScoreCell, threshold: number | undefined): DecidedCell {
  const [low, high] = insideUnit(start, end);
  return {
    rows,
    mean,
    start: low,
    end: high,
    decided:
      threshold === undefined ? undefined : start >= threshold ? true : end <= threshold ? false : undefined,
  };
}

function insideUnit(start: number, end: number): readonly [number, number] {
  return [Math.max(0, start), Math.min(1, end)];
}

/** Hits of a binomial, by its normal approximation. */
function drawnHits(rows: number, share: number, deviate: number): number {
  return Math.min(rows, Math.max(0, rows * share + Math.sqrt(rows * share * (1 - share)) * deviate));
}

function intervalsOf(
  metrics: Readonly<Record<string, number>>,
  spread: readonly Readonly<Record<string, number>>[],
): Record<string, readonly [number, number]> {
  const intervals: Record<string, readonly [number, number]> = {};
  for (const [name, value] of Object.entries(metrics)) {
    const found = new Float64Array(spread.length);
    let count = 0;
    for (const one of spread) if (one[name] !== undefined) found[count++] = one[name];
    const values = found.subarray(0, count).sort();
    const end = (share: number) => values[Math.round(share * (values.length - 1))]!;
    if (values.length > draws / 2)
      intervals[name] = [Math.min(value, end(0.025)), Math.max(value, end(0.975))];
  }
  return intervals;
}

/** Normal deviates in pairs (Box and Muller 1958). */
function seededNormals(seed: string): () => number {
  const random = seededIntegers(seed);
  const uniform = () => (random(2 ** 32) + 0.5) / 2 ** 32;
  let spare: number | undefined;
  return () => {
    if (spare !== undefined) {
      const next = spare;
      spare = undefined;
      return next;
    }
    const radius = Math.sqrt(-2 * Math.log(uniform()));
    const angle = 2 * Math.PI * uniform();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
}
