import type { Contract } from "./contract.ts";
import { pathProblem } from "./written/safe-path.ts";

/** Which files of a hand-off folder are handed over. */
export interface ContentPaths {
  /** Must be there, each a path relative to the folder, sorted, without doubles. */
  readonly required: readonly string[];
  /** Belong to the content where they are there: generated files. */
  readonly generated: readonly string[];
  /** True for files that belong to the content without being named: authored chapters, Markdown under `story/`. */
  readonly isStory: (path: string) => boolean;
}

/** Name of the contract in every hand-off folder. */
export const contractFile = "baton.yaml";
/** Generated reference statistics. */
export const profileFile = "profile.json";
/** Generated digests, opsets and versions. */
export const lockFile = "baton.lock";

/**
 * Content: contract, feature table, model, joint set, golden rows, environment lock, profile, digests, story.
 * Not content: training data (stays with the builder), evidence, relay, ops, rendered pages.
 */
export function contentPaths(contract: Contract): ContentPaths {
  const named = [
    contractFile,
    contract.featureTable,
    contract.run?.kind === "onnx" ? contract.run.path : undefined,
    contract.run?.kind === "python" ? contract.run.entry.split(":", 1)[0] : undefined,
    contract.lock,
    contract.data.joint,
    contract.golden?.rows,
  ].filter((path) => path !== undefined);
  return {
    required: [...new Set(named)].sort(),
    generated: [profileFile, lockFile],
    isStory: (path) => pathProblem(path) === undefined && /^story\/.*[^/]\.md$/.test(path),
  };
}
