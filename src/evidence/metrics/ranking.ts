import { ranked, type Sample } from "./sample.ts";

/**
 * Area under the ROC curve: P(score of a positive > score of a negative) + ½ P(equal), exact under ties
 * (Mann–Whitney U on integer counts). Null where only one class is there.
 */
export function rocAuc(sample: Sample): number | null {
  let wins = 0;
  let allPositives = 0;
  let allNegatives = 0;
  eachTie(sample, (positives, negatives) => {
    wins += negatives * (allPositives + positives / 2);
    allPositives += positives;
    allNegatives += negatives;
  });
  return allPositives === 0 || allNegatives === 0 ? null : wins / (allPositives * allNegatives);
}

/**
 * Average precision: Σ (recallₙ − recallₙ₋₁)·precisionₙ over distinct scores, highest first, without interpolation
 * (scikit-learn's definition). Null without positives.
 */
export function averagePrecision(sample: Sample): number | null {
  let sum = 0;
  let hits = 0;
  let decided = 0;
  eachTie(sample, (positives, negatives) => {
    hits += positives;
    decided += positives + negatives;
    if (positives > 0) sum += (positives * hits) / decided;
  });
  return hits === 0 ? null : sum / hits;
}

/** Visits the positives and negatives that share one score, highest score first. */
function eachTie(sample: Sample, visit: (positives: number, negatives: number) => void): void {
  const { labels, scores, weights, order } = ranked(sample);
  let positives = 0;
  let negatives = 0;
  for (let at = order.length - 1; at >= 0; at--) {
    const row = order[at]!;
    const weight = weights ? weights[row]! : 1;
    if (labels[row] === 1) positives += weight;
    else negatives += weight;
    if (at > 0 && scores[order[at - 1]!] === scores[row]) continue;
    if (positives + negatives > 0) visit(positives, negatives);
    positives = negatives = 0;
  }
}
