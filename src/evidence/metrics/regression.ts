import { meanOver, type Sample } from "./sample.ts";

/** Root of the mean squared error, in the label's unit; null for no rows. */
export function rootMeanSquaredError(sample: Sample): number | null {
  const square = meanSquaredError(sample);
  return square === null ? null : Math.sqrt(square);
}

/** Mean absolute error, in the label's unit; null for no rows. */
export function meanAbsoluteError(sample: Sample): number | null {
  return meanOver(sample, (row) => Math.abs(sample.scores[row]! - sample.labels[row]!));
}

/** Coefficient of determination, 1 − SS_res/SS_tot about the mean label; null where all labels are equal. */
export function coefficientOfDetermination(sample: Sample): number | null {
  const mean = meanOver(sample, (row) => sample.labels[row]!);
  if (mean === null) return null;
  const variance = meanOver(sample, (row) => (sample.labels[row]! - mean) ** 2)!;
  return variance === 0 ? null : 1 - meanSquaredError(sample)! / variance;
}

function meanSquaredError(sample: Sample): number | null {
  return meanOver(sample, (row) => (sample.scores[row]! - sample.labels[row]!) ** 2);
}
