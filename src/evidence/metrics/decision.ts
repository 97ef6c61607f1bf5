import type { Sample } from "./sample.ts";

/** Decisions against truth, counted. */
export interface Confusion {
  readonly truePositives: number;
  readonly falsePositives: number;
  readonly falseNegatives: number;
  readonly trueNegatives: number;
}

/** The confusion matrix; null where the contract makes no decisions. */
export function confusionOf({ labels, decisions, weights }: Sample): Confusion | null {
  if (!decisions) return null;
  const counts = [0, 0, 0, 0];
  for (let row = 0; row < labels.length; row++)
    counts[(labels[row] === 1 ? 2 : 0) + decisions[row]!]! += weights ? weights[row]! : 1;
  const [trueNegatives, falsePositives, falseNegatives, truePositives] = counts as [
    number,
    number,
    number,
    number,
  ];
  return { truePositives, falsePositives, falseNegatives, trueNegatives };
}

/** Share of right decisions; null for no rows or no decisions. */
export const accuracy = fraction(
  (c) => c.truePositives + c.trueNegatives,
  (c) => c.truePositives + c.trueNegatives + c.falsePositives + c.falseNegatives,
);

/** Share of "yes" decisions that are right; null (undefined, not 0) where nothing was decided "yes". */
export const precision = fraction(
  (c) => c.truePositives,
  (c) => c.truePositives + c.falsePositives,
);

/** Share of positives decided "yes"; null (undefined, not 0) where there are no positives. */
export const recall = fraction(
  (c) => c.truePositives,
  (c) => c.truePositives + c.falseNegatives,
);

/** Harmonic mean of precision and recall, 2TP/(2TP+FP+FN); null where that denominator is 0. */
export const f1 = fraction(
  (c) => 2 * c.truePositives,
  (c) => 2 * c.truePositives + c.falsePositives + c.falseNegatives,
);

function fraction(above: (c: Confusion) => number, below: (c: Confusion) => number) {
  return (sample: Sample): number | null => {
    const confusion = confusionOf(sample);
    if (!confusion || below(confusion) === 0) return null;
    return above(confusion) / below(confusion);
  };
}
