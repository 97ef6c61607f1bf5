import { digestOf } from "../../kernel/index.ts";
import type { EvidenceItem } from "../evidence.ts";
import { guarded, itemOf, notRun } from "../evidence-item.ts";
import type { JointRows } from "../rows/ask-joint-rows.ts";
import { scoreVersion } from "../rows/score-version.ts";
import { type ScoredRows, scoreRows, type Unscored } from "../rows/scored-rows.ts";
import { type ReadNeed, readsFor } from "../statements/reads.ts";
import { type TestInput, whyNoModel } from "../test-input.ts";
import { judgeGate } from "./gates.ts";
import { qualityReports } from "./quality.ts";

const needs: readonly ReadNeed[] = ["model", "joint", "features", "outputs", "rules"];

/** Judges the gates on the joint set; a full run also reports quality in every slice that the contract names. */
export async function gateItems(
  input: TestInput,
  joint: JointRows,
  wanted: (clause: string) => boolean,
): Promise<EvidenceItem[]> {
  const { contract, reads } = input;
  const gates = contract.gates.filter(({ id }) => wanted(`gates.${id}`));
  const reports = !input.only && (gates.length > 0 || contract.slices.length > 0);
  if (gates.length === 0 && !reports) return [];
  input.onPart?.("gates");
  const scored = await scoredRows(input, joint);
  const compares = (assert: string) => assert.includes("previous");
  const previous = gates.some(({ assert }) => compares(assert)) ? await previousVersion(input) : undefined;
  const items: EvidenceItem[] = [];
  for (const gate of gates) {
    const clause = `gates.${gate.id}`;
    const read = readsFor(reads, contract, clause, compares(gate.assert) ? [...needs, "previous"] : needs);
    const judgement = await guarded(clause, "gate", () =>
      "problem" in scored
        ? notRun(clause, "gate", scored.problem)
        : judgeGate(gate, { contract, joint: scored, seed: digestOf(read), ...(previous && { previous }) }),
    );
    items.push(itemOf(judgement, read));
  }
  if (!reports || "problem" in scored) return items;
  const report = qualityReports(contract, scored);
  return [...items, ...report.map((one) => itemOf(one, readsFor(reads, contract, one.clause, needs)))];
}

async function scoredRows(input: TestInput, joint: JointRows): Promise<ScoredRows | Unscored> {
  const lacking = whyNoModel(input);
  if (lacking !== undefined) return { problem: lacking };
  const asked = await joint();
  return "problem" in asked
    ? asked
    : scoreRows(input.contract, asked.joint, asked.features, asked.prediction);
}

async function previousVersion({ contract, previous, jointRows }: TestInput) {
  if (!previous || !jointRows) return undefined;
  const { version, predictor } = previous;
  return { version, joint: await scoreVersion(predictor, contract, jointRows) };
}
