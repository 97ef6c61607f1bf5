import type { ErrorGroup } from "../classes/error-group.ts";
import type { DriftAlarm } from "../drift/drift-alarm.ts";
import type { WindowQuality } from "./window-values.ts";

/** What is known of the feed: absent where it was not looked for. */
export interface FeedKnowledge {
  readonly errors?: readonly ErrorGroup[] | undefined;
  readonly alarms?: readonly DriftAlarm[] | undefined;
  /** Share of rows that callers are expected to send wrong (`serving.traffic.invalid`): a class below it is no news. */
  readonly expectedInvalid: number;
}

const feedClass = /^(contract|upstream)\./;

/**
 * Whether the feed was sound in the window that starts then. It was not where an error class of contract or feed that is
 * more than a note is open, above the share of wrong rows that the contract expects, or where a drift alarm goes back to
 * data quality.
 */
export function windowQuality(
  start: string,
  { errors, alarms, expectedInvalid }: FeedKnowledge,
): WindowQuality {
  if (!errors && !alarms) return { ok: "unknown", why: "neither errors nor drift were judged" };
  const group = errors?.find(
    (one) =>
      feedClass.test(one.class) &&
      one.severity !== "note" &&
      one.rate > expectedInvalid &&
      one.starts.includes(start),
  );
  if (group) return { ok: false, why: `${group.class} is open on ${group.clause}` };
  const alarm = alarms?.find(
    ({ cause, begins, until }) =>
      cause === "quality" && Date.parse(begins) <= Date.parse(start) && Date.parse(start) < Date.parse(until),
  );
  if (alarm) return { ok: false, why: `drift since ${alarm.begins} goes back to data quality` };
  return { ok: true, why: "" };
}
