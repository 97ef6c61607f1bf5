import type { Contract } from "../../contract/index.ts";
import { type ColumnCells, type ColumnCounters, type TableProfile, toNumber } from "../../profile/index.ts";
import { type ColumnDistances, columnDistances } from "../distances/column-distances.ts";
import type { WindowCounts } from "../observe/window-counts.ts";

/** A share now beside the reference's. */
export interface ShareReport {
  readonly now: number;
  /** Absent where the reference does not know. */
  readonly reference?: number;
}

/** One feature or output in one window. */
export interface ColumnReport {
  /** `features.temperature`, `outputs.late_probability`. */
  readonly clause: string;
  readonly missing: ShareReport;
  /** Categories that have no cell; absent for numbers. */
  readonly other?: ShareReport;
  /** Outside what the contract expects; absent where it expects nothing. */
  readonly outside?: ShareReport;
  readonly distances: ColumnDistances;
}

/** A column that is watched, with its reference. */
export interface WatchedColumn {
  readonly clause: string;
  readonly cells: ColumnCells;
  readonly reference: ColumnCounters;
  readonly deviation?: number;
  readonly expected: boolean;
  /** Its counters in a window. */
  readonly of: (window: WindowCounts) => ColumnCounters;
}

/** Every column that a profile has cells for, features first. */
export function watchedColumns(
  contract: Contract,
  { features, outputs }: { readonly features: TableProfile; readonly outputs?: TableProfile | undefined },
): WatchedColumn[] {
  const expected = new Set(contract.features.filter((one) => one.expected).map(({ name }) => name));
  const columnsOf = (kind: "features" | "outputs", table: TableProfile) =>
    table.cells.columns.map((cells, index): WatchedColumn => {
      const facts = table.facts[index];
      const deviation = facts && "finite" in facts ? facts.finite?.standardDeviation : undefined;
      return {
        clause: `${kind}.${cells.name}`,
        cells,
        reference: table.counters.columns[index]!,
        ...(deviation !== undefined && { deviation }),
        expected: kind === "features" && expected.has(cells.name),
        of: (window) => window[kind].columns[index]!,
      };
    });
  return [...columnsOf("features", features), ...(outputs ? columnsOf("outputs", outputs) : [])];
}

/** A column in a window against its reference. */
export function columnReport(column: WatchedColumn, window: WindowCounts): ColumnReport {
  const { cells, reference, deviation } = column;
  const current = column.of(window);
  const shares = (cellsOf: (counts: readonly number[]) => number): ShareReport => ({
    now: shareOf(current, cellsOf),
    reference: shareOf(reference, cellsOf),
  });
  const numeric = cells.kind === "numeric";
  return {
    clause: column.clause,
    missing: shares((counts) => (numeric ? counts.at(-1)! + counts.at(-2)! : counts.at(-1)!)),
    ...(!numeric && { other: shares((counts) => counts.at(-2)!) }),
    ...(column.expected && {
      outside: { now: window.rows === 0 ? 0 : (window.outside[cells.name] ?? 0) / window.rows },
    }),
    distances: columnDistances({ cells, reference, current, referenceDeviation: deviation }),
  };
}

function shareOf({ counts }: ColumnCounters, part: (counts: readonly number[]) => number): number {
  const numbers = counts.map(toNumber);
  const total = numbers.reduce((sum, count) => sum + count, 0);
  return total === 0 ? 0 : part(numbers) / total;
}
