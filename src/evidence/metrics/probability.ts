import { meanOver, rowsOf, type Sample } from "./sample.ts";

/** Bins of the expected calibration error. */
export const calibrationBins = 15;

/**
 * Mean negative log-likelihood, natural logarithm. Scores are clipped to [ε, 1 − ε] with ε the machine epsilon of
 * their own type, as scikit-learn does. Null where a score is no probability.
 */
export function logLoss(sample: Sample): number | null {
  const { labels, scores } = sample;
  if (!areProbabilities(sample)) return null;
  const epsilon = scores instanceof Float32Array ? 2 ** -23 : 2 ** -52;
  return meanOver(sample, (row) => {
    const score = Math.min(Math.max(scores[row]!, epsilon), 1 - epsilon);
    return labels[row] === 1 ? -Math.log(score) : -Math.log1p(-score);
  });
}

/** Brier score: mean squared difference of score and label. Null where a score is no probability. */
export function brier(sample: Sample): number | null {
  const { labels, scores } = sample;
  if (!areProbabilities(sample)) return null;
  return meanOver(sample, (row) => (scores[row]! - labels[row]!) ** 2);
}

/**
 * Expected calibration error over 15 equal-width bins, right-closed, a score of 0 in the first:
 * Σ nᵦ/n · |mean label − mean score| (Naeini et al. 2015). Null where a score is no probability.
 */
export function expectedCalibrationError(sample: Sample): number | null {
  const { labels, scores, weights } = sample;
  if (!areProbabilities(sample)) return null;
  const gaps = new Float64Array(calibrationBins);
  for (let row = 0; row < labels.length; row++) {
    const weight = weights ? weights[row]! : 1;
    gaps[binOf(scores[row]!)]! += weight * (labels[row]! - scores[row]!);
  }
  const rows = rowsOf(sample);
  return rows === 0 ? null : gaps.reduce((sum, gap) => sum + Math.abs(gap), 0) / rows;
}

/** True when every score lies in [0, 1]. */
export function areProbabilities({ scores }: Sample): boolean {
  for (const score of scores) if (!(score >= 0 && score <= 1)) return false;
  return true;
}

/** The product rounds up to no edge for 15 bins, but it can round down to one: then the score is in the bin above. */
function binOf(score: number): number {
  const bin = Math.max(Math.ceil(score * calibrationBins) - 1, 0);
  return score > (bin + 1) / calibrationBins ? bin + 1 : bin;
}
