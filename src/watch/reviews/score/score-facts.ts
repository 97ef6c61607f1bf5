import type { Clause, ClauseKind, Contract } from "../../../contract/index.ts";
import type { HeldItems } from "../../../evidence/index.ts";
import { type ContentState, contentIn, type RelayState } from "../../../relay/index.ts";
import type { WatchReport } from "../../report/watch-report.ts";
import type { WindowReport } from "../../report/window-report.ts";
import type { TriggerReport } from "../../triggers/trigger-report.ts";

/** Everything on record that a point may rest on. */
export interface ScoreFacts {
  readonly contract: Contract;
  readonly clauses: readonly Clause[];
  readonly contentDigest: string;
  /** Evidence that holds, the newest of each clause and test, whoever signed it. */
  readonly held: readonly HeldItems[];
  /** The same of the role `runs` alone. */
  readonly heldByRuns: readonly HeldItems[];
  /** Ids of people that are programs: what CI signs, it does at every change. */
  readonly services: ReadonlySet<string>;
  readonly state: RelayState;
  /** Absent where nothing that was observed is at hand. */
  readonly report?: WatchReport;
}

/** Something on record: an id of evidence, of a relay entry, of a clause, and what it shows. */
export interface Cited {
  readonly id: string;
  readonly shows: string;
}

/** Half a point for what somebody did and recorded, a whole one for what the system does each time by itself. */
export interface Judged {
  readonly points: 0 | 0.5 | 1;
  readonly why: string;
  readonly shown: readonly Cited[];
}

/** One of the 28 tests, in words of our own, with its rule. */
export interface ScoreTest {
  /** `data.schema`. */
  readonly id: string;
  readonly title: string;
  /** What on record would give the point, or the other half. */
  readonly wouldShow: string;
  /** Where Baton can see only a part of it: never more than half. */
  readonly most?: 0.5;
  readonly judge: (facts: ScoreFacts) => Judged;
}

/** No point. */
export function notShown(why: string): Judged {
  return { points: 0, why, shown: [] };
}

/**
 * Evidence of a test for all of these clauses. Half: it holds and passed. Whole: it is also run each time by itself, because no
 * version is accepted without the acceptor's own run, which the acceptance cites, or because a service signs it.
 */
export function shownByEvidence(facts: ScoreFacts, test: string, clauses: readonly string[]): Judged {
  if (clauses.length === 0) return notShown("the contract has no such clause");
  const found = clauses.map((clause) => ({ clause, held: heldFor(facts.held, clause, test) }));
  const lacking = found.find(({ held }) => held?.outcome !== "pass");
  if (lacking)
    return notShown(
      `${lacking.clause || test} is ${lacking.held?.outcome ?? "not-run, or its evidence does not hold"}`,
    );
  const repeated = found.map(({ clause, held }) => repeatedRun(facts, clause, test, held!));
  const whole = repeated.every((run) => run !== undefined);
  const runs = found.map(({ held }, index) => repeated[index] ?? held!);
  return {
    points: whole ? 1 : 0.5,
    why: whole ? "shown, and run again for every version" : "shown by a recorded run",
    shown: citedOnce(runs, test),
  };
}

/** Ids of the clauses of one kind. */
export function idsOf({ clauses }: ScoreFacts, kind: ClauseKind): string[] {
  return clauses.filter((clause) => clause.kind === kind).map(({ id }) => id);
}

/** The content in the relay. */
export function contentOf({ state, contentDigest }: ScoreFacts): ContentState | undefined {
  return contentIn(state, contentDigest);
}

/** Windows in which something was seen, oldest first. */
export function seenWindows({ report }: ScoreFacts): readonly WindowReport[] {
  return (report?.windows ?? []).filter(({ rows }) => rows > 0);
}

/** Windows whose labels have matured and whose quality is known. */
export function matureWindows(facts: ScoreFacts): readonly WindowReport[] {
  return seenWindows(facts).filter(
    ({ performance }) => performance?.mature && Object.keys(performance.metrics ?? {}).length > 0,
  );
}

/** Triggers on performance that could be evaluated in a window at least. */
export function qualityTriggers({ report }: ScoreFacts): readonly TriggerReport[] {
  return (report?.triggers ?? []).filter(
    ({ when, windows }) =>
      /\b(mature|estimated)\./.test(when) && windows.some(({ holds }) => holds !== "unknown"),
  );
}

/** What a span of windows shows. */
export function citedWindows(windows: readonly WindowReport[], shows: string): Cited[] {
  if (windows.length === 0) return [];
  const [first, last] = [windows[0]!.start, windows.at(-1)!.end];
  return [
    {
      id: "watch",
      shows: `${windows.length} windows from ${first.slice(0, 10)} to ${last.slice(0, 10)}: ${shows}`,
    },
  ];
}

function heldFor(held: readonly HeldItems[], clause: string, test: string): HeldItems | undefined {
  return held.find((one) => one.clause === clause && one.test === test);
}

function repeatedRun(
  facts: ScoreFacts,
  clause: string,
  test: string,
  newest: HeldItems,
): HeldItems | undefined {
  if (facts.services.has(newest.evidence.by)) return newest;
  const theirs = heldFor(facts.heldByRuns, clause, test);
  const acceptances = contentOf(facts)?.acceptances.filter(({ role }) => role === "runs") ?? [];
  const cited = theirs && acceptances.some(({ evidence }) => evidence.includes(theirs.evidence.id));
  return cited && theirs.outcome === "pass" ? theirs : undefined;
}

function citedOnce(runs: readonly HeldItems[], test: string): Cited[] {
  const byId = new Map<string, HeldItems[]>();
  for (const run of runs) byId.set(run.evidence.id, [...(byId.get(run.evidence.id) ?? []), run]);
  return [...byId].map(([id, items]) => {
    const names = items.flatMap(({ clause }) => clause || []);
    const about = names.length > 3 ? `${names.length} clauses` : names.join(", ");
    return { id, shows: `${test}${about ? ` of ${about}` : ""}, by ${items[0]!.evidence.by}` };
  });
}
