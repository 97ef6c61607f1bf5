import type { SliceLayout } from "../slices/slice-layout.ts";

/** Labelled predictions, how many of them were wrong, and how many the calibrated scores expect to be. */
export interface WrongTally {
  readonly rows: number;
  readonly wrong: number;
  readonly expected: number;
}

/**
 * The wrong predictions of one mature window, counted: plain data, made from the labelled rows of the window alone. No rows are
 * kept beside a few samples.
 */
export interface WrongWindow {
  /** Predictions whose label an earlier row of the labels contradicts. */
  readonly contradicted: WrongTally;
  /** All others. */
  readonly rest: WrongTally;
  /** Of the others by slice: four numbers a slice that holds rows, its place in the layout and its tally. */
  readonly places: readonly number[];
  /** The first few of either kind by the hash of their name. */
  readonly samples: readonly WrongSample[];
}

/** One wrong prediction, as it may be shown. */
export interface WrongSample {
  /** The name by which its label found it: an id or a key, which are never values of sensitive features. */
  readonly name: string;
  readonly score: number;
  readonly decision: 0 | 1;
  readonly label: number;
  readonly contradicted: boolean;
  /** Places of the slices that it lies in. */
  readonly places: readonly number[];
}

/** The wrong predictions of all mature windows. */
export interface WrongPredictions {
  /** By the start of the window, in milliseconds since 1970. */
  readonly windows: ReadonlyMap<number, WrongWindow>;
  /** What the places of slices stand for. */
  readonly layout: SliceLayout;
  /** False where it is not known how many are to be expected. */
  readonly expects: boolean;
}

/** The tally of nothing. */
export const noneWrong: WrongTally = { rows: 0, wrong: 0, expected: 0 };

/** Two tallies together, or one without a part of it. */
export function addTallies(a: WrongTally, b: WrongTally, sign: 1 | -1 = 1): WrongTally {
  return {
    rows: a.rows + sign * b.rows,
    wrong: a.wrong + sign * b.wrong,
    expected: a.expected + sign * b.expected,
  };
}

/** The tally of a slice. */
export function tallyAt({ places }: WrongWindow, place: number): WrongTally {
  for (let at = 0; at < places.length; at += 4)
    if (places[at] === place)
      return { rows: places[at + 1]!, wrong: places[at + 2]!, expected: places[at + 3]! };
  return noneWrong;
}
