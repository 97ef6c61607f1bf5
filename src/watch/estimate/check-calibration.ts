import type { NumericCells, ScoreCalibration } from "../../profile/index.ts";
import { z95 } from "../intervals/normal.ts";
import type { CalibrationCheck } from "../report/estimated-performance.ts";
import { scoreCells } from "./score-cells.ts";

/** Three points of probability: what a score may be off, root mean square over its cells. */
const tolerance = 0.03;

/**
 * Does the score mean what it says? The root mean square calibration error over cells, freed from the variance that sampling
 * adds (Bröcker 2012; Kumar, Liang and Ma 2019), with a 95 % interval to first order. Pass and fail are shown: the whole
 * interval must lie on one side of the tolerance, and rows that cannot tell are not-run.
 */
export function checkCalibration(cells: NumericCells, calibration: ScoreCalibration): CalibrationCheck {
  let [square, variance] = [0, 0];
  for (const { rows, mean, index } of scoreCells(cells, calibration)) {
    const positives = Number(calibration.positives[index]!);
    const weight = rows / calibration.rows;
    // Two rows more, one of them positive (Agresti and Coull 1998): a cell without positives is not certain of it.
    const smoothed = (positives + 1) / (rows + 2);
    const sampling = (smoothed * (1 - smoothed)) / rows;
    const excess = (positives / rows - mean) ** 2 - sampling;
    square += weight * excess;
    variance += weight ** 2 * (4 * Math.max(0, excess) * sampling + 2 * sampling ** 2);
  }
  const half = z95 * Math.sqrt(variance);
  const root = (value: number) => Math.sqrt(Math.max(0, value));
  const interval = [root(square - half), root(square + half)] as const;
  const outcome = interval[1] <= tolerance ? "pass" : interval[0] > tolerance ? "fail" : "not-run";
  return { outcome, rows: calibration.rows, error: root(square), interval, tolerance };
}
