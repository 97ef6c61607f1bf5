import type { Clause, ClauseKind, Kept, Level } from "../../contract/index.ts";
import { type Outcome, worstOutcome } from "../../kernel/index.ts";
import type { EvidenceItem, Reads, Signers, Verdict } from "../evidence.ts";
import { type EvidenceFile, type ReadEvidence, readEvidence } from "./evidence-statement.ts";
import { whatChanged } from "./reads.ts";

/** What verdicts are made from. */
export interface VerdictInput {
  /** Name of the model: evidence about another one is foreign. */
  readonly model: string;
  readonly level: Level;
  readonly clauses: readonly Clause[];
  /** The files of `evidence/`. */
  readonly envelopes: readonly EvidenceFile[];
  readonly current: Reads;
  readonly signers: Signers;
  /** Now, RFC 3339: evidence dated later does not count. */
  readonly at: string;
  /** Only evidence of signers with this role (`builds`, `runs`) counts. */
  readonly side?: string;
  /** True once a version runs somewhere: watched clauses are then not-run until a monitor speaks. */
  readonly deployed?: boolean;
  /** How clauses stand in operation, by id, as the relay says: `review`, and what a watch recorded. */
  readonly watched?: ReadonlyMap<string, WatchedStanding>;
}

/** What the relay says of a clause in operation. */
export type WatchedStanding = Pick<Verdict, "outcome" | "why" | "evidence">;

/** Evidence that counts, and what of it still holds. */
export interface HeldItems {
  readonly clause: string;
  readonly test: string;
  readonly outcome: Outcome;
  readonly items: readonly EvidenceItem[];
  readonly evidence: NonNullable<Verdict["evidence"]>;
}

/** Evidence that does not count for a clause, and why. */
export interface DiscountedItems {
  readonly clause: string;
  readonly test: string;
  /** `evidence/test-….json`: its signature is …, data/joint.parquet changed since. */
  readonly why: string;
  readonly at: string;
}

/** All evidence, sorted into what holds (newest for each clause and test) and what does not. */
export interface EvidenceStanding {
  readonly held: readonly HeldItems[];
  readonly discounted: readonly DiscountedItems[];
  /** Files that are no evidence at all. */
  readonly unreadable: readonly { readonly name: string; readonly why: string }[];
}

/** Sorts evidence into what still holds and what does not, with the reason. */
export function standingOf(input: VerdictInput): EvidenceStanding {
  const held = new Map<string, HeldItems>();
  const discounted: DiscountedItems[] = [];
  const unreadable: { name: string; why: string }[] = [];
  for (const { name, bytes } of input.envelopes) {
    const reading = readEvidence(bytes, input.signers, input.at);
    if (!reading.ok) {
      unreadable.push({ name, why: `this is no evidence: ${reading.problem}` });
      continue;
    }
    const refusal = refusalOf(reading, input);
    for (const items of groups(reading.run.items)) {
      const { clause, test } = items[0]!;
      const changes = [...new Set(items.flatMap((item) => whatChanged(item.reads, input.current)))];
      const why =
        refusal ?? unbound(items, input.current) ?? (changes.length > 0 ? listed(changes) : undefined);
      const at = reading.run.finishedAt;
      if (why !== undefined)
        discounted.push({ clause, test, why: `evidence ${name} does not count: ${why}`, at });
      else keepNewest(held, heldFrom(reading, items));
    }
  }
  return { held: [...held.values()], discounted, unreadable };
}

/**
 * Where each clause stands: the newest evidence that still holds for each way in which it is kept, the worst of them.
 * Evidence that is stale, foreign or unvouched does not count, and `why` says so.
 */
export function verdictsOf(input: VerdictInput): Verdict[] {
  const standing = standingOf(input);
  const byId = new Map(input.clauses.map((clause) => [clause.id, clause]));
  return input.clauses.map((clause) => {
    const keeper = keeperOf(clause, byId);
    if (keeper === clause) return verdictOf(clause, standing, input);
    if (!keeper) return { clause: clause.id, outcome: "not-run", why: `${clause.keptBy} does not keep it` };
    const verdict = verdictOf(keeper, standing, input);
    return { ...verdict, clause: clause.id, why: `kept by ${keeper.id}: ${verdict.why}` };
  });
}

