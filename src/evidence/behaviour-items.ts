import { judgeBehaviour } from "./behaviours.ts";
import type { EvidenceItem } from "./evidence.ts";
import { guarded, itemOf, type Judgement, notRun } from "./evidence-item.ts";
import type { JointRows } from "./rows/ask-joint-rows.ts";
import { readsFor } from "./statements/reads.ts";
import { type TestInput, whyNoModel } from "./test-input.ts";

/** Tries each behaviour on the joint rows. */
export async function behaviourItems(
  input: TestInput,
  joint: JointRows,
  wanted: (clause: string) => boolean,
): Promise<EvidenceItem[]> {
  const { contract, predictor } = input;
  const behaviours = contract.behaviours.filter(({ id }) => wanted(`behaviours.${id}`));
  if (behaviours.length === 0) return [];
  input.onPart?.("behaviours");
  const lacking = whyNoModel(input);
  const asked = lacking === undefined ? await joint() : { problem: lacking };
  const items: EvidenceItem[] = [];
  for (const behaviour of behaviours) {
    const clause = `behaviours.${behaviour.id}`;
    const judgement = await guarded(clause, "behaviour", (): Judgement | Promise<Judgement> => {
      if ("problem" in asked) return notRun(clause, "behaviour", asked.problem);
      if (!predictor) return notRun(clause, "behaviour", "there is no model");
      const { features, joint: rows, prediction: before } = asked;
      return judgeBehaviour(behaviour, { contract, predictor, features, joint: rows, before });
    });
    const needs = ["model", "joint", "features", "outputs", "rules"] as const;
    items.push(itemOf(judgement, readsFor(input.reads, contract, clause, needs)));
  }
  return items;
}
