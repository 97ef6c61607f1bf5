import { windowStart } from "../observe/event-time.ts";
import type { Tallies, WindowCounts } from "../observe/window-counts.ts";
import type { ObservationFile } from "./observation-file.ts";

/** What the counts of a window are held against, where no profile is known. */
export type CountingFrame = Pick<ObservationFile, "window_ms" | "latency_edges">;

/** A law of counting, and what is said of a window that breaks it. */
type Law = (window: WindowCounts, frame: CountingFrame) => string | undefined;

/**
 * What holds in every window however it was counted, and in every sum of windows: each row is answered, rejected by one clause,
 * or neither; a call is timed once, in the window of its first row.
 */
const laws: readonly Law[] = [
  ({ start }, { window_ms }) =>
    windowStart(start, window_ms) === start ? undefined : "it does not begin where a window begins",
  ({ rows, answered }) => (answered <= rows ? undefined : `${answered} of ${rows} rows were answered`),
  ({ rows, untimed }) => (untimed <= rows ? undefined : `${untimed} of ${rows} rows have no event time`),
  ({ rows, answered, rejected }) =>
    answered + total(rejected) <= rows
      ? undefined
      : `${answered} rows were answered and ${total(rejected)} rejected, of ${rows}`,
  ({ rows, outside }) =>
    Object.values(outside).every((count) => count <= rows)
      ? undefined
      : "more rows are outside what is expected than there are",
  ({ rows, calls }) => (calls <= rows ? undefined : `${calls} calls were timed for ${rows} rows`),
  ({ calls, latency }) =>
    total(latency) === calls ? undefined : `${total(latency)} of ${calls} timed calls have a latency`,
  ({ latency }, { latency_edges }) =>
    Object.keys(latency).every((cell) => isCell(cell, latency_edges.length))
      ? undefined
      : "it has latency cells that are none",
  ({ start, newest_event }, { window_ms }) =>
    newest_event === undefined || (newest_event >= start && newest_event < start + window_ms)
      ? undefined
      : "its newest event is not in it",
  ({ failed }) =>
    failed === undefined || Object.keys(failed).every((code) => errorCode.test(code))
      ? undefined
      : "calls failed by codes that are none",
];

const errorCode = /^[a-z][a-z-]{0,39}$/;

/** How counts of one window contradict each other; undefined where they do not. */
export function contradictionIn(window: WindowCounts, frame: CountingFrame): string | undefined {
  for (const law of laws) {
    const fault = law(window, frame);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function total(tallies: Tallies): number {
  return Object.values(tallies).reduce((sum, count) => sum + count, 0);
}

/** Latency cells are numbered from 0; the last one is above all ends. */
function isCell(name: string, last: number): boolean {
  return /^\d{1,5}$/.test(name) && String(Number(name)) === name && Number(name) <= last;
}
