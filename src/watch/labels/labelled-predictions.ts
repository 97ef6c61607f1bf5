import type { Task } from "../../contract/index.ts";
import { type ColumnCells, cellCount } from "../../profile/index.ts";

/** What became of the labels. Each row of the file is counted in exactly one of the first five. */
export interface LabelCounts {
  /** Labels that found their prediction. */
  readonly matched: number;
  /** Further rows that say the same of the same name. */
  readonly duplicated: number;
  /** Rows that a later row of the same name contradicts: the later one counts. */
  readonly corrected: number;
  /** Labels whose name no answered prediction has. */
  readonly unmatched: number;
  /** Rows without a label. */
  readonly empty: number;
  /** Of the matched: those that came after the contract's delay, counted from their first prediction; they count all the same. */
  readonly late: number;
  /** Predictions beyond the first that share a name with another: each counts, with the same label. */
  readonly repeated: number;
}

/** The predictions of one window that have a label: one entry a row in each array, in the order of the logs. */
export interface LabelledWindow {
  /** Milliseconds since 1970. */
  readonly start: number;
  /** Answered predictions of the window, labelled or not. */
  readonly answered: number;
  /** 0 or 1, or any finite number for regression. */
  readonly labels: Float64Array;
  readonly scores: Float64Array;
  /** 1 for "yes"; absent where the contract has no threshold. */
  readonly decisions?: Uint8Array;
  /** When the label came, in milliseconds since 1970; event time and delay where the file does not say. */
  readonly arrived: Float64Array;
  /** 1 where an earlier row of the labels said otherwise of the same name. */
  readonly contradicted: Uint8Array;
  /** By row: names, at most 100 characters of each, of a few predictions whose decision is not their label. */
  readonly wrongNames: ReadonlyMap<number, string>;
  /** For each slice that was asked for, the cell that the row is in. */
  readonly slices: readonly Uint16Array[];
}

/** A log of predictions. */
export interface LoggedFile {
  readonly path: string;
  /** Rows that its counters say it has: another number makes it unreadable. */
  readonly rows?: number;
}

/** What is to be joined with what. */
export interface LabelQuestion {
  /** Logs of predictions, in their order. */
  readonly logs: readonly LoggedFile[];
  /** Column of the logs that holds the score. */
  readonly score: string;
  /** The logs say what was decided. */
  readonly decides: boolean;
  /** Slices `slice.NAME` of the logs, with their cells. */
  readonly slices: readonly ColumnCells[];
  readonly labels: {
    readonly path: string;
    /** Column that names the prediction. */
    readonly name: string;
    readonly label: string;
    /** Column that says when the label came. */
    readonly arrived?: string;
  };
  readonly task: Task;
  readonly windowMs: number;
  /** How long labels may take after event time. */
  readonly delayMs: number;
}

/** A log that cannot be read, and why. */
export interface UnreadableLog {
  readonly path: string;
  readonly reason: string;
}

/** Port: predictions with their labels, by id first, then by key; of labels with the same name the last counts. */
export interface LabelledPredictions {
  readonly unreadable: readonly UnreadableLog[];
  /**
   * Digests of all that windows with answered predictions are measured from, by their start, ascending; absent where they were not
   * asked for. Rows go into it by hashes of 64 bits, twice summed up.
   */
  readonly prints?: ReadonlyMap<number, string>;
  /** Windows with answered predictions, ascending, each made when it is asked for; some may be left out where there are prints. Walked once. */
  windows(leaveOut?: (start: number) => boolean): AsyncIterable<LabelledWindow>;
  /** Complete when all windows were taken. */
  counts(): LabelCounts;
  /** Drops what was kept on disk. */
  close(): Promise<void>;
}

/** Most cells that a column may have to be sliced by. */
const mostSliceCells = 200;

/** Cells of the slices that can be looked at: those that the profile holds and that are not cut too fine. */
export function sliceCells(slices: readonly string[], columns: readonly ColumnCells[]): ColumnCells[] {
  const coarse = columns.filter((cells) => cellCount(cells) <= mostSliceCells);
  return slices.flatMap((slice) => coarse.find(({ name }) => name === slice) ?? []);
}
