import { ranked, type Sample } from "../../evidence/index.ts";
import { type Interval, logitInterval } from "./normal.ts";

/** An area under the ROC curve with the variance of its estimate. */
export interface AucEstimate {
  readonly auc: number;
  readonly variance: number;
  readonly positives: number;
  readonly negatives: number;
}

/** Fewer rows of a class say too little about how the class spreads. */
const fewestOfClass = 10;

/**
 * ROC AUC with its variance (DeLong, DeLong and Clarke-Pearson 1988) by ranks, one sort and one walk (Sun and Xu 2014); ties
 * count half. Undefined with fewer than two rows of a class.
 */
export function aucEstimate(sample: Sample): AucEstimate | undefined {
  const { labels, scores, order } = ranked(sample);
  const positives = labels.reduce((sum, label) => sum + label, 0);
  return aucOfTies({ positives, negatives: labels.length - positives }, (tie) => {
    for (let from = 0; from < order.length; ) {
      let to = from;
      let tied = 0;
      const score = scores[order[from]!];
      for (; to < order.length && scores[order[to]!] === score; to++) tied += labels[order[to]!]!;
      tie(tied, to - from - tied);
      from = to;
    }
  });
}

/** The same from the positives and negatives that share a score, lowest score first. */
export function aucOfTies(
  { positives, negatives }: Pick<AucEstimate, "positives" | "negatives">,
  eachTie: (visit: (positives: number, negatives: number) => void) => void,
): AucEstimate | undefined {
  if (positives < 2 || negatives < 2) return undefined;
  const above = moments();
  const below = moments();
  let [positivesBefore, negativesBefore] = [0, 0];
  eachTie((tied, others) => {
    // Share of the other class that a row of this tie beats.
    above.add((negativesBefore + others / 2) / negatives, tied);
    below.add(1 - (positivesBefore + tied / 2) / positives, others);
    positivesBefore += tied;
    negativesBefore += others;
  });
  const variance = above.variance() / positives + below.variance() / negatives;
  return { auc: above.mean(), variance, positives, negatives };
}

/** 95 % interval on the logit scale (Pepe 2003, section 5.2.4); none where a class has fewer than 10 rows or nothing varies. */
export function aucInterval(estimate: AucEstimate | undefined): Interval | undefined {
  if (!estimate || Math.min(estimate.positives, estimate.negatives) < fewestOfClass) return undefined;
  const { auc, variance } = estimate;
  if (variance <= 0 || auc <= 0 || auc >= 1) return undefined;
  return logitInterval(auc, Math.sqrt(variance) / (auc * (1 - auc)));
}

/** Mean and unbiased variance with weights (West 1979). */
function moments() {
  let [weights, mean, squares] = [0, 0, 0];
  return {
    add(value: number, weight: number) {
      if (weight === 0) return;
      weights += weight;
      const delta = value - mean;
      mean += (delta * weight) / weights;
      squares += delta * (value - mean) * weight;
    },
    mean: () => mean,
    variance: () => squares / (weights - 1),
  };
}
