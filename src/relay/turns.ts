import { authorityText, roleMay } from "./authority.ts";
import type { RelayAction, RelayEntry } from "./entry-schema.ts";
import { dayMs } from "./instant.ts";
import { observationTurnProblem } from "./observations/observation-turn.ts";
import { closingProblem, requestTurnProblem } from "./requests/request-turn.ts";
import { reviewTurnProblem } from "./reviews/review-turn.ts";

/** Longest time for which a clause can be waived, in days. */
export const longestWaiverDays = 90;

/** An entry among those that count. */
export interface CountedEntry {
  readonly id: string;
  readonly entry: RelayEntry;
}

/**
 * Why an entry comes out of turn, given everything that it stands on (oldest first): an acceptance of something never
 * offered, say. Undefined when it may stand there. Needs no contract: clauses and levels are judged at sign-off and at use.
 */
export function turnProblem(entry: RelayEntry, below: readonly CountedEntry[]): string | undefined {
  return versionProblem(entry, below) ?? rules[entry.action]?.(entry, below);
}

/** One content has one version: the one that it was first offered as. */
function versionProblem({ contentDigest, version }: RelayEntry, below: readonly CountedEntry[]) {
  const offer = below.find(
    ({ entry: other }) => other.action === "offer" && other.contentDigest === contentDigest,
  );
  if (!offer || offer.entry.version === version) return undefined;
  return `names the version ${version} for what was offered as ${offer.entry.version}`;
}

type TurnRule = (entry: RelayEntry, below: readonly CountedEntry[]) => string | undefined;

const needsOpenOffer: TurnRule = (entry, below) => {
  const last = lastOf(entry, below, ["offer", "return"]);
  if (last === "offer") return ended(entry, below);
  return last === "return" ? "answers an offer that was returned" : "answers an offer that does not exist";
};

const needsAcceptance: TurnRule = (entry, below) => {
  const last = below.findLast(
    ({ entry: other }) =>
      other.contentDigest === entry.contentDigest &&
      (other.action === "return" || (other.action === "accept" && other.role === "runs")),
  );
  if (!last) return "deploys what was never accepted";
  return last.entry.action === "return" ? "deploys what was returned" : ended(entry, below);
};

const needsOffer: TurnRule = (entry, below) =>
  lastOf(entry, below, ["offer"]) ? undefined : `would ${entry.action} what was never offered`;

const rules: Partial<Record<RelayAction, TurnRule>> = {
  offer: (entry, below) => ended(entry, below),
  accept: (entry, below) => needsOpenOffer(entry, below) ?? closingProblem(entry, below),
  return: needsOpenOffer,
  deploy: needsAcceptance,
  rollback: needsAcceptance,
  recall: needsOffer,
  retire: needsOffer,
  review: reviewTurnProblem,
  request: requestTurnProblem,
  observe: observationTurnProblem,
  waive: (entry) =>
    Date.parse(entry.until ?? "") - Date.parse(entry.at) > longestWaiverDays * dayMs
      ? `waives for more than ${longestWaiverDays} days`
      : undefined,
  countersign(entry, below) {
    const target = below.find(({ id }) => id === entry.countersigns)?.entry;
    if (target?.action !== "rollback") return "countersigns no roll-back that it stands on";
    return target.person === entry.person ? "countersigns the signer's own roll-back" : undefined;
  },
  resolve(entry, below) {
    const { stands = "", over = [] } = entry.resolves ?? {};
    const known = new Map(below.map((other) => [other.id, other.entry]));
    const chosen = known.get(stands);
    if (!chosen || over.some((id) => !known.has(id))) return "resolves entries that it does not stand on";
    return roleMay(chosen.action, entry.role)
      ? undefined
      : `lets a ${chosen.action} stand, which is for ${authorityText(chosen.action)}`;
  },
};

function ended(entry: RelayEntry, below: readonly CountedEntry[]): string | undefined {
  const last = lastOf(entry, below, ["recall", "retire"]);
  return last ? `would ${entry.action} what was ${last === "recall" ? "recalled" : "retired"}` : undefined;
}

function lastOf(entry: RelayEntry, below: readonly CountedEntry[], actions: readonly RelayAction[]) {
  return below.findLast(
    ({ entry: other }) => other.contentDigest === entry.contentDigest && actions.includes(other.action),
  )?.entry.action;
}
