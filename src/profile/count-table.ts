import type { Table } from "../contract/index.ts";
import { BatonError, digestOf } from "../kernel/index.ts";
import type { Cells } from "./cells.ts";
import { columnTally } from "./column-tally.ts";
import { countOf } from "./count.ts";
import { type Counters, mergeCounters } from "./counters.ts";

/** Counts tables on fixed cells, one after the other. */
export interface Tally {
  /** Counts all rows. @throws BatonError `internal` when the table lacks a column of the cells */
  add(table: Table): void;
  /** What was counted so far. */
  counters(): Counters;
}

/** A tally at zero. */
export function createTally(cells: Cells): Tally {
  const columns = cells.columns.map((column) => ({ name: column.name, tally: columnTally(column) }));
  const digest = digestOf(cells);
  let rows = 0;
  return {
    add(table) {
      const found = columns.map(({ name }) => table.columns.get(name) ?? absent(name));
      columns.forEach(({ tally }, index) => {
        tally.add(found[index]!, table.rows);
      });
      rows += table.rows;
    },
    counters: () => ({
      cells: digest,
      rows: countOf(rows),
      columns: columns.map(({ tally }) => tally.counters()),
    }),
  };
}

/** The counters with the rows of a table added. */
export function countTable(cells: Cells, counters: Counters, table: Table): Counters {
  const tally = createTally(cells);
  tally.add(table);
  return mergeCounters(counters, tally.counters());
}

function absent(name: string): never {
  throw new BatonError("internal", `The table to count has no column "${name}".`);
}
