import { isCalendarCycle } from "../../contract/index.ts";

/** Place of the column that strata are made by; -1 for a cycle of the calendar, whatever columns are called. */
export function strataColumn(by: string, names: readonly string[]): number {
  return isCalendarCycle(by) ? -1 : names.indexOf(by);
}
