import type { Run } from "../../contract/index.ts";
import type { Finding } from "../../kernel/index.ts";
import type { Check, CheckFacts, ModelFacts } from "./check.ts";
import { finding } from "./checks-findings.ts";
import { everywhere } from "./findings/places.ts";
import { place, readsOf } from "./reading.ts";

/** Largest model file: one protocol buffer. */
export const largestModelBytes = 2 * 1024 ** 3;

/** The model file and what the runtime makes of it. */
export const modelFileCheck: Check = {
  name: "model.file",
  title: "The model file is a model that the runtime can load",
  codes: [
    "model.missing",
    "model.too-large",
    "model.unreadable",
    "model.not-loadable",
    "model.external-data",
    "model.custom-operators",
    "model.opset",
  ],
  where: everywhere,
  reads: (facts) => readsOf(facts, ["run"]),
  notApplicable: noModel,
  notPossible: notOnnx,
  run: modelFileFindings,
};

/** Path of the ONNX file, where the contract names one. */
export function onnxPath(facts: { readonly contract: { readonly run?: Run } }): string | undefined {
  const run = facts.contract.run;
  return run?.kind === "onnx" ? run.path : undefined;
}

/** Why there is no file to look into. */
export function notOnnx({ contract: { run } }: CheckFacts): string | undefined {
  if (!run || run.kind === "onnx") return undefined;
  return `The model runs as ${run.kind}: there is no ONNX file to look into.`;
}

/** Only a sketch has no model, or an incomplete contract, which is a finding already. */
export function noModel({ contract: { run } }: CheckFacts): string | undefined {
  return run ? undefined : "The contract names no model yet.";
}

function modelFileFindings(facts: CheckFacts): Finding[] {
  const path = onnxPath(facts)!;
  const at = place(facts, "run.onnx");
  const file = facts.files.get(path);
  if (!file) return [finding("model.missing", { ...at, message: `There is no file "${path}".` })];
  if (file.size > largestModelBytes)
    return [
      finding("model.too-large", {
        ...at,
        expected: "at most 2 GiB",
        received: `${(file.size / 1024 ** 3).toFixed(1)} GiB`,
        message: `"${path}" has ${(file.size / 1024 ** 3).toFixed(1)} GiB.`,
      }),
    ];
  const model = facts.model;
  if (!model || model.problem !== undefined)
    return [
      finding("model.unreadable", {
        ...at,
        message: `"${path}" is not an ONNX model: ${model?.problem ?? "it was not read"}.`,
      }),
    ];
  const causes = [...externalFindings(facts, model), ...operatorFindings(facts, model)];
  if (causes.length > 0 || model.loadProblem === undefined) return causes;
  return [
    finding("model.not-loadable", {
      ...at,
      message: `${facts.runtime.runtime} cannot load "${path}": ${model.loadProblem}`,
    }),
  ];
}

function externalFindings(facts: CheckFacts, model: ModelFacts): Finding[] {
  if (model.externalData.length === 0) return [];
  return [
    finding("model.external-data", {
      ...place(facts, "run.onnx"),
      received: model.externalData.slice(0, 5).join(", "),
      message: `The model keeps tensors in ${model.externalData.length} other file(s): ${model.externalData.slice(0, 5).join(", ")}.`,
    }),
  ];
}

function operatorFindings(facts: CheckFacts, model: ModelFacts): Finding[] {
  const at = place(facts, "run.onnx");
  const { runtime, opsets, irVersion } = facts.runtime;
  const custom = model.customDomains.join(", ");
  if (custom !== "")
    return [
      finding("model.custom-operators", {
        ...at,
        received: custom,
        message: `The model needs operators of ${custom}, which ${runtime} does not have.`,
      }),
    ];
  const newer = Object.entries(opsets)
    .filter(([domain, most]) => (model.opsets[domain] ?? 0) > most)
    .map(([domain, most]) => ({ what: `operator set ${domain}`, has: model.opsets[domain]!, most }));
  if (model.irVersion > irVersion) newer.push({ what: "IR version", has: model.irVersion, most: irVersion });
  if (newer.length === 0) return [];
  return [
    finding("model.opset", {
      ...at,
      expected: newer.map(({ what, most }) => `${what} at most ${most}`).join(", "),
      received: newer.map(({ what, has }) => `${what} ${has}`).join(", "),
      message: `The model has ${newer.map(({ what, has }) => `${what} ${has}`).join(" and ")}; ${runtime} loads at most ${newer.map(({ most }) => most).join(" and ")}.`,
    }),
  ];
}
