import type { Contract, Feature } from "../../contract/index.ts";
import type { Finding, Position } from "../../kernel/index.ts";
import type { Reads } from "../evidence.ts";
import type { CheckFacts } from "./check.ts";

/** Path in the contract and where it stands in its file. */
export function place(facts: CheckFacts, path: string): Position & { readonly path: string } {
  return { path, ...facts.positionOf(path) };
}

/** A feature's place and clause. */
export function placeOfFeature(
  facts: CheckFacts,
  feature: Feature,
  key?: string,
): Pick<Finding, "path" | "clause" | "file" | "line" | "column"> {
  const path = `features[${facts.contract.features.indexOf(feature)}]${key === undefined ? "" : `.${key}`}`;
  return { ...place(facts, path), clause: `features.${feature.name}` };
}

/** What a check reads, in words of the contract. */
export type CheckNeed =
  | "contract"
  | "features"
  | "outputs"
  | "run"
  | "data"
  | "training"
  | "joint"
  | "golden"
  | "watch";

/** Picks digests out of all current ones: what a check needs, and further files by path. */
export function readsOf(
  facts: CheckFacts,
  needs: readonly CheckNeed[],
  paths: readonly string[] = [],
): Reads {
  const names = [
    ...needs.flatMap((need) => namesOf(facts.contract, need)),
    ...paths.map((path) => `content:${path}`),
  ];
  return Object.fromEntries(
    names.flatMap((name) => {
      const digest = facts.current[name];
      return digest === undefined ? [] : [[name, digest] as const];
    }),
  );
}

function namesOf(contract: Contract, need: CheckNeed): string[] {
  const file = (kind: "content" | "data", path: string | undefined) =>
    path === undefined ? [] : [`${kind}:${path}`];
  switch (need) {
    case "contract":
      return ["content:baton.yaml", ...file("content", contract.featureTable)];
    case "run":
      return ["run", ...file("content", contract.run?.kind === "onnx" ? contract.run.path : undefined)];
    case "training":
      return file("data", contract.data.training);
    case "joint":
      return ["data", ...file("content", contract.data.joint)];
    case "golden":
      return ["clause:golden", ...file("content", contract.golden?.rows)];
    case "watch":
      return ["clause:watch"];
    default:
      return [need];
  }
}
