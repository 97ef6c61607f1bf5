import { bindInputs, bindOutputs } from "../../inference/index.ts";
import type { Finding } from "../../kernel/index.ts";
import type { Check, CheckFacts, ModelFacts } from "./check.ts";
import { finding } from "./checks-findings.ts";
import { everywhere } from "./findings/places.ts";
import { noModel, notOnnx } from "./model-file-check.ts";
import { pairByName } from "./pair-by-name.ts";
import { place, placeOfFeature, readsOf } from "./reading.ts";

/** The contract's features and outputs against the model's tensors. */
export const modelContractCheck: Check = {
  name: "model.contract",
  title: "Features and outputs are those of the model",
  codes: [
    "model.other",
    "model.input-renamed",
    "model.input-absent",
    "model.input-undeclared",
    "model.input-type",
    "model.input-shape",
    "model.batch-fixed",
    "model.output-absent",
    "model.output-type",
    "model.output-shape",
    "model.output-column",
  ],
  where: everywhere,
  reads: (facts) => readsOf(facts, ["run", "features", "outputs"]),
  notApplicable: noModel,
  notPossible: notOnnx,
  run(facts) {
    const { contract, model } = facts;
    if (!model || model.problem !== undefined) return [];
    if (isAnother(facts, model)) return [otherModel(facts, model)];
    const problems = [...bindInputs(contract, model).problems, ...bindOutputs(contract, model).problems];
    return asOneCause(facts, model, problems).map((problem) => ({
      ...problem,
      ...(problem.path === undefined ? {} : facts.positionOf(problem.path)),
    }));
  },
};

/** No input has the name of a feature, and there are too many of both for a change of name. */
function isAnother({ contract }: CheckFacts, model: ModelFacts): boolean {
  const inputs = new Set(model.inputs.map((input) => input.name));
  const packed = model.inputs.length === 1;
  return !packed && contract.features.length > 1 && !contract.features.some(({ name }) => inputs.has(name));
}

function otherModel(facts: CheckFacts, model: ModelFacts): Finding {
  const takes = model.inputs.map((input) => input.name);
  const shown = takes.slice(0, 8).join(", ") + (takes.length > 8 ? ` and ${takes.length - 8} more` : "");
  return finding("model.other", {
    ...place(facts, "run.onnx"),
    received: shown,
    message: `Not one of the ${facts.contract.features.length} features is an input of the model, which takes ${shown || "nothing"}.`,
  });
}

/** A feature without input and an input without feature that belong together are one finding. */
function asOneCause(facts: CheckFacts, model: ModelFacts, problems: readonly Finding[]): Finding[] {
  const inputs = new Set(model.inputs.map((input) => input.name));
  const names = new Set(facts.contract.features.map((feature) => feature.name));
  const { pairs, left, right } = pairByName(
    facts.contract.features.filter((feature) => !inputs.has(feature.name)),
    model.inputs.filter((input) => !names.has(input.name)),
    (feature, input) => feature.type === input.type,
  );
  if (pairs.length === 0) return [...problems];
  const absent = new Set(left.map((feature) => `features.${feature.name}`));
  const renamed = pairs.map(([feature, input]) =>
    finding("model.input-renamed", {
      ...placeOfFeature(facts, feature, "name"),
      expected: input.name,
      received: feature.name,
      message: `The contract says "${feature.name}" and the model takes "${input.name}".`,
    }),
  );
  const others = problems.filter(
    ({ code, clause }) =>
      code !== "model.input-undeclared" && (code !== "model.input-absent" || absent.has(clause ?? "")),
  );
  const extra = bindInputs(
    { ...facts.contract, features: facts.contract.features.filter((feature) => inputs.has(feature.name)) },
    { inputs: model.inputs.filter((input) => right.includes(input) || names.has(input.name)) },
  ).problems.filter(({ code }) => code === "model.input-undeclared");
  return [...renamed, ...others, ...extra];
}
