import { type Column, valueAt } from "../../contract/index.ts";

/** One feature of a table of sampled rows; `clauses` says what rejected each row. */
export interface RejectedColumn {
  readonly name: string;
  readonly column: Column;
  readonly clauses: Column | undefined;
  /** Start of the window of each row. */
  readonly starts: readonly number[];
}

/** Values of a feature in a window that are held. */
const mostValues = 5;

/** Gathers what clauses of features rejected: the value of that feature alone, never the rest of the row. */
export function gatherRejected(): {
  add(column: RejectedColumn): void;
  of(start: number): ReadonlyMap<string, readonly string[]>;
} {
  const windows = new Map<number, Map<string, Set<string>>>();
  return {
    add({ name, column, clauses, starts }) {
      if (!clauses) return;
      for (const [row, start] of starts.entries()) {
        if (valueAt(clauses, row) !== `features.${name}`) continue;
        const text = shownValue(valueAt(column, row));
        if (text === undefined) continue;
        const byName = windows.get(start) ?? new Map<string, Set<string>>();
        windows.set(start, byName);
        const values = byName.get(name) ?? new Set<string>();
        byName.set(name, values);
        if (values.size < mostValues) values.add(text);
      }
    },
    of: (start) => new Map([...(windows.get(start) ?? [])].map(([name, values]) => [name, [...values]])),
  };
}

/** What looks like a name of a category; anything else that a caller wrote may be somebody's data. */
const likeCategory = /^[\p{L}\p{N}][\p{L}\p{N} ._/-]{0,19}$/u;
const longNumber = /\p{N}{6}/u;

/** A value as it may be shown: numbers, and short words in quotes; of other text the length alone. */
export function shownValue(value: unknown): string | undefined {
  if (typeof value === "number" || typeof value === "bigint") return String(value);
  if (typeof value !== "string") return undefined;
  const isCategory = likeCategory.test(value) && !longNumber.test(value);
  return isCategory ? JSON.stringify(value) : `a text of ${[...value].length} characters`;
}
