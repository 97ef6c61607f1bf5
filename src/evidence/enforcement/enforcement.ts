import type { Contract, Table, Violation } from "../../contract/index.ts";
import type { Prediction, Predictor } from "../../inference/index.ts";
import type { Finding } from "../../kernel/index.ts";
import { evidenceFinding } from "../evidence-findings.ts";
import { counted, type Judgement, notRun, passIf } from "../evidence-item.ts";
import {
  type Unviolated,
  type ViolatingRecord,
  type ViolatingRecords,
  violatingRecords,
} from "./violating-records.ts";

/** What a violation on purpose came to: undefined where the clause answered as it should. */
type Complaint = string | undefined;

/**
 * Breaks each enforced input clause once through the predictor and wants exactly that clause to answer.
 * @param validRows feature columns of rows that the contract accepts
 */
export async function enforceInputs(
  contract: Contract,
  predictor: Predictor,
  validRows: Table,
): Promise<Judgement[]> {
  const made = violatingRecords(contract, validRows);
  const clauses = [
    ...contract.features.map(({ name }) => `features.${name}`),
    "features",
    ...contract.rules.map(({ id }) => `rules.${id}`),
  ];
  if (!made.valid)
    return clauses.map((clause) =>
      notRun(clause, "enforcement", "no joint row is valid, so none can be broken"),
    );
  const control = await predictor.predictRecords([made.valid]);
  const refusal = control.rejections.find(({ clause }) => !clause.startsWith("outputs."));
  if (refusal)
    return clauses.map((clause) =>
      notRun(clause, "enforcement", `the valid record is rejected: ${refusal.message}`),
    );
  const complaints = await violateAll(predictor, made.violations);
  return clauses.map((clause) => judgeClause(clause, made, complaints));
}

/** One call a violation: what one record does never depends on its neighbours. */
async function violateAll(
  predictor: Predictor,
  violations: readonly ViolatingRecord[],
): Promise<Map<ViolatingRecord, Complaint>> {
  const complaints = new Map<ViolatingRecord, Complaint>();
  for (const violation of violations)
    complaints.set(violation, complaintOf(violation, await predictor.predictRecords([violation.record])));
  return complaints;
}

/** Why a prediction is not what the violated clause promises. */
export function complaintOf(violation: ViolatingRecord, prediction: Prediction): Complaint {
  const { clause, reaction, alsoBreaks } = violation;
  const rejections = prediction.rejections.filter((rejection) => !rejection.clause.startsWith("outputs."));
  if (reaction === "warn") {
    if (rejections[0]) return `it was rejected by ${rejections[0].clause} in place of a warning`;
    return names(prediction.warnings, clause) ? undefined : "it was answered without a warning";
  }
  if (rejections.length === 0) return "it was answered";
  if (!names(rejections, clause)) return `it was rejected by ${rejections[0]!.clause} in its place`;
  const stranger = rejections.find((one) => one.clause !== clause && !alsoBreaks.includes(one.clause));
  return stranger ? `${stranger.clause} rejected it too` : undefined;
}

function names(violations: readonly Violation[], clause: string): boolean {
  return violations.some((violation) => violation.clause === clause);
}

function judgeClause(
  clause: string,
  made: ViolatingRecords,
  complaints: ReadonlyMap<ViolatingRecord, Complaint>,
): Judgement {
  const own = made.violations.filter((violation) => violation.clause === clause);
  const wrong = own.filter((violation) => complaints.get(violation) !== undefined);
  const measured = { violations: own.length, enforced: own.length - wrong.length };
  const base = { clause, test: "enforcement", measured };
  if (wrong.length > 0)
    return {
      ...base,
      outcome: "fail",
      message: `${wrong[0]!.limit} of ${clause} is not enforced: ${complaints.get(wrong[0]!)}.`,
      findings: wrong.map((violation) => notEnforced(violation, complaints.get(violation)!)),
    };
  const unreached = made.unviolated.filter((one) => one.clause === clause);
  const unproven = unreached.find(({ limit }) => limit === "rule");
  if (unproven) return { ...notRun(clause, "enforcement", unproven.reason), measured };
  if (own.length === 0) return notRun(clause, "enforcement", "it has no limit that a record could break");
  const limits = own.map(({ limit }) => limit).join(", ");
  return {
    ...base,
    outcome: passIf(true),
    message: `Violated on purpose ${counted(own.length, "time")} (${limits}): answered by exactly this clause${shadowed(unreached)}.`,
  };
}

/** Soft limits that a rule hides: what would be warned about is rejected before. */
function shadowed(unreached: readonly Unviolated[]): string {
  return unreached.map(({ limit, reason }) => `; ${limit} cannot be reached, ${reason}`).join("");
}

function notEnforced({ clause, limit, reaction, record }: ViolatingRecord, complaint: string): Finding {
  return evidenceFinding("evidence.not-enforced", {
    clause,
    expected: `a ${reaction === "reject" ? "rejection" : "warning"} by ${clause}`,
    received: complaint,
    message: `A record that breaks ${limit} of ${clause} on purpose: ${complaint} (${Object.keys(record).length} fields).`,
  });
}
