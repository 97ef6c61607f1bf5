import type { Clause, Contract } from "../../contract/index.ts";
import type { TensorInfo } from "../../inference/index.ts";
import type { Finding, Place, Position } from "../../kernel/index.ts";
import type { EvidenceItem, Reads } from "../evidence.ts";
import type { DataProbe, DataProblem, OverlapFacts, TableFacts } from "./data-probe.ts";

/** Size in bytes and hex SHA-256 of a file of the hand-off folder. */
export interface FileFacts {
  readonly size: number;
  readonly sha256: string;
}

/** What can be told of a model file without running it. */
export interface ModelFacts {
  /** Why the bytes are not a model; the other fields are then empty. */
  readonly problem?: string;
  /** Why the runtime refuses to load it, in the runtime's words; absent where it loaded or was not tried. */
  readonly loadProblem?: string;
  readonly irVersion: number;
  /** Operator set version by domain; the standard domain is `ai.onnx`. */
  readonly opsets: Readonly<Record<string, number>>;
  /** Domains of operators that neither the runtime nor the file has. */
  readonly customDomains: readonly string[];
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  /** Files beside the model that hold its tensors. */
  readonly externalData: readonly string[];
}

/** What the runtime can load, and its name and version. */
export interface RuntimeLimits {
  /** `onnxruntime-node 1.30.0`. */
  readonly runtime: string;
  readonly irVersion: number;
  /** Highest operator set version by domain. */
  readonly opsets: Readonly<Record<string, number>>;
}

/** Everything that checks judge, loaded. */
export interface CheckInput {
  /** Absent when it could not be parsed: only `parseFindings` then count. */
  readonly contract?: Contract;
  readonly parseFindings: readonly Finding[];
  /** Where a contract path stands in its file. */
  positionOf(path: string): Position;
  /** Files that are there, of those that the contract names and of those that Baton generates; by path. */
  readonly files: ReadonlyMap<string, FileFacts>;
  /** Absent where the contract names no ONNX file, or it is not there. */
  readonly model?: ModelFacts;
  readonly runtime: RuntimeLimits;
  readonly probe: DataProbe;
  /** Text of the environment lock, of `baton.lock`, of `profile.json`; absent where the file is not there. */
  readonly lock?: string;
  readonly batonLock?: string;
  readonly profile?: string;
  /** Authored chapters by path. */
  readonly story: ReadonlyMap<string, string>;
  /** The people file as `relay` judged it; absent where nobody looked for one. */
  readonly people?: { readonly present: boolean; readonly findings: readonly Finding[] };
  /** The builder's signed check items, whose signature and people the caller has verified. */
  readonly builderItems?: readonly BuilderItem[];
}

/** A check that ran on the builder's side, as their signed evidence tells it. */
export interface BuilderItem {
  readonly item: EvidenceItem;
  readonly by: string;
  /** RFC 3339. */
  readonly at: string;
}

/** What checks read: the contract and answers about the data, gathered once. */
export interface CheckFacts extends CheckInput {
  readonly contract: Contract;
  readonly clauses: readonly Clause[];
  /** Every digest that evidence may name, as it is now. */
  readonly current: Reads;
  readonly training?: TableFacts | DataProblem;
  readonly joint?: TableFacts | DataProblem;
  readonly golden?: TableFacts | DataProblem;
  readonly overlap?: OverlapFacts;
}

/** One thing that `baton check` looks at. */
export interface Check {
  /** `data.training`: the name in evidence. */
  readonly name: string;
  /** One line for the list of checks. */
  readonly title: string;
  readonly codes: readonly string[];
  /** Where what it reads is at hand. */
  readonly where: readonly Place[];
  /** Digests of what it reads; evidence is stale when one differs. */
  reads(facts: CheckFacts): Reads;
  /** Why there is nothing to check; undefined where there is. */
  notApplicable?(facts: CheckFacts): string | undefined;
  /** Why it cannot be done although there is something to check. */
  notPossible?(facts: CheckFacts): string | undefined;
  run(facts: CheckFacts): readonly Finding[];
}

/** A check that did not run here, and the builder's word on it where there is one. */
export interface NotRun {
  readonly check: string;
  readonly reason: string;
  readonly evidence?: BuilderItem;
}

/** The outcome of all checks at one place. */
export interface CheckReport {
  /** Worst first. */
  readonly findings: readonly Finding[];
  readonly notRun: readonly NotRun[];
  /** One a check, for signed evidence. */
  readonly items: readonly EvidenceItem[];
}
