import type { Contract } from "../../contract/index.ts";
import type { WatchedStanding } from "../../evidence/index.ts";
import { dayText } from "../../kernel/index.ts";
import {
  ageOf,
  freshWindows,
  newestObservation,
  type Observation,
  type ObservationAge,
  observedText,
  type RelayState,
} from "../../relay/index.ts";
import { windowLength } from "../../watch/index.ts";

/** The record of a watch that speaks for a content, and how old it is. */
export interface RecordStanding {
  readonly observation: Observation;
  readonly age: ObservationAge;
}

/** The newest record of a watch over a content, by the contract's windows; undefined where nobody signed one. */
export function recordStanding(
  state: RelayState,
  { contract, digest }: { readonly contract: Contract; readonly digest: string },
): RecordStanding | undefined {
  const observation = newestObservation(state, digest);
  return observation && { observation, age: ageOf(observation, windowLength(contract), state.at) };
}

/** What it says of each clause: too little to tell, and what is too old, are not-run. */
export function watchedStandings({ observation, age }: RecordStanding): Map<string, WatchedStanding> {
  const { entry: id, person: by, role: side, at, said } = observation;
  const when = `as of the window of ${dayText(said.newest)}, ${ageText(age)}`;
  return new Map(
    said.verdicts.map(({ clause, outcome, why }): [string, WatchedStanding] => {
      if (age.stale) return [clause, { outcome: "not-run", why: `what ${by} recorded is stale: ${when}` }];
      const told = outcome === "insufficient" ? `insufficient: ${why ?? "too few rows"}` : why;
      return [
        clause,
        {
          outcome: outcome === "insufficient" ? "not-run" : outcome,
          why: told === undefined ? `watched: ${when}` : `${told}; ${when}`,
          evidence: { id, at, by, side },
        },
      ];
    }),
  );
}

/** One line: what was recorded, how old it is, by whom. */
export function recordText({ observation, age }: RecordStanding): string {
  const { said, person, role } = observation;
  const stale = age.stale
    ? `stale, and says nothing any more (it speaks for ${freshWindows} windows, or days where windows are shorter): baton watch … --record`
    : observedText(said);
  return `watched up to the window of ${dayText(said.newest)}, ${ageText(age)}, recorded by ${person} (${role}): ${stale}`;
}

/** How old it is, in words: `1 window ago`, `5 windows ago, stale`. */
export function agedText({ age }: RecordStanding): string {
  return `${ageText(age)}${age.stale ? ", stale" : ""}`;
}

/** The same for programs. */
export function recordData({ observation, age }: RecordStanding) {
  const { entry, person, role, at, contentDigest, said } = observation;
  return {
    entry,
    person,
    role,
    at,
    content: contentDigest,
    windows_ago: age.windows,
    stale: age.stale,
    ...said,
  };
}

function ageText({ windows }: ObservationAge): string {
  if (windows === 0) return "the newest that is over";
  return `${windows} window${windows === 1 ? "" : "s"} ago`;
}
