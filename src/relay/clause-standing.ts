import type { Clause, Contract } from "../contract/index.ts";
import type { Verdict } from "../evidence/index.ts";
import { blocksSignOff, type Finding } from "../kernel/index.ts";
import { signOffFinding } from "./sign-off-findings.ts";
import type { ContentState, Waiver } from "./state.ts";

/** The waiver of a clause that is in force and was signed in the role that owns the clause. */
export function waiverOf(clause: Clause, content: ContentState | undefined): Waiver | undefined {
  return content?.waivers.find((waiver) => waiver.clause === clause.id && waiver.role === clause.owner);
}

/** `runs (platform@example.org)`: a role with its address, as far as the contract knows it. */
export function ownerText(role: string, contract: Contract): string {
  const address = Object.hasOwn(contract.owners, role) ? contract.owners[role] : undefined;
  return address === undefined ? role : `${role} (${address})`;
}

/** True for a clause that evidence must show. */
export function needsEvidence(clause: Clause): boolean {
  return clause.kept.includes("tested") || clause.kept.includes("enforced");
}

/** The verdict of a clause; not-run where there is none, because silence is not a pass. */
export function verdictFor(clause: Clause, verdicts: readonly Verdict[]): Verdict {
  return (
    verdicts.find((verdict) => verdict.clause === clause.id) ?? {
      clause: clause.id,
      outcome: "not-run",
      why: "it was never tested",
    }
  );
}

/** What stands between the clauses and a signature: not shown, or waived and shown as such. */
export function clauseFindings(input: {
  readonly contract: Contract;
  readonly clauses: readonly Clause[];
  readonly verdicts: readonly Verdict[];
  readonly content: ContentState | undefined;
}): Finding[] {
  return input.clauses.flatMap((clause) => {
    const verdict = verdictFor(clause, input.verdicts);
    if (!blocksSignOff(verdict.outcome)) return [];
    const waiver = waiverOf(clause, input.content);
    if (waiver) return [waivedFinding(clause, waiver, verdict)];
    if (!needsEvidence(clause) && verdict.outcome !== "fail") return [];
    return [notShown(clause, verdict, input.contract)];
  });
}

/** A waiver, shown with what it covers. */
export function waivedFinding(clause: Clause, waiver: Waiver, verdict: Verdict): Finding {
  return signOffFinding("relay.waived", {
    clause: clause.id,
    path: clause.path,
    received: verdict.outcome,
    message: `${clause.id} is waived until ${waiver.until.slice(0, 10)} by ${waiver.person} as ${waiver.role}: ${waiver.note ?? "no reason given"}. It stands at ${verdict.outcome}: ${verdict.why}`,
  });
}

function notShown(clause: Clause, verdict: Verdict, contract: Contract): Finding {
  const command = clause.kind === "budget" ? "baton bench" : "baton test";
  const next =
    verdict.outcome === "not-run"
      ? `Run \`${command} --key …\`.`
      : `Mend it and run \`${command}\`, or let ${clause.owner} sign \`baton waive --clause ${clause.id}\`.`;
  return signOffFinding("relay.not-shown", {
    clause: clause.id,
    path: clause.path,
    expected: "pass",
    received: verdict.outcome,
    message: `${clause.id} (${clause.text}) is ${verdict.outcome}: ${verdict.why}; owed by ${ownerText(clause.owner, contract)}.`,
    next,
  });
}
