import { type Clause, type Contract, clausesOf } from "../../contract/index.ts";
import { dayText } from "../../kernel/index.ts";
import type { Profile } from "../../profile/index.ts";
import type { LabelCounts } from "../labels/labelled-predictions.ts";
import type { WindowCounts } from "../observe/window-counts.ts";
import type { SliceReport } from "../report/slice-report.ts";
import type { WindowReport } from "../report/window-report.ts";
import { type ColumnSeries, columnSeries, type SampledWindow } from "./column-series.ts";

/** Everything that errors are classified from. */
export interface ClassifyInput {
  readonly contract: Contract;
  readonly profile: Profile;
  /** Counters by window, and what the report says of the same windows. */
  readonly counts: readonly WindowCounts[];
  readonly windows: readonly WindowReport[];
  readonly labels?: LabelCounts;
  /** Parts of the labelled predictions, where labels were given. */
  readonly slices?: readonly SliceReport[];
  /** Values of sampled rows; counters alone tell less. */
  readonly samples?: readonly SampledWindow[];
}

/** The input, and what every rule needs of it. */
export interface Facts extends ClassifyInput {
  readonly series: readonly ColumnSeries[];
  readonly clauses: ReadonlyMap<string, Clause>;
}

/** Prepares the input for the rules. */
export function factsOf(input: ClassifyInput): Facts {
  const { contract, profile, counts: windows, samples } = input;
  return {
    ...input,
    series: columnSeries(contract, profile, { windows, ...(samples && { samples }) }),
    clauses: new Map(clausesOf(contract).map((clause) => [clause.id, clause])),
  };
}

/** Start of a window as people write it: the date, and the time where it is not midnight. */
export function dayOf({ windows }: ClassifyInput, window: number): string {
  return dayText(windows[window]!.start);
}

/** All rows of windows, by window. */
export function allRows({ counts }: ClassifyInput, windows: readonly number[]): ReadonlyMap<number, number> {
  return new Map(windows.map((window) => [window, counts[window]!.rows]));
}
