import { type AucEstimate, aucOfTies } from "../intervals/auc-interval.ts";

/** Bins of scores on the scale of their log odds: a bin is less than 1 % of the odds wide. */
const bins = 4096;
const widestLogit = 16;

/** The bin of a probability. */
export function scoreBin(score: number): number {
  const logit = Math.log(score / (1 - score));
  const inside = Math.max(-widestLogit, Math.min(widestLogit, logit));
  return Math.min(bins - 1, Math.floor(((inside + widestLogit) / (2 * widestLogit)) * bins));
}

/** Two counts a bin, by place. */
export type CollectedBins = readonly (Float64Array | undefined)[];

/** Numbers in the counts of a place. */
export const binNumbers = 2 * bins;

/** Positives and negatives by bin of their score, for some places: memory that does not grow with the rows. */
export function scoreBins(places: number, before?: CollectedBins) {
  const held = Array.from({ length: places }, (_, place) => before?.[place]?.slice());
  return {
    collected: (): CollectedBins => held.map((counts) => counts?.slice()),
    add(place: number, bin: number, label: number) {
      held[place] ??= new Float64Array(binNumbers);
      held[place][2 * bin + label]!++;
    },
    auc(place: number): AucEstimate | undefined {
      const counts = held[place] ?? new Float64Array();
      let [positives, negatives] = [0, 0];
      for (let at = 0; at < counts.length; at += 2) {
        negatives += counts[at]!;
        positives += counts[at + 1]!;
      }
      return aucOfTies({ positives, negatives }, (tie) => {
        for (let at = 0; at < counts.length; at += 2)
          if (counts[at]! + counts[at + 1]! > 0) tie(counts[at + 1]!, counts[at]!);
      });
    },
  };
}
