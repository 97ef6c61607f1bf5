import type { Contract, Table } from "../../contract/index.ts";
import { createPredictor, type Predictor } from "../../inference/index.ts";
import { messageOf } from "../../kernel/index.ts";
import type { EvidenceItem } from "../evidence.ts";
import { itemOf, type Judgement, notRun } from "../evidence-item.ts";
import { answeredRows, type JointRows } from "../rows/ask-joint-rows.ts";
import type { Unscored } from "../rows/scored-rows.ts";
import { readsFor } from "../statements/reads.ts";
import { requiredTest } from "../statements/verdicts.ts";
import type { TestInput } from "../test-input.ts";
import { enforceOutputs } from "./enforce-outputs.ts";
import { enforceInputs } from "./enforcement.ts";
import { madeUpRows } from "./made-up-rows.ts";

/** Stands for the promise that no clause makes by itself: a field that the contract does not know is rejected. */
const unknownFields = "features";

/** Breaks every enforced clause on purpose, once for each of its limits. */
export async function enforcementItems(
  input: TestInput,
  joint: JointRows,
  wanted: (clause: string) => boolean,
): Promise<EvidenceItem[]> {
  const { contract, predictor, reads } = input;
  const enforced = input.clauses
    .filter((clause) => clause.kept.some((kept) => requiredTest(clause, kept) === "enforcement"))
    .map(({ id }) => id)
    .concat(unknownFields)
    .filter(wanted);
  if (enforced.length === 0) return [];
  input.onPart?.("enforcement");
  const rows = await validRows(input, joint);
  const judgements = "problem" in rows || !predictor ? [] : await enforceAll(contract, predictor, rows);
  const reason = "problem" in rows ? rows.problem : "there is no test for this kind of clause";
  return enforced.map((clause) =>
    itemOf(
      judgements.find((judgement) => judgement.clause === clause) ?? notRun(clause, "enforcement", reason),
      readsFor(reads, contract, clause, ["joint", "features", "outputs", "rules"]),
    ),
  );
}

/** Rows that the contract accepts: of the joint set, or made up where a hand-off names none yet. */
async function validRows(input: TestInput, joint: JointRows): Promise<Table | Unscored> {
  const { contract, predictor } = input;
  if (contract.data.joint !== undefined || !predictor) {
    const asked = await joint();
    return "problem" in asked ? asked : asked.validRows;
  }
  try {
    const made = madeUpRows(contract);
    return answeredRows(made, await predictor.predict(made));
  } catch (thrown) {
    return { problem: messageOf(thrown) };
  }
}

async function enforceAll(contract: Contract, predictor: Predictor, rows: Table): Promise<Judgement[]> {
  const inputs = [
    unknownFields,
    ...contract.features.map(({ name }) => `features.${name}`),
    ...contract.rules.map(({ id }) => `rules.${id}`),
  ];
  const outputs = contract.outputs.map(({ name }) => `outputs.${name}`);
  return [
    ...(await notRunIfThrown(inputs, () => enforceInputs(contract, predictor, rows))),
    ...(await notRunIfThrown(outputs, () =>
      enforceOutputs(contract, (runner) => createPredictor({ contract, runner }), rows),
    )),
  ];
}

async function notRunIfThrown(
  clauses: readonly string[],
  judge: () => Promise<Judgement[]>,
): Promise<Judgement[]> {
  try {
    return await judge();
  } catch (thrown) {
    const reason = `it could not be run: ${messageOf(thrown)}`;
    return clauses.map((clause) => notRun(clause, "enforcement", reason));
  }
}
