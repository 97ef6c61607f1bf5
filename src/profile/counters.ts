import { BatonError, digestOf } from "../kernel/index.ts";
import { type Cells, cellCount } from "./cells.ts";
import { addCounts, type Count, countSums } from "./count.ts";

/** What was counted in one column. */
export interface ColumnCounters {
  /** One for each cell, in the order of the column's cells. */
  readonly counts: readonly Count[];
  /** Numbers only: sum of the values of each cell, in units; zero for missing and not-a-number. */
  readonly sums?: readonly Count[];
}

/** Whole numbers on fixed cells. Adding them is exact: the same bytes in any order and grouping. */
export interface Counters {
  /** Digest of the cells they were counted on. */
  readonly cells: string;
  readonly rows: Count;
  /** In the order of the cells' columns. */
  readonly columns: readonly ColumnCounters[];
}

/** Nothing counted yet: the zero of {@link mergeCounters}. */
export function emptyCounters(cells: Cells): Counters {
  return {
    cells: digestOf(cells),
    rows: 0,
    columns: cells.columns.map((column) => {
      const zeros = new Array<Count>(cellCount(column)).fill(0);
      return column.kind === "numeric" ? { counts: zeros, sums: [...zeros] } : { counts: zeros };
    }),
  };
}

/** Exact sum of counters of the same cells. @throws BatonError `configuration-invalid` when the cells differ */
export function mergeCounters(a: Counters, b: Counters): Counters {
  const sum = counterSum(a);
  sum.add(b);
  return sum.counters();
}

/** A growing sum of counters of the same cells. */
export interface CounterSum {
  /** @throws BatonError `configuration-invalid` when the cells differ */
  add(counters: Counters): void;
  counters(): Counters;
}

/** A sum that begins with some counters. */
export function counterSum(first: Counters): CounterSum {
  const columns = first.columns.map(columnSum);
  let rows = first.rows;
  return {
    add(counters) {
      if (counters.cells !== first.cells)
        throw new BatonError("configuration-invalid", "Counters of different profiles cannot be added.", {
          next: "Add counters of one model version only.",
        });
      rows = addCounts(rows, counters.rows);
      for (let at = 0; at < columns.length; at++) columns[at]!.add(counters.columns[at]!);
    },
    counters: () => ({ cells: first.cells, rows, columns: columns.map((column) => column.counters()) }),
  };
}

function columnSum(first: ColumnCounters) {
  const counts = countSums(first.counts);
  const sums = first.sums && countSums(first.sums);
  return {
    add(more: ColumnCounters) {
      counts.add(more.counts);
      if (sums && more.sums) sums.add(more.sums);
    },
    counters: (): ColumnCounters => ({ counts: counts.counts(), ...(sums && { sums: sums.counts() }) }),
  };
}
