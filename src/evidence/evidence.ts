import type { Finding, Outcome } from "../kernel/index.ts";

/** Who made evidence: the same command runs on both sides. */
export type EvidenceKind = "check" | "test" | "bench";

/**
 * What was read to judge one clause, by name: `content:model/m.onnx`, `data:data/train.parquet` (a file's SHA-256),
 * `clause:gates.auc` (a clause's digest), `features`, `outputs`, `rules` (digest of all of them), `run` and `data`
 * (which model file, joint set, label and key are meant) and `previous` (the version compared with, or `none`).
 * An item is stale as soon as one of these differs from the hand-off at hand.
 */
export type Reads = Readonly<Record<string, string>>;

/** Quality within one slice of the joint set. */
export interface SliceResult {
  /** The value of the sliced feature; `missing` where it is absent. */
  readonly slice: string;
  readonly rows: number;
  /** `not-run` also for slices under the minimum of rows, which are shown and not judged. */
  readonly outcome: Outcome;
  readonly reason?: string;
  readonly measured: Readonly<Record<string, number>>;
}

/** One judgement of one clause. */
export interface EvidenceItem {
  readonly clause: string;
  /** What was done: `gate`, `parity`, `behaviour`, `enforcement`, `budget`, `quality` (reported, judged by none), `re-implementation`, or the name of a check. */
  readonly test: string;
  readonly outcome: Outcome;
  /** Why it is not-run or not-applicable. */
  readonly reason?: string;
  /** One sentence with the numbers. */
  readonly message: string;
  readonly measured?: Readonly<Record<string, number>>;
  readonly slices?: readonly SliceResult[];
  readonly reads: Reads;
  readonly findings: readonly Finding[];
}

/** Where it ran. */
export interface Host {
  readonly os: string;
  readonly arch: string;
  readonly cpu: string;
  readonly cpus: number;
  readonly memoryMiB: number;
  readonly node: string;
  readonly runtime?: string;
}

/** One run of one command: the predicate of a DSSE statement of type {@link evidencePredicate}. */
export interface EvidenceRun {
  readonly kind: EvidenceKind;
  readonly tool: { readonly name: "baton"; readonly version: string };
  readonly model: string;
  readonly version: string;
  readonly host: Host;
  /** RFC 3339, UTC. */
  readonly startedAt: string;
  readonly finishedAt: string;
  readonly items: readonly EvidenceItem[];
}

/** in-toto predicate type of evidence. */
export const evidencePredicate = "urn:modelbaton:evidence:1";

/** Where a clause stands: the newest evidence that still holds, and what it says. */
export interface Verdict {
  readonly clause: string;
  readonly outcome: Outcome;
  /** Why, in one sentence: what was shown, or what is stale, foreign, missing. */
  readonly why: string;
  /** Id of the evidence (SHA-256 of its payload), when and by whom. */
  readonly evidence?: {
    readonly id: string;
    readonly at: string;
    readonly by: string;
    readonly side: string;
  };
}

/** Port: who may sign. Satisfied by `relay`'s people. */
export interface Signers {
  /** The person behind a key at a time, or why the key does not count. */
  find(
    keyId: string,
    at: string,
  ):
    | { readonly person: string; readonly roles: readonly string[]; readonly publicKeyPem: string }
    | { readonly refused: string };
}
