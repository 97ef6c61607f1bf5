import { BatonError } from "../../kernel/index.ts";
import type { OnnxFacts } from "./inspect-onnx.ts";

/**
 * The newest operator sets and file format that onnxruntime-node 1.30.0 loads. It refuses anything newer, and its own
 * message does not say what to do; a test loads a model at each limit and one beyond, so that an update is noticed.
 */
export const runtimeLimits = {
  runtime: "onnxruntime-node 1.30.0",
  opsets: { "ai.onnx": 26, "ai.onnx.ml": 5 } as Readonly<Record<string, number>>,
  irVersion: 13,
} as const;

/** Why this runtime cannot load a model, one sentence and the next step for each reason; empty where it can. */
export function loadProblems(facts: OnnxFacts): { readonly message: string; readonly next: string }[] {
  const problems = [];
  for (const [domain, limit] of Object.entries(runtimeLimits.opsets)) {
    const version = facts.opsets[domain] ?? 0;
    if (version > limit)
      problems.push({
        message: `The model uses operator set ${domain} ${version}; ${runtimeLimits.runtime} knows up to ${limit}.`,
        next: `Export it with opset ${limit} or lower.`,
      });
  }
  if (facts.irVersion > runtimeLimits.irVersion)
    problems.push({
      message: `The model has ONNX format (IR) version ${facts.irVersion}; ${runtimeLimits.runtime} reads up to ${runtimeLimits.irVersion}.`,
      next: `Save it with IR version ${runtimeLimits.irVersion} or lower.`,
    });
  if (facts.customDomains.length > 0)
    problems.push({
      message: `The model uses operators of ${facts.customDomains.join(", ")}, which ONNX Runtime does not bring.`,
      next: "Export it with standard operators only: custom operators are code, and a baton carries none.",
    });
  if (facts.externalData.length > 0)
    problems.push({
      message: `The model keeps its weights in other files (${facts.externalData.slice(0, 3).join(", ")}).`,
      next: "Save it as one file: onnx.save(model, path, save_as_external_data=False).",
    });
  return problems;
}

/** @throws BatonError `model-unloadable` with the first reason */
export function refuseUnloadable(facts: OnnxFacts): void {
  const [problem] = loadProblems(facts);
  if (problem) throw new BatonError("model-unloadable", problem.message, { next: problem.next });
}
