import type { CategoricalCells } from "./cells.ts";
import { categoricalTally } from "./column-tally.ts";
import type { ColumnCounters } from "./counters.ts";
import { byCodePoint, type CategoryValues, type ProfileColumn } from "./profile-source.ts";

/** What is known of a column of categories beside its counters. */
export interface CategoryFacts {
  readonly distinct: number;
}

/** Cells, what the reference counts on them, and facts, of a column of categories. */
export interface ProfiledCategories {
  readonly cells: CategoricalCells;
  readonly counters: ColumnCounters;
  readonly facts: CategoryFacts;
}

/** A cell for each value of the contract, or for the most frequent values where it lists none; the rest is other. */
export function profileCategories(source: CategoryValues, column: ProfileColumn): ProfiledCategories {
  const values = cellValues(source, column);
  const cells: CategoricalCells = { kind: "categorical", values };
  const tally = categoricalTally(cells);
  let named = 0;
  for (const { value, count } of source.values) {
    tally.addValue(value, count);
    named += count;
  }
  tally.addOther(source.rows - source.missing - named);
  tally.addMissing(source.missing);
  return { cells, counters: tally.counters(), facts: { distinct: source.distinct } };
}

function cellValues(source: CategoryValues, { type, values }: ProfileColumn): string[] {
  if (type === "boolean") return ["false", "true"];
  return [...new Set(values ?? source.values.map(({ value }) => value))].sort(byCodePoint);
}
