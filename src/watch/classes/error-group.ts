import type { Severity } from "../../kernel/index.ts";
import type { ErrorClassName } from "./error-classes.ts";

/** Everything of one kind that went wrong, told once. */
export interface ErrorGroup {
  /** 16 hex digits over class, clause and what is constant in it: the same fault has the same fingerprint in every run. */
  readonly fingerprint: string;
  /** Name in the taxonomy: `contract.category`, `upstream.unit-change`; or what the contract's `errors` call it. */
  readonly class: string;
  readonly clause: string;
  /** Role that is to act. */
  readonly owner: string;
  readonly severity: Severity;
  /** Start of the first and end of the last window with it. */
  readonly first: string;
  readonly last: string;
  readonly windows: number;
  /** Starts of these windows, oldest first: a trigger is held back in them where the feed was broken. */
  readonly starts: readonly string[];
  /** Rows with it, and their share of all rows in its windows. */
  readonly rows: number;
  readonly rate: number;
  readonly message: string;
  /** What to do by default. */
  readonly action: string;
  /** Code of what was rejected, where rows were: `input.category`. */
  readonly code?: string;
  /** Rule of the contract that gave it its class: `errors.wave`; absent where the taxonomy did. */
  readonly rule?: string;
  /** Its class in the taxonomy, where a rule of the contract gave it another. */
  readonly taxonomy?: ErrorClassName;
  /** The part of the traffic that it is about: `carrier = "B6"`; absent where it is about all. */
  readonly slice?: string;
  /** Every clause that it touches. */
  readonly clauses?: readonly string[];
  /** What else would have been told of the same fault: class and clause. */
  readonly consequences?: readonly string[];
  /** A few values or rows that show it; nothing sensitive. */
  readonly samples: readonly string[];
}

/** The class of a group in the taxonomy, whatever the contract calls it. */
export function taxonomyOf(group: Pick<ErrorGroup, "class" | "taxonomy">): ErrorClassName {
  return group.taxonomy ?? (group.class as ErrorClassName);
}
