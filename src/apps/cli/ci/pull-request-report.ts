import { relative } from "node:path";
import type { Clause, Level } from "../../../contract/index.ts";
import type { EvidenceItem, Verdict } from "../../../evidence/index.ts";
import {
  BatonError,
  blocks,
  type Finding,
  type Outcome,
  worstFirst,
  worstOutcome,
} from "../../../kernel/index.ts";
import { contentIn, type History, stateOf } from "../../../relay/index.ts";
import { checkHandoff } from "../commands/check.ts";
import { type ClauseRow, clauseRows } from "../commands/clauses.ts";
import { atDesk, type Desk, type DeskOptions } from "../desk.ts";
import { countFindings } from "../format/pretty.ts";
import { openHandoff, ready } from "../handoff.ts";
import { findSigningKey } from "../key-file.ts";
import { openPrevious } from "../previous.ts";
import { testHandoff } from "../run-evidence.ts";
import type { Session } from "../session.ts";

/** What one status says. */
export interface CiCheck {
  readonly name: "contract" | "evidence" | "acceptance";
  readonly state: "success" | "failure" | "pending";
  /** One line. */
  readonly description: string;
}

/** A clause with where it stands after this run. */
export interface CiClause {
  readonly clause: Clause;
  readonly outcome: Outcome | "waived";
  readonly why: string;
}

/** What a pull request is told. */
export interface PullRequestReport {
  /** As it was named. */
  readonly target: string;
  /** `flight-delay 1.2.0, critical`; the target where the contract cannot be read. */
  readonly title: string;
  readonly checks: readonly CiCheck[];
  readonly clauses: readonly CiClause[];
  /** Of checks, tests and relay, worst first; files from where the command runs. */
  readonly findings: readonly Finding[];
}

/** What the command was given. */
export interface PullRequestRequest extends DeskOptions {
  readonly key?: string;
  readonly previous?: string;
}

/** Checks, tests, and looks at the relay, as `baton check`, `baton test` and `baton status` do. */
export async function pullRequestReport(
  session: Session,
  target: string,
  request: PullRequestRequest,
): Promise<PullRequestReport> {
  const { contract: readable, findings, prefix } = await checked(session, target, request);
  const contract = contractCheck(findings);
  if (!readable) {
    const unseen = "not-run: the contract cannot be used";
    return {
      ...{ target, title: target, clauses: [], findings },
      checks: [contract, { name: "evidence", state: "failure", description: unseen }],
    };
  }
  const title = `${readable.model.name} ${readable.model.version}, ${readable.level}`;
  return atDesk(session, target, request, async (desk) => {
    const tested = await runTests(session, desk, request);
    // What happens where it runs is for the nightly watch: no change of the hand-off mends it.
    const rows = await clauseRows(session, desk, { operation: false });
    const clauses = clausesAfter(rows, tested.items);
    const all = [...findings, ...inRepository(tested.findings, prefix), ...desk.relay.history.findings];
    return {
      ...{ target, title, clauses },
      checks: [
        contract,
        evidenceCheck(clauses, tested.findings),
        acceptanceCheck(desk.relay.history, {
          ...{ contentDigest: desk.handoff.digest, level: readable.level, at: session.now().toISOString() },
        }),
      ],
      findings: worstFirst(all),
    };
  });
}

async function checked(session: Session, target: string, { people }: PullRequestRequest) {
  const opened = await openHandoff(session, target);
  try {
    const { contract } = opened.parsed;
    const { report } = await checkHandoff(session, contract ? await ready(opened) : opened, people);
    const prefix = opened.sealed ? "" : relative(session.cwd, opened.home);
    return { contract, prefix, findings: inRepository(report.findings, prefix) };
  } finally {
    await opened.close();
  }
}

/** Files as the repository names them, where a pipeline annotates them. */
function inRepository(findings: readonly Finding[], prefix: string): Finding[] {
  if (prefix === "" || prefix.startsWith("..")) return [...findings];
  return findings.map((finding) => ({ ...finding, file: `${prefix}/${finding.file ?? "baton.yaml"}` }));
}

