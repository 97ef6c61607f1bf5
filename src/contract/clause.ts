import type { Role } from "./contract.ts";

/** What a clause can be. */
export type ClauseKind =
  | "feature"
  | "output"
  | "rule"
  | "limitation"
  | "golden"
  | "gate"
  | "behaviour"
  | "budget"
  | "watch"
  | "trigger"
  | "review";

/**
 * How a clause is kept: the server rejects or warns, evidence shows it, a monitor looks,
 * or only people can keep it (the acceptor acknowledges it by id).
 */
export type Kept = "enforced" | "tested" | "watched" | "stated";

/** A promise with an id. */
export interface Clause {
  /** `features.wind_speed`, `outputs.late_probability`, `rules.not-a-loop`, `gates.auc`, `golden`, `budget`, `watch`, `review`. */
  readonly id: string;
  readonly kind: ClauseKind;
  readonly owner: Role;
  /** Empty: nothing keeps it, which is a finding. */
  readonly kept: readonly Kept[];
  /** Where a limitation is kept by another clause: its id. */
  readonly keptBy?: string;
  /** Path in the contract, for positions: `rules[0]`. */
  readonly path: string;
  /** One line for people. */
  readonly text: string;
  /** SHA-256 of the canonical JSON of its definition without `owner` and prose: evidence binds to it. */
  readonly digest: string;
}
