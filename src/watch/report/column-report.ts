import type { Contract } from "../../contract/index.ts";
import {
  type ColumnCells,
  type ColumnCounters,
  type TableProfile,
  type ThresholdTable,
  toNumber,
} from "../../profile/index.ts";
import { type ColumnDistances, columnDistances } from "../distances/column-distances.ts";
import { type Counts, totalOfFirst } from "../distances/compared-cells.ts";
import type { WindowCounts } from "../observe/window-counts.ts";
import { matchingCounts, strataShares } from "../strata/matching-reference.ts";
import { columnStrata, type StrataMix } from "../strata/window-strata.ts";

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
  /** Counts of the reference that rows of such a mix of strata are compared with; absent where that is all of it. */
  readonly matching?: (mix: StrataMix) => Counts;
}

/** Every column that a profile has cells for, features first. */
export function watchedColumns(
  contract: Contract,
  {
    features,
    outputs,
    thresholds,
  }: {
    readonly features: TableProfile;
    readonly outputs?: TableProfile | undefined;
    readonly thresholds?: ThresholdTable | undefined;
  },
): WatchedColumn[] {
  const strataOf = thresholds && columnStrata(thresholds);
  const matching = (column: number, reference: ColumnCounters): Pick<WatchedColumn, "matching"> => {
    const counts = strataOf?.(column);
    if (!counts) return {};
    const shares = strataShares(counts, reference.counts.map(toNumber));
    return { matching: (mix) => matchingCounts(mix, shares) };
  };
  const expected = new Set(contract.features.filter((one) => one.expected).map(({ name }) => name));
  const columnsOf = (kind: "features" | "outputs", table: TableProfile, first: number) =>
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
        ...matching(first + index, table.counters.columns[index]!),
      };
    });
  const first = features.cells.columns.length;
  return [...columnsOf("features", features, 0), ...(outputs ? columnsOf("outputs", outputs, first) : [])];
}

/** A column in a window against its reference, or the part of it that matches the mix of its rows. */
export function columnReport(column: WatchedColumn, window: WindowCounts, mix?: StrataMix): ColumnReport {
  const { cells, reference, deviation } = column;
  const current = column.of(window);
  const matching = mix && column.matching?.(mix);
  const [now, before] = [current.counts.map(toNumber), matching ?? reference.counts.map(toNumber)];
  const shares = (...fromEnd: readonly number[]): ShareReport => ({
    now: shareOf(now, fromEnd),
    reference: shareOf(before, fromEnd),
  });
  const numeric = cells.kind === "numeric";
  return {
    clause: column.clause,
    missing: numeric ? shares(1, 2) : shares(1),
    ...(!numeric && { other: shares(2) }),
    ...(column.expected && {
      outside: { now: window.rows === 0 ? 0 : (window.outside[cells.name] ?? 0) / window.rows },
    }),
    distances: columnDistances({ cells, reference, matching, current, referenceDeviation: deviation }),
  };
}

/** Share of the counters that stand so far from the end. */
function shareOf(counts: Counts, fromEnd: readonly number[]): number {
  const total = totalOfFirst(counts, counts.length);
  return total === 0 ? 0 : fromEnd.reduce((sum, at) => sum + counts[counts.length - at]!, 0) / total;
}