/** Runs what has no evidence that holds; what cannot be run at all is a finding. */
async function runTests(
  session: Session,
  desk: Desk,
  request: PullRequestRequest,
): Promise<{ readonly items: readonly EvidenceItem[]; readonly findings: readonly Finding[] }> {
  const key = await findSigningKey(session, request.key);
  const previous = await openPrevious(session, desk, request.previous);
  try {
    const { run } = await testHandoff(session, desk, { key, previous, all: false });
    const items = run?.items ?? [];
    return {
      items,
      findings: items.flatMap(({ outcome, findings }) => (outcome === "pass" ? [] : findings)),
    };
  } catch (thrown) {
    if (!(thrown instanceof BatonError)) throw thrown;
    const { code, message, next = "Run baton test.", position } = thrown;
    return { items: [], findings: [{ code, severity: "blocking", message, next, ...position }] };
  } finally {
    await previous.close();
  }
}

/** What this run saw of a clause counts before recorded evidence, which it was run because of; unsigned it counts here alone. */
function clausesAfter(rows: readonly ClauseRow[], items: readonly EvidenceItem[]): CiClause[] {
  const seen = new Map<string, EvidenceItem[]>();
  for (const item of items)
    if (item.test !== "quality") seen.set(item.clause, [...(seen.get(item.clause) ?? []), item]);
  const verdictOf = ({ clause, verdict }: ClauseRow): Pick<Verdict, "outcome" | "why"> => {
    const own = seen.get(clause.keptBy ?? clause.id);
    if (!own) return verdict;
    const outcome = worstOutcome(own.map((item) => item.outcome));
    const worst = own.find((item) => item.outcome === outcome);
    return { outcome, why: worst?.reason ?? worst?.message ?? "" };
  };
  return rows.map((row) => {
    const { outcome, why } = verdictOf(row);
    return {
      clause: row.clause,
      outcome: row.waiver && outcome !== "pass" ? "waived" : outcome,
      why: row.waiver ? `waived until ${row.waiver.until.slice(0, 10)} by ${row.waiver.person}; ${why}` : why,
    };
  });
}

function contractCheck(findings: readonly Finding[]): CiCheck {
  const state = blocks(findings) ? "failure" : "success";
  return { name: "contract", state, description: countFindings(findings) };
}

function evidenceCheck(clauses: readonly CiClause[], findings: readonly Finding[]): CiCheck {
  const shown = clauses.filter(
    ({ clause: { kept } }) => kept.includes("tested") || kept.includes("enforced"),
  );
  const open = shown.filter(({ outcome }) => outcome === "fail" || outcome === "not-run");
  if (open.length === 0 && !blocks(findings)) {
    const passed = shown.filter(({ outcome }) => outcome === "pass").length;
    return { name: "evidence", state: "success", description: `${passed} of ${shown.length} clauses pass` };
  }
  const names = open.slice(0, 4).map(({ clause, outcome }) => `${clause.id} ${outcome}`);
  const more = open.length > 4 ? ` and ${open.length - 4} more` : "";
  const description = names.length > 0 ? `${names.join(", ")}${more}` : "a test could not be run";
  return { name: "evidence", state: "failure", description };
}

/** Acceptance comes from people, after the merge: until then it is pending, which fails nothing. */
function acceptanceCheck(
  history: History,
  {
    contentDigest,
    level,
    at,
  }: { readonly contentDigest: string; readonly level: Level; readonly at: string },
): CiCheck {
  const check = (state: CiCheck["state"], description: string): CiCheck => ({
    name: "acceptance",
    state,
    description,
  });
  if (blocks(history.findings)) return check("failure", "the relay is broken or forked");
  const content = contentIn(stateOf(history, at), contentDigest);
  switch (content?.standing) {
    case "accepted":
      return check("success", `accepted by ${content.acceptances.at(-1)?.person}`);
    case "self-accepted":
      return check(level === "critical" ? "failure" : "success", "accepted by whoever offered it");
    case "returned":
      return check("failure", `returned by ${content.returned?.person}`);
    case "recalled":
    case "retired":
      return check("failure", `this content was ${content.standing}`);
    case "offered":
      return check("pending", "offered; waits for a person with the role runs");
    default:
      return check("pending", "this content is not offered yet");
  }
}
