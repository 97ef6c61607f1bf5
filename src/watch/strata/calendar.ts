import type { CalendarCycle } from "../../contract/index.ts";

/** The strata of one cycle of the calendar, in UTC. */
export interface Calendar {
  /** In order, for people. */
  readonly names: readonly string[];
  /** Stratum of an instant in milliseconds since 1970. */
  readonly at: (ms: number) => number;
  /** Strata return so seldom that one return says little of the next: so many years must have been seen. */
  readonly years: number;
}

const [hour, day] = [3_600_000, 86_400_000];
const weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];
const hours = Array.from({ length: 24 }, (_, at) => `${String(at).padStart(2, "0")}:00`);
const months = "January February March April May June July August September October November December".split(
  " ",
);

const modulo = (number: number, size: number) => ((number % size) + size) % size;
const hourOf = (ms: number) => modulo(Math.floor(ms / hour), 24);
/** The first of January 1970 was a Thursday. */
const weekdayOf = (ms: number) => modulo(Math.floor(ms / day) + 3, 7);

/** All cycles. */
export const calendars: Readonly<Record<CalendarCycle, Calendar>> = {
  "hour-of-day": { names: hours, at: hourOf, years: 1 },
  "day-of-week": { names: weekdays, at: weekdayOf, years: 1 },
  "hour-of-week": {
    names: weekdays.flatMap((weekday) => hours.map((name) => `${weekday} ${name}`)),
    at: (ms) => weekdayOf(ms) * 24 + hourOf(ms),
    years: 1,
  },
  "month-of-year": { names: months, at: (ms) => new Date(ms).getUTCMonth(), years: 2 },
};
