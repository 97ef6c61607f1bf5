import { type Deed, deedOf } from "../deed.ts";
import type { ObservedSaid } from "../entry-schema.ts";
import type { HistoryEntry } from "../history.ts";
import { dayMs } from "../instant.ts";

/** What a watch saw of one content, signed. */
export interface Observation extends Deed {
  readonly contentDigest: string;
  readonly version: string;
  readonly said: ObservedSaid;
}

/** Every record of a watch among entries that count, oldest first. */
export function observationsIn(entries: readonly HistoryEntry[]): Observation[] {
  return entries.flatMap((history) => {
    const { contentDigest, version, observed: said } = history.entry;
    return said ? [{ ...deedOf(history), contentDigest, version, said }] : [];
  });
}

/**
 * The record of a content that speaks: the one with the newest window, of these the one signed last. One that was made later
 * from older files takes nothing back.
 */
export function newestObservation(
  { observations }: { readonly observations: readonly Observation[] },
  contentDigest: string,
): Observation | undefined {
  const rank = ({ said, at, entry }: Observation) => `${said.newest} ${at} ${entry}`;
  return observations
    .filter((one) => one.contentDigest === contentDigest)
    .reduce<Observation | undefined>((a, b) => (a && rank(a) > rank(b) ? a : b), undefined);
}

/** For how many windows after its newest one a record speaks; windows shorter than a day count as days. */
export const freshWindows = 3;

/** How old a record is. */
export interface ObservationAge {
  /** Whole windows since the end of its newest one. */
  readonly windows: number;
  /** Too old to speak: what it says is not-run again, never pass. */
  readonly stale: boolean;
}

/** The age of a record at a time (RFC 3339), by the length of the contract's windows. */
export function ageOf({ said }: Observation, windowMs: number, at: string): ObservationAge {
  const sinceMs = Date.parse(at) - (Date.parse(said.newest) + windowMs);
  return {
    windows: Math.max(0, Math.floor(sinceMs / windowMs)),
    stale: sinceMs >= freshWindows * recordEveryMs(windowMs),
  };
}

/** How long a record that would say the same can wait: a history of people's decisions is no place for one an hour. */
export function recordEveryMs(windowMs: number): number {
  return Math.max(windowMs, dayMs);
}

/** A reason as an entry may hold it: what a terminal would hide is replaced, and it has an end. */
export function observedWords(text: string, longest: number): string {
  const shown = text.replaceAll(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, "?");
  return shown.length > longest ? `${shown.slice(0, longest - 1)}…` : shown;
}

/** `4 pass, 1 fail (retrain.drifted), 2 insufficient` */
export function observedText({ verdicts }: ObservedSaid): string {
  const parts = (["pass", "fail", "insufficient", "not-run"] as const).flatMap((outcome) => {
    const ids = verdicts.filter((verdict) => verdict.outcome === outcome).map(({ clause }) => clause);
    if (ids.length === 0) return [];
    const more = ids.length > 3 ? ` and ${ids.length - 3} more` : "";
    return [`${ids.length} ${outcome}${outcome === "fail" ? ` (${ids.slice(0, 3).join(", ")}${more})` : ""}`];
  });
  return parts.join(", ");
}
