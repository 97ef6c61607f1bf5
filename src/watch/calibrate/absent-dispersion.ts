import { type ColumnCells, cellCount } from "../../profile/index.ts";
import { absentCells } from "../distances/compared-cells.ts";
import type { RowCounts } from "./row-counts.ts";
import type { ReferenceWindows } from "./window-layouts.ts";

/**
 * By how much the number of rows without a value varies from window to window more than of independent rows
 * (index of dispersion, Fisher 1925): the median of the columns that have some, never below 1. A feed fails for an hour
 * rather than for a row; where no column ever lacked a value, nothing is known, and 1 is taken.
 */
export function absentDispersion(
  cells: readonly ColumnCells[],
  counts: RowCounts,
  windows: ReferenceWindows,
): number {
  const edges = "edges" in windows ? windows.edges : evenEdges(counts.rows, windows.sizes);
  if (edges.length < 3) return 1;
  const sums = cells.map((): number[] => []);
  for (let window = 0; window + 1 < edges.length; window++) {
    const seen = new Float64Array(counts.offsets.at(-1)!);
    counts.add(seen, edges[window]!, edges[window + 1]! - edges[window]!);
    for (const [at, column] of cells.entries()) {
      const end = counts.offsets[at]! + cellCount(column);
      sums[at]!.push(seen.subarray(end - absentCells(column), end).reduce((sum, count) => sum + count, 0));
    }
  }
  const rows = Array.from({ length: edges.length - 1 }, (_, at) => edges[at + 1]! - edges[at]!);
  const known = sums.flatMap((absent) => dispersionOf(absent, rows) ?? []).sort((a, b) => a - b);
  return Math.max(1, known[known.length >> 1] ?? 1);
}

/** Windows of the middle size, as many as there is room for. */
function evenEdges(rows: number, sizes: readonly number[]): number[] {
  const size = [...sizes].sort((a, b) => a - b)[(sizes.length - 1) >> 1]!;
  return Array.from({ length: Math.floor(rows / size) + 1 }, (_, at) => at * size);
}

/** Squares of what each window has more or less than its rows let expect, over their variance if rows were independent. */
function dispersionOf(absent: readonly number[], rows: readonly number[]): number | undefined {
  const [sum, total] = [absent, rows].map((list) => list.reduce((all, own) => all + own, 0)) as [
    number,
    number,
  ];
  const share = sum / total;
  if (share === 0 || share === 1) return undefined;
  const squares = absent.reduce((all, own, at) => all + (own - share * rows[at]!) ** 2 / rows[at]!, 0);
  return squares / (absent.length - 1) / (share * (1 - share));
}
