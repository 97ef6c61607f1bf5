import { ranked, type Sample } from "./sample.ts";

/** Positives and negatives that share one score. */
interface Tie {
  readonly positives: number;
  readonly negatives: number;
}

/**
 * Area under the ROC curve: P(score of a positive > score of a negative) + ½ P(equal), exact under ties
 * (Mann–Whitney U on integer counts). Null where only one class is there.
 */
export function rocAuc(sample: Sample): number | null {
  let wins = 0;
  let positives = 0;
  let negatives = 0;
  for (const tie of tiesAscending(sample)) {
    wins += tie.positives * (negatives + tie.negatives / 2);
    positives += tie.positives;
    negatives += tie.negatives;
  }
  return positives === 0 || negatives === 0 ? null : wins / (positives * negatives);
}

/**
 * Average precision: Σ (recallₙ − recallₙ₋₁)·precisionₙ over distinct scores, highest first, without interpolation
 * (scikit-learn's definition). Null without positives.
 */
export function averagePrecision(sample: Sample): number | null {
  let sum = 0;
  let hits = 0;
  let decided = 0;
  for (const tie of tiesAscending(sample).reverse()) {
    hits += tie.positives;
    decided += tie.positives + tie.negatives;
    if (tie.positives > 0) sum += (tie.positives * hits) / decided;
  }
  return hits === 0 ? null : sum / hits;
}

function tiesAscending(sample: Sample): Tie[] {
  const { labels, scores, weights, order } = ranked(sample);
  const ties: Tie[] = [];
  let positives = 0;
  let negatives = 0;
  for (let at = 0; at < order.length; at++) {
    const row = order[at]!;
    const weight = weights ? weights[row]! : 1;
    if (labels[row] === 1) positives += weight;
    else negatives += weight;
    if (at + 1 < order.length && scores[order[at + 1]!] === scores[row]) continue;
    if (positives + negatives > 0) ties.push({ positives, negatives });
    positives = negatives = 0;
  }
  return ties;
}