/** A clause whose own test has no evidence that holds, so that it is to be run (again). */
export interface StaleItem {
  readonly clause: string;
  readonly test: string;
  readonly why: string;
}

/** What must be run again: required tests of clauses that lack evidence that holds. */
export function staleItems(input: VerdictInput): StaleItem[] {
  const standing = standingOf(input);
  return input.clauses.flatMap((clause) =>
    clause.kept.flatMap((kept) => {
      const test = requiredTest(clause, kept);
      if (test === undefined || heldFor(standing, clause.id, test)) return [];
      return [{ clause: clause.id, test, why: whyNothingHolds(clause.id, test, standing) }];
    }),
  );
}

/** The test that shows a clause that is kept in this way; undefined where evidence is not how it is kept. */
export function requiredTest(clause: Clause, kept: Kept): string | undefined {
  if (clause.keptBy !== undefined) return undefined;
  if (kept === "enforced") return "enforcement";
  return kept === "tested" ? testsOf[clause.kind] : undefined;
}

const testsOf: Readonly<Partial<Record<ClauseKind, string>>> = {
  gate: "gate",
  behaviour: "behaviour",
  golden: "parity",
  budget: "budget",
};

const ownTests: ReadonlySet<string> = new Set([...Object.values(testsOf), "enforcement"]);

function verdictOf(clause: Clause, standing: EvidenceStanding, input: VerdictInput): Verdict {
  const verdicts = shownWays(clause).map((kept) => verdictFor(clause, kept, standing, input));
  const others = [...contradictions(clause, standing), ...failuresInOperation(clause, input)];
  const all = [...verdicts, ...others];
  const outcome = worstOutcome(all.map((verdict) => verdict.outcome));
  return (
    all.find((verdict) => verdict.outcome === outcome) ?? {
      clause: clause.id,
      outcome: "not-run",
      why: "nothing keeps this clause",
    }
  );
}

/**
 * The ways that decide a verdict. A clause that the server enforces or a test shows stands as its evidence says, whether or
 * not a watch has passed it.
 */
function shownWays({ kept }: Clause): readonly Kept[] {
  const shown = kept.filter((way) => way !== "watched");
  return shown.length > 0 ? shown : kept;
}

function verdictFor(clause: Clause, kept: Kept, standing: EvidenceStanding, input: VerdictInput): Verdict {
  const id = clause.id;
  if (kept === "stated")
    return { clause: id, outcome: "not-applicable", why: "kept by people: acknowledged at acceptance" };
  if (kept === "watched") return watchedVerdict(id, input);
  const test = requiredTest(clause, kept);
  const held = test === undefined ? undefined : heldFor(standing, id, test);
  if (held) return fromHeld(held);
  const why = whyNothingHolds(id, test ?? kept, standing);
  return { clause: id, outcome: "not-run", why };
}

function watchedVerdict(id: string, { watched, deployed }: VerdictInput): Verdict {
  const said = watched?.get(id);
  if (said) return { clause: id, ...said };
  return deployed
    ? { clause: id, outcome: "not-run", why: "it is deployed, and no monitor has reported" }
    : { clause: id, outcome: "not-applicable", why: "nothing is deployed yet: a monitor looks after that" };
}

/** What fails where it is used counts against evidence from before; what passes there adds nothing to it. */
function failuresInOperation({ id }: Clause, { watched }: VerdictInput): Verdict[] {
  const said = watched?.get(id);
  return said?.outcome === "fail" ? [{ clause: id, ...said }] : [];
}

/** Failed checks of the clause count against it even where its own test passed. */
function contradictions(clause: Clause, standing: EvidenceStanding): Verdict[] {
  const own = new Set(clause.kept.map((kept) => requiredTest(clause, kept)));
  return standing.held
    .filter((held) => held.clause === clause.id && held.outcome === "fail")
    .filter((held) => !own.has(held.test) && !reportedOnly.has(held.test))
    .map(fromHeld);
}

