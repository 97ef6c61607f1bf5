import type { ErrorGroup } from "../classes/error-group.ts";
import type { WindowQuality } from "./window-values.ts";

/** What is known of the feed. */
export interface FeedKnowledge {
  /** Absent where errors were not classified. */
  readonly errors?: readonly ErrorGroup[] | undefined;
  /** Share of rows that callers are expected to send wrong (`serving.traffic.invalid`): a class up to it is no news. */
  readonly expectedInvalid: number;
}

const feedClass = /^(contract|upstream)\./;

/**
 * Whether the feed was sound in the window that starts then. It was not where an error class of contract or feed that is
 * more than a note is open, above the share of wrong rows that the contract expects. Drift alarms have no say: one alarm can span
 * months, and what in it is a fault of the feed is a class of its own.
 */
export function windowQuality(start: string, { errors, expectedInvalid }: FeedKnowledge): WindowQuality {
  if (!errors) return { ok: "unknown", why: "it is not known whether the feed was sound" };
  const group = errors.find(
    (one) =>
      feedClass.test(one.class) &&
      one.severity !== "note" &&
      one.rate > expectedInvalid &&
      one.starts.includes(start),
  );
  return group ? { ok: false, why: `${group.class} is open on ${group.clause}` } : { ok: true, why: "" };
}
