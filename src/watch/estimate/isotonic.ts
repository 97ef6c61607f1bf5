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
  const knots = blocks.map((block) => [block.weighted / block.rows, shareOf(block)] as const);
  return (score) => lineThrough(knots, score);
}

function shareOf({ rows, positives }: { readonly rows: number; readonly positives: number }): number {
  return positives / rows;
}

function lineThrough(knots: readonly (readonly [number, number])[], score: number): number {
  const [first, last] = [knots[0]!, knots.at(-1)!];
  if (score <= first[0]) return first[1];
  if (score >= last[0]) return last[1];
  const next = firstBeyond(knots, score);
  const [[x0, y0], [x1, y1]] = [knots[next - 1]!, knots[next]!];
  return y0 + ((y1 - y0) * (score - x0)) / (x1 - x0);
}

/** The first knot beyond a score, by halving: every labelled row asks. */
function firstBeyond(knots: readonly (readonly [number, number])[], score: number): number {
  let [low, high] = [0, knots.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (knots[middle]![0] > score) high = middle;
    else low = middle + 1;
  }
  return low;
}
