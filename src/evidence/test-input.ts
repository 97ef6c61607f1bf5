import type { Clause, Contract, Table } from "../contract/index.ts";
import type { Predictor } from "../inference/index.ts";
import type { EvidenceRun, Host, Reads } from "./evidence.ts";
import type { Reimplementation, TransformRunner } from "./parity/parity-features.ts";

/** Everything that tests need, loaded. */
export interface TestInput {
  readonly contract: Contract;
  readonly clauses: readonly Clause[];
  /** Of `currentReads`. */
  readonly reads: Reads;
  /** Absent where the model cannot be had: what needs it is not-run, with `whyNoPredictor`. A sketch gives its own. */
  readonly predictor?: Predictor;
  readonly whyNoPredictor?: string;
  /** The joint set with its features, label and key; absent where it is not at hand. */
  readonly jointRows?: Table;
  /** The golden rows with all their columns (`raw.…`, `features.…`, `prediction.…`, `about`). */
  readonly goldenRows?: Table;
  /** The version before this one, for `previous.` in gates. */
  readonly previous?: { readonly version: string; readonly predictor: Predictor };
  /** Executes the contract's transforms on the raw layer. */
  readonly transforms?: TransformRunner;
  /** An engineer's own preprocessing, compared with the features layer beside the transforms. */
  readonly reimplementation?: {
    readonly name: string;
    readonly digest: string;
    readonly prepare: Reimplementation;
  };
  /** Wall clock, RFC 3339 in UTC. */
  readonly now: () => string;
  readonly host: Host;
  readonly tool: EvidenceRun["tool"];
  /** Only these clause ids; all where absent. */
  readonly only?: ReadonlySet<string>;
  /** Called as each part begins, for people who wait. */
  readonly onPart?: (part: "parity" | "gates" | "behaviours" | "enforcement") => void;
}

/** Why nothing can be said about a model; undefined where there is one. */
export function whyNoModel({ contract, predictor, whyNoPredictor }: TestInput): string | undefined {
  if (!contract.run) return "there is no model yet";
  return predictor ? undefined : (whyNoPredictor ?? "the model is not at hand");
}
