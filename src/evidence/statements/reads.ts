import type { Clause, ClauseKind, Contract } from "../../contract/index.ts";
import { digestOf } from "../../kernel/index.ts";
import type { Reads } from "../evidence.ts";

/** What there is to read. */
export interface CurrentFiles {
  readonly contract: Contract;
  readonly clauses: readonly Clause[];
  /** Hex SHA-256 of each file that is at hand, by its path in the hand-off folder. */
  readonly files: Readonly<Record<string, string>>;
  /** Digest of the version that `previous.` means: `none` where there is none, absent where it is not known here. */
  readonly previous?: string;
}

/** The digests of everything that evidence may name, as it is now. */
export function currentReads({ contract, clauses, files, previous }: CurrentFiles): Reads {
  const { training, joint, label, key } = contract.data;
  const reads: Record<string, string> = {
    features: digestOfKind(clauses, "feature"),
    outputs: digestOfKind(clauses, "output"),
    rules: digestOfKind(clauses, "rule"),
    run: digestOf(contract.run ?? null),
    data: digestOf({ joint: joint ?? null, label: label ?? null, key: key ?? null }),
  };
  for (const [path, digest] of Object.entries(files))
    reads[path === training ? `data:${path}` : `content:${path}`] = digest;
  for (const clause of clauses) reads[`clause:${clause.id}`] = clause.digest;
  if (previous !== undefined) reads.previous = previous;
  return reads;
}

/** Where the model's file is; undefined for a model behind a URL, and at `sketch`. */
export function modelPath({ run }: Contract): string | undefined {
  if (run?.kind === "onnx") return run.path;
  if (run?.kind === "python") return run.entry.split(":", 1)[0];
  return undefined;
}

/** What a test needs to have read, in words of the contract. */
export type ReadNeed = "model" | "joint" | "golden" | "features" | "outputs" | "rules" | "previous";

/** Picks the digests that a test of one clause reads out of all current ones. */
export function readsFor(
  current: Reads,
  contract: Contract,
  clause: string,
  needs: readonly ReadNeed[],
): Reads {
  const file = (path: string | undefined) => (path === undefined ? [] : [`content:${path}`]);
  const names: Record<ReadNeed, readonly string[]> = {
    model: ["run", ...file(modelPath(contract))],
    joint: ["data", ...file(contract.data.joint)],
    golden: ["clause:golden", ...file(contract.golden?.rows)],
    features: ["features"],
    outputs: ["outputs"],
    rules: ["rules"],
    previous: ["previous"],
  };
  const wanted = [`clause:${clause}`, ...needs.flatMap((need) => names[need])];
  const found = wanted.flatMap((name) => {
    const digest = current[name];
    return digest === undefined ? [] : [[name, digest] as const];
  });
  return Object.fromEntries(found);
}

/**
 * What changed since evidence was made, in words; empty where it still holds.
 * Data that is not at hand (training data, the previous version) cannot contradict; content that is gone can.
 */
export function whatChanged(read: Reads, current: Reads): string[] {
  return Object.entries(read).flatMap(([name, digest]) => {
    const now = current[name];
    if (now === digest) return [];
    if (now !== undefined) return [`${nameInWords(name)} changed since`];
    return name.startsWith("data:") || name === "previous" ? [] : [`${nameInWords(name)} is gone`];
  });
}

const words: Readonly<Record<string, string>> = {
  features: "a feature",
  outputs: "an output",
  rules: "a rule",
  run: "what is run",
  data: "the joint set, its label or its key",
  previous: "the version compared with",
};

function nameInWords(name: string): string {
  const known = words[name];
  if (known) return known;
  const path = name.slice(name.indexOf(":") + 1);
  return path.endsWith(".onnx") ? `the model (${path})` : path;
}

function digestOfKind(clauses: readonly Clause[], kind: ClauseKind): string {
  return digestOf(
    clauses.filter((clause) => clause.kind === kind).map(({ id, digest }) => [id, digest] as const),
  );
}
