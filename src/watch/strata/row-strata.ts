import { isCalendarCycle } from "../../contract/index.ts";
import type { CellIndices, ColumnCells } from "../../profile/index.ts";
import type { TimeOrder } from "../calibrate/time-order.ts";
import { leastRows } from "../distances/column-distances.ts";
import { windowStart } from "../observe/event-time.ts";
import { calendars } from "./calendar.ts";

/** In which stratum each reference row lies. */
export interface RowStrata {
  /** A cycle of the calendar, or the name of a feature. */
  readonly by: string;
  /** Strata that the reference knows enough of, ascending: places in the cycle, or counters of categories. */
  readonly known: readonly number[];
  /** How many strata have any row. */
  readonly seen: number;
  /** Why rows cannot be cut; none is known then. */
  readonly why?: string;
  /** For each row an index into `known`; its length for rows of all other strata. */
  readonly of: Uint16Array;
}

/** A stratum in fewer windows than this tells too little of how its windows differ. */
const leastWindows = 8;

/** What rows are cut by. */
export interface StrataQuestion {
  readonly by: string;
  readonly windowMs: number;
  readonly order: TimeOrder;
  readonly cells: readonly ColumnCells[];
  /** Cell of each row, per column. */
  readonly rows: readonly CellIndices[];
}

/**
 * Cuts reference rows. A stratum is known when its rows lie in 8 windows (of 2 years for months), or without times when it
 * has 200 rows.
 */
export function rowStrata(question: StrataQuestion): RowStrata {
  const { by, order } = question;
  const places = isCalendarCycle(by) ? calendarPlaces(by, order.times) : categoryPlaces(question);
  if (typeof places === "string")
    return { by, known: [], seen: 0, of: new Uint16Array(order.rows), why: places };
  const years = isCalendarCycle(by) ? calendars[by].years : 1;
  const all = tallies(places, question);
  const isKnown = (tally: Tally) =>
    order.times ? tally.windows >= leastWindows && tally.years >= years : tally.rows >= leastRows;
  const known = [...all.keys()].filter((place) => isKnown(all.get(place)!)).sort((a, b) => a - b);
  const index = new Map(known.map((place, at) => [place, at]));
  const of = Uint16Array.from(places, (place) => index.get(place) ?? known.length);
  return { by, known, seen: all.size, of };
}

/** Place of rows that belong to no stratum. */
const nowhere = -1;

function calendarPlaces(by: keyof typeof calendars, times: Float64Array | undefined): Int32Array | string {
  if (!times) return "the training data has no event time";
  return Int32Array.from(times, calendars[by].at);
}

function categoryPlaces({ by, cells, rows }: StrataQuestion): Int32Array | string {
  const column = cells.findIndex(({ name }) => name === by);
  const own = cells[column];
  if (own?.kind !== "categorical") return `${by} has no categories in the profile`;
  const values = own.values.length;
  return Int32Array.from(rows[column]!, (cell) => (cell < values ? cell : nowhere));
}

interface Tally {
  rows: number;
  windows: number;
  years: number;
  lastWindow: number;
  lastYear: number;
}

function tallies(places: Int32Array, { order: { times }, windowMs }: StrataQuestion): Map<number, Tally> {
  const all = new Map<number, Tally>();
  for (const [row, place] of places.entries()) {
    if (place === nowhere) continue;
    let tally = all.get(place);
    if (!tally) {
      tally = { rows: 0, windows: 0, years: 0, lastWindow: Number.NaN, lastYear: Number.NaN };
      all.set(place, tally);
    }
    tally.rows++;
    if (!times) continue;
    // Times ascend, so that a window or year that was left does not come again.
    const window = windowStart(times[row]!, windowMs);
    if (window === tally.lastWindow) continue;
    [tally.lastWindow, tally.windows] = [window, tally.windows + 1];
    const year = new Date(window).getUTCFullYear();
    if (year !== tally.lastYear) [tally.lastYear, tally.years] = [year, tally.years + 1];
  }
  return all;
}
