/** Rows that share a score, with the positives among them. */
export interface LabelledScore {
  readonly score: number;
  readonly rows: number;
  readonly positives: number;
}

/** The probability that a score stands for. */
export type CalibratedScore = (score: number) => number;

/**
 * Isotonic regression of labels on scores by pooling adjacent violators (Ayer et al. 1955; Zadrozny and Elkan 2002), joined by
 * straight lines between the mean scores of its blocks, and level beyond the outermost. `scores` ascend and hold rows.
 */
export function isotonic(scores: readonly LabelledScore[]): CalibratedScore {
  const blocks: { rows: number; positives: number; weighted: number }[] = [];
  for (const { score, rows, positives } of scores) {
    blocks.push({ rows, positives, weighted: score * rows });
    while (blocks.length > 1 && shareOf(blocks.at(-2)!) >= shareOf(blocks.at(-1)!)) {
      const last = blocks.pop()!;
      const before = blocks.at(-1)!;
      before.rows += last.rows;
      before.positives += last.positives;
      before.weighted += last.weighted;
    }
  }
  return lineThrough(
    Float64Array.from(blocks, (block) => block.weighted / block.rows),
    Float64Array.from(blocks, shareOf),
  );
}

function shareOf({ rows, positives }: { readonly rows: number; readonly positives: number }): number {
  return positives / rows;
}

function lineThrough(scores: Float64Array, shares: Float64Array): CalibratedScore {
  const last = scores.length - 1;
  return (score) => {
    if (score <= scores[0]!) return shares[0]!;
    if (score >= scores[last]!) return shares[last]!;
    let [low, high] = [1, last];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (scores[middle]! > score) high = middle;
      else low = middle + 1;
    }
    const [x0, y0] = [scores[low - 1]!, shares[low - 1]!];
    return y0 + ((shares[low]! - y0) * (score - x0)) / (scores[low]! - x0);
  };
}
