import type { Clause } from "../contract/index.ts";
import type { EvidenceItem } from "../evidence/index.ts";
import { type Outcome, worstOutcome } from "../kernel/index.ts";
import type { Deed } from "./deed.ts";
import type { ReviewDecision } from "./entry-schema.ts";
import { disagreementsOf, standingIn } from "./forks.ts";
import type { History } from "./history.ts";
import { type ContentState, type EnvironmentState, type Standing, stateOf } from "./state.ts";

/** One run that an entry may cite: its id (SHA-256 of its payload), when it ended, who signed it, and what it showed. */
export interface AuditEvidence {
  readonly id: string;
  readonly at: string;
  /** Person, or `nobody`. */
  readonly by: string;
  readonly items: readonly Pick<EvidenceItem, "clause" | "test" | "outcome" | "message">[];
}

/** What {@link auditAt} looks at. */
export interface AuditInput {
  readonly history: History;
  readonly evidence: readonly AuditEvidence[];
  /** RFC 3339: nothing later is looked at. */
  readonly date: string;
  /** Clauses of the contract: what no cited evidence shows is listed as not-run; a waiver counts only by the clause's owner. */
  readonly clauses?: readonly Pick<Clause, "id" | "owner" | "kept">[];
}

/** How one clause stood when it was signed. */
export interface AuditClause {
  readonly clause: string;
  /** `waived` is never a pass; `acknowledged` and `not-acknowledged` are for what only people keep. */
  readonly standing: Outcome | "waived" | "acknowledged" | "not-acknowledged";
  readonly why: string;
  /** Cited evidence that says so. */
  readonly evidence?: string;
  readonly by?: string;
  readonly at?: string;
}

/** One signature that approved something, and what it rested on. */
export interface AuditApproval extends Deed {
  readonly action: "offer" | "accept" | "deploy" | "rollback" | "waive" | "countersign" | "review";
  /** Of a review. */
  readonly decision?: ReviewDecision;
  readonly version: string;
  readonly contentDigest: string;
  readonly environment?: string;
  readonly cited: readonly string[];
  /** `void` where a resolution up to the date decided against it, `contested` in an open fork. */
  readonly standing: "counts" | "void" | "contested";
  /** Cited evidence that is not at hand. */
  readonly absent: readonly string[];
  /** For offers and acceptances. */
  readonly clauses: readonly AuditClause[];
}

/** Who approved what on which evidence, as of a date. */
export interface Audit {
  readonly model: string | undefined;
  readonly date: string;
  readonly contents: readonly {
    readonly version: string;
    readonly contentDigest: string;
    readonly standing: Standing;
  }[];
  readonly environments: readonly EnvironmentState[];
  readonly approvals: readonly AuditApproval[];
}

const approving: readonly string[] = [
  "offer",
  "accept",
  "deploy",
  "rollback",
  "waive",
  "countersign",
  "review",
];

/** Looks back: the state at the date, and each approval that held then with waivers, not-run and acknowledged clauses. */
export function auditAt(input: AuditInput): Audit {
  const state = stateOf(input.history, input.date);
  const until = Date.parse(input.date);
  const entries = input.history.entries.filter(({ entry }) => Date.parse(entry.at) <= until);
  const disagreements = disagreementsOf(entries);
  const approvals = entries
    .filter(({ entry }) => approving.includes(entry.action))
    .filter(({ entry }) => !entry.review || entry.review.decision)
    .map(({ id, entry }): AuditApproval => {
      const cited = entry.evidence ?? [];
      const then = stateOf(input.history, entry.at).contents.find(
        ({ contentDigest }) => contentDigest === entry.contentDigest,
      );
      const judged = entry.action === "offer" || entry.action === "accept";
      return {
        entry: id,
        person: entry.person,
        role: entry.role,
        at: entry.at,
        note: entry.note,
        action: entry.action as AuditApproval["action"],
        ...(entry.review?.decision && { decision: entry.review.decision }),
        version: entry.version,
        contentDigest: entry.contentDigest,
        environment: entry.environment,
        standing: standingIn(disagreements, id),
        cited,
        absent: cited.filter((one) => !input.evidence.some((evidence) => evidence.id === one)),
        clauses: judged ? clausesOf(input, entry.action, cited, entry.acknowledged ?? [], then) : [],
      };
    });
  return {
    model: state.model,
    date: input.date,
    contents: state.contents.map(({ version, contentDigest, standing }) => ({
      version,
      contentDigest,
      standing,
    })),
    environments: state.environments,
    approvals,
  };
}

function clausesOf(
  input: AuditInput,
  action: string,
  cited: readonly string[],
  acknowledged: readonly string[],
  content: ContentState | undefined,
): AuditClause[] {
  const runs = input.evidence.filter(({ id }) => cited.includes(id));
  const shown = runs.flatMap(({ items }) => items.map(({ clause }) => clause));
  const known = new Map((input.clauses ?? []).map((clause) => [clause.id, clause]));
  const inForce = (content?.waivers ?? []).filter(
    ({ clause, role }) => (known.get(clause)?.owner ?? role) === role,
  );
  const ids = new Set([...known.keys(), ...shown, ...inForce.map(({ clause }) => clause), ...acknowledged]);
  return [...ids].sort().map((clause) => {
    const waiver = inForce.find((other) => other.clause === clause);
    const seen = seenFor(clause, runs);
    if (waiver) {
      const why = `waived by ${waiver.person} as ${waiver.role} until ${waiver.until.slice(0, 10)}: ${waiver.note ?? ""}; ${seen.standing}: ${seen.why}`;
      return { ...seen, standing: "waived", why };
    }
    if (acknowledged.includes(clause)) {
      const own = seen.evidence === undefined ? "read and answered for" : `${seen.standing}: ${seen.why}`;
      return seen.standing === "fail" ? seen : { ...seen, standing: "acknowledged", why: own };
    }
    if (known.get(clause)?.kept.includes("stated") && seen.evidence === undefined)
      return action === "offer"
        ? { clause, standing: "not-applicable", why: "only people keep it: whoever accepts answers for it" }
        : {
            clause,
            standing: "not-acknowledged",
            why: "only people keep it, and this signer did not name it",
          };
    return seen;
  });
}

function seenFor(clause: string, runs: readonly AuditEvidence[]): AuditClause {
  const newest = new Map<string, { run: AuditEvidence; item: AuditEvidence["items"][number] }>();
  for (const run of [...runs].sort((a, b) => Date.parse(a.at) - Date.parse(b.at) || (a.id < b.id ? -1 : 1)))
    for (const item of run.items) if (item.clause === clause) newest.set(item.test, { run, item });
  const all = [...newest.values()];
  const standing = worstOutcome(all.map(({ item }) => item.outcome));
  const worst = all.find(({ item }) => item.outcome === standing);
  if (!worst) return { clause, standing: "not-run", why: "no cited evidence speaks of it" };
  const { run, item } = worst;
  return { clause, standing, why: item.message, evidence: run.id, by: run.by, at: run.at };
}
