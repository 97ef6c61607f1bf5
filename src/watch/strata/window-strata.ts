import { isCalendarCycle } from "../../contract/index.ts";
import { type Profile, type Strata, type ThresholdTable, toNumber } from "../../profile/index.ts";
import type { WindowCounts } from "../observe/window-counts.ts";
import { calendars } from "./calendar.ts";
import { strataColumn } from "./strata-column.ts";

/** Rows of a window by known stratum, in their order, then of all others. */
export type StrataMix = readonly number[];

/** Says how the rows of a window lie in strata: a calendar's by the start of the window, a feature's by its counters. */
export function windowMix({ by, known }: Strata, { features }: Pick<Profile, "features">) {
  const column = features.cells.columns.findIndex(({ name }) => name === by);
  return (window: Pick<WindowCounts, "start" | "features">): StrataMix => {
    const rows = toNumber(window.features.rows);
    let rest = rows;
    const place = isCalendarCycle(by) ? calendars[by].at(window.start) : undefined;
    const counts = window.features.columns[column]?.counts;
    const mix = known.map(({ at }) => {
      const own = place === undefined ? toNumber(counts?.[at] ?? 0) : place === at ? rows : 0;
      rest -= own;
      return own;
    });
    return [...mix, Math.max(0, rest)];
  };
}

/**
 * Counts of a judged column by stratum. Undefined where there are no strata, and for the feature that they are made by: how
 * often each of its values comes is always what is expected within strata, so it is compared with the whole reference.
 */
export function columnStrata({
  strata,
  columns,
}: Pick<ThresholdTable, "strata" | "columns">): (
  column: number,
) => readonly (readonly number[])[] | undefined {
  const own = strata ? strataColumn(strata.by, columns) : -1;
  return (column) =>
    strata && strata.known.length > 0 && column !== own
      ? strata.known.map(({ counts }) => counts[column]!)
      : undefined;
}

/** What windows are compared within, for people. */
export interface StrataNames {
  /** A cycle of the calendar, or the name of a feature. */
  readonly by: string;
  /** Names of the strata that the reference knows. */
  readonly names: readonly string[];
}

/** Undefined where every window is compared with the whole reference. */
export function strataNames({
  thresholds,
  features,
}: Pick<Profile, "thresholds" | "features">): StrataNames | undefined {
  const { strata } = thresholds ?? {};
  if (!strata || strata.known.length === 0) return undefined;
  return { by: strata.by, names: strata.known.map(({ at }) => stratumName(strata, at, { features })) };
}

/** What a stratum is called. */
function stratumName({ by }: Strata, at: number, { features }: Pick<Profile, "features">): string {
  if (isCalendarCycle(by)) return calendars[by].names[at] ?? String(at);
  const cells = features.cells.columns.find(({ name }) => name === by);
  return (cells?.kind === "categorical" ? cells.values[at] : undefined) ?? String(at);
}
