import { ascendingRows } from "./ascending-rows.ts";

/** Labels and scores of the same rows; the input of every metric. Scores are finite. */
export interface Sample {
  /** Truth: 0 or 1 for classification, any finite number for regression. */
  readonly labels: Float64Array;
  readonly scores: Float32Array | Float64Array;
  /** 1 where the model decides "yes"; absent where the contract has no threshold. */
  readonly decisions?: Uint8Array;
  /** How often each row counts (a bootstrap resample); once where absent. */
  readonly weights?: Uint32Array;
  /** Row numbers by ascending score; made once and shared by all resamples. */
  readonly order?: Uint32Array;
}

/** 1 where the score is at or above the threshold. */
export function decide(scores: Sample["scores"], threshold: number): Uint8Array {
  return Uint8Array.from(scores, (score) => (score >= threshold ? 1 : 0));
}

/** The sample with its rows sorted by score: O(n log n) once, O(n) for every metric after it. */
export function ranked(sample: Sample): Sample & { readonly order: Uint32Array } {
  return { ...sample, order: sample.order ?? ascendingRows(sample.scores) };
}

/** The rows of a sample at the given positions, in that order. */
export function subset(sample: Sample, rows: Uint32Array): Sample {
  const { labels, scores, decisions, weights } = sample;
  const picked =
    scores instanceof Float32Array ? new Float32Array(rows.length) : new Float64Array(rows.length);
  for (let at = 0; at < rows.length; at++) picked[at] = scores[rows[at]!]!;
  return {
    labels: Float64Array.from(rows, (row) => labels[row]!),
    scores: picked,
    ...(decisions && { decisions: Uint8Array.from(rows, (row) => decisions[row]!) }),
    ...(weights && { weights: Uint32Array.from(rows, (row) => weights[row]!) }),
  };
}

/** Rows counted with their weights. */
export function rowsOf({ labels, weights }: Sample): number {
  if (!weights) return labels.length;
  let rows = 0;
  for (const weight of weights) rows += weight;
  return rows;
}

/** Weighted mean of a term over the rows; null for no rows. */
export function meanOver(sample: Sample, term: (row: number) => number): number | null {
  const { labels, weights } = sample;
  let sum = 0;
  let rows = 0;
  for (let row = 0; row < labels.length; row++) {
    const weight = weights ? weights[row]! : 1;
    if (weight === 0) continue;
    sum += weight * term(row);
    rows += weight;
  }
  return rows === 0 ? null : sum / rows;
}
