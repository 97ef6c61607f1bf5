import type { PerformanceReport } from "../report/performance-report.ts";
import type { CollectedSlices } from "../slices/slice-finder.ts";
import type { WrongWindow } from "../wrong/wrong-window.ts";

/** What was measured of one mature window: plain data, made from its labelled rows alone. */
export interface MeasuredWindow {
  readonly performance: PerformanceReport;
  /** The same with only the labels that had come when it matured. */
  readonly inTime: PerformanceReport;
  /** Absent where nothing is right or wrong. */
  readonly wrong?: WrongWindow;
}

/** A mature window with the print of what it is measured from. */
export interface PrintedWindow {
  /** Milliseconds since 1970. */
  readonly start: number;
  readonly print: string;
}

/** What the slice finder had collected after so many mature windows. */
export interface CollectedAfter {
  readonly windows: number;
  readonly slices: CollectedSlices;
}

/** Measurements of an earlier watch, good for windows with the same print. */
export interface KnownMeasures {
  /** Mature windows in the order of time. */
  readonly windows: readonly PrintedWindow[];
  readonly of: (window: PrintedWindow) => MeasuredWindow | undefined;
  /** Ascending. */
  readonly collected: readonly CollectedAfter[];
}

/** What was measured now, in the same form. */
export interface TakenMeasures extends KnownMeasures {
  /** So many of the first mature windows are those of before. */
  readonly same: number;
}

/** How many of the first windows are known by their print. */
export function knownFirst(windows: readonly PrintedWindow[], known: KnownMeasures | undefined): number {
  const changed = windows.findIndex(({ start, print }, at) => {
    const before = known?.windows[at];
    return before?.start !== start || before.print !== print;
  });
  return changed < 0 ? windows.length : changed;
}

/**
 * Whether what was collected after some of the mature windows is kept: after the newest, and after each 8th, 64th and 512th
 * among as many newest, so that labels that come late for a window let few others be read again.
 */
export function isCollectedKept(after: number, windows: number): boolean {
  return after === windows || [8, 64, 512].some((each) => after % each === 0 && windows - after <= each);
}
