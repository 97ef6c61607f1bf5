import { BatonError, digestOf } from "../kernel/index.ts";
import { type Cells, cellCount } from "./cells.ts";
import { addAll, addCounts, type Count } from "./count.ts";

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
  if (a.cells !== b.cells)
    throw new BatonError("configuration-invalid", "Counters of different profiles cannot be added.", {
      next: "Add counters of one model version only.",
    });
  return {
    cells: a.cells,
    rows: addCounts(a.rows, b.rows),
    columns: a.columns.map((column, index) => {
      const other = b.columns[index]!;
      const counts = addAll(column.counts, other.counts);
      return column.sums && other.sums ? { counts, sums: addAll(column.sums, other.sums) } : { counts };
    }),
  };
}
