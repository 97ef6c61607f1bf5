import { canonicalJson } from "../../kernel/index.ts";

/**
 * What a change means: `breaking` for callers, `acceptance` where the other team must agree anew,
 * `editorial` where nothing that is promised changed.
 */
export type ChangeKind = "breaking" | "acceptance" | "editorial";

/** One change between two contracts. */
export interface ContractChange {
  /** Clause id, or the top-level key where it is no clause: `features.hour`, `on-failure`. */
  readonly clause: string;
  readonly kind: ChangeKind;
  /** Dotted place: `features.hour.range`. */
  readonly path: string;
  readonly from?: string;
  readonly to?: string;
  /** One sentence: what changed, and what that means for whom. */
  readonly message: string;
}

/** Notes a change of one member of a clause. */
export type NoteChange = (
  clause: string,
  key: string,
  kind: ChangeKind,
  values: readonly [from: unknown, to: unknown],
  message: string,
) => void;

/** Collects changes. */
export function changeList(): { readonly changes: ContractChange[]; readonly note: NoteChange } {
  const changes: ContractChange[] = [];
  const note: NoteChange = (clause, key, kind, [from, to], message) => {
    changes.push({
      clause,
      kind,
      path: key === "" ? clause : `${clause}.${key}`,
      ...(from === undefined ? {} : { from: shown(from) }),
      ...(to === undefined ? {} : { to: shown(to) }),
      message,
    });
  };
  return { changes, note };
}

function shown(value: unknown): string {
  const text = typeof value === "string" ? value : canonicalJson(value);
  return text.length > 200 ? `${text.slice(0, 197)}…` : text;
}

/** Equality as JSON: undefined equals absent. */
export function same(a: unknown, b: unknown): boolean {
  if (a === undefined || b === undefined) return a === b;
  return canonicalJson(a) === canonicalJson(b);
}
