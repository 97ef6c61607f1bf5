/** Cycles of the calendar that windows can be compared within, in UTC, and the length in which one stratum stays: windows divide it. */
export const calendarCycles = {
  "hour-of-day": "1h",
  "day-of-week": "1d",
  "hour-of-week": "1h",
  "month-of-year": "1d",
} as const;

/** A cycle of the calendar. */
export type CalendarCycle = keyof typeof calendarCycles;

/** True where `watch.strata` names a cycle of the calendar; otherwise it names a feature. */
export function isCalendarCycle(strata: string): strata is CalendarCycle {
  return Object.hasOwn(calendarCycles, strata);
}
