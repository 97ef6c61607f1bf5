import type { LabelledWindow } from "../labels/labelled-predictions.ts";
import type { SliceLayout } from "../slices/slice-layout.ts";
import type { WrongSample, WrongTally, WrongWindow } from "./wrong-window.ts";

/** What wrong predictions are counted by. */
export interface CountOptions {
  readonly layout: SliceLayout;
  /** The probability that a score stands for; nothing is expected where it is not known. */
  readonly probability?: ((score: number) => number) | undefined;
}

/** Counts the wrong predictions of a window; none where the contract has no threshold, so that nothing is right or wrong. */
export function countWrong(
  window: LabelledWindow,
  { layout, probability }: CountOptions,
): WrongWindow | undefined {
  const { labels, scores, decisions, contradicted, slices } = window;
  if (!decisions) return undefined;
  // Places, then the rest, then what was contradicted: rows, wrong and expected of each.
  const sums = new Float64Array(3 * (layout.size + 2));
  let [row, wrong, expected] = [0, 0, 0];
  const take = (place: number) => {
    sums[3 * place]!++;
    sums[3 * place + 1]! += wrong;
    sums[3 * place + 2]! += expected;
  };
  const cellOf = (column: number) => slices[column]![row]!;
  for (; row < labels.length; row++) {
    wrong = Number(decisions[row] !== labels[row]);
    expected = probability ? Math.abs(decisions[row]! - probability(scores[row]!)) : 0;
    take(layout.size + contradicted[row]!);
    if (contradicted[row] === 0) layout.places(cellOf, take);
  }
  const tally = (place: number): WrongTally => ({
    rows: sums[3 * place]!,
    wrong: sums[3 * place + 1]!,
    expected: sums[3 * place + 2]!,
  });
  return {
    contradicted: tally(layout.size + 1),
    rest: tally(layout.size),
    places: Array.from({ length: layout.size }, (_, place) => place).flatMap((place) =>
      sums[3 * place] === 0 ? [] : [place, ...sums.subarray(3 * place, 3 * place + 3)],
    ),
    samples: samplesOf(window, decisions, layout),
  };
}

function samplesOf(
  { labels, scores, contradicted, wrongNames, slices }: LabelledWindow,
  decisions: Uint8Array,
  layout: SliceLayout,
): WrongSample[] {
  return [...wrongNames].map(([row, name]) => {
    const places: number[] = [];
    layout.places(
      (column) => slices[column]![row]!,
      (place) => places.push(place),
    );
    const [score, decision, label] = [scores[row]!, decisions[row] === 1 ? 1 : 0, labels[row]!] as const;
    return { name, score, decision, label, contradicted: contradicted[row] === 1, places };
  });
}