/** Tests that say something about others than the clause: an engineer's code, quality that no gate judges. */
const reportedOnly = new Set(["re-implementation", "quality"]);

function fromHeld(held: HeldItems): Verdict {
  const deciding = held.items.filter((item) => item.outcome === held.outcome);
  const why = deciding.map((item) => item.reason ?? item.message).join(" ");
  return { clause: held.clause, outcome: held.outcome, why, evidence: held.evidence };
}

function heldFor(standing: EvidenceStanding, clause: string, test: string): HeldItems | undefined {
  return standing.held.find((held) => held.clause === clause && held.test === test);
}

function whyNothingHolds(clause: string, test: string, standing: EvidenceStanding): string {
  const newest = standing.discounted
    .filter((one) => one.clause === clause && one.test === test)
    .reduce<DiscountedItems | undefined>((best, one) => (best && best.at >= one.at ? best : one), undefined);
  return newest?.why ?? "it was never tested";
}

function keeperOf(clause: Clause, byId: ReadonlyMap<string, Clause>): Clause | undefined {
  const seen = new Set<string>();
  let at: Clause | undefined = clause;
  while (at?.keptBy !== undefined) {
    if (seen.has(at.id)) return undefined;
    seen.add(at.id);
    at = byId.get(at.keptBy);
  }
  return at;
}

function refusalOf({ run, vouching }: ReadEvidence, input: VerdictInput): string | undefined {
  if (run.model !== input.model) return `it is about another model, ${run.model}`;
  if (vouching.kind === "refused") return vouching.why;
  if (vouching.kind === "unsigned")
    return input.level === "sketch" ? undefined : `it is unsigned, which counts only at sketch`;
  if (input.side !== undefined && !vouching.roles.includes(input.side))
    return `${vouching.by}, who signed it, does not have the role ${input.side}`;
  return undefined;
}

/** Results of a clause's own test must name the wording that they judged, or they would hold for every other one. */
function unbound(items: readonly EvidenceItem[], current: Reads): string | undefined {
  const loose = items.find(
    ({ clause, test, reads }) =>
      ownTests.has(test) && current[`clause:${clause}`] !== undefined && !reads[`clause:${clause}`],
  );
  return loose && `it does not say which wording of ${loose.clause} it judged`;
}

function heldFrom(reading: ReadEvidence, items: readonly EvidenceItem[]): HeldItems {
  const { vouching } = reading;
  const signed = vouching.kind === "signed";
  return {
    clause: items[0]!.clause,
    test: items[0]!.test,
    outcome: worstOutcome(items.map((item) => item.outcome)),
    items,
    evidence: {
      id: reading.id,
      at: reading.run.finishedAt,
      by: signed ? vouching.by : "nobody",
      side: signed ? vouching.roles.join("+") : "unsigned",
    },
  };
}

function keepNewest(held: Map<string, HeldItems>, candidate: HeldItems): void {
  const key = JSON.stringify([candidate.clause, candidate.test]);
  const kept = held.get(key);
  if (!kept || isNewer(candidate, kept)) held.set(key, candidate);
}

/** Of two runs that ended at the same time the worse one counts, then the smaller id: never the order of files. */
function isNewer(a: HeldItems, b: HeldItems): boolean {
  if (a.evidence.at !== b.evidence.at) return Date.parse(a.evidence.at) > Date.parse(b.evidence.at);
  if (a.outcome !== b.outcome) return worstOutcome([a.outcome, b.outcome]) === a.outcome;
  return a.evidence.id < b.evidence.id;
}

function groups(items: readonly EvidenceItem[]): EvidenceItem[][] {
  const byKey = new Map<string, EvidenceItem[]>();
  for (const item of items) {
    const key = JSON.stringify([item.clause, item.test]);
    byKey.set(key, [...(byKey.get(key) ?? []), item]);
  }
  return [...byKey.values()];
}

function listed(changes: readonly string[]): string {
  const shown = changes.slice(0, 4).join(", ");
  return changes.length > 4 ? `${shown} and ${changes.length - 4} more` : shown;
}
