import { type ColumnCells, cellCount } from "../../profile/index.ts";
import { absentCells } from "../distances/compared-cells.ts";
import type { RowCounts } from "./row-counts.ts";

/**
 * By how much the number of rows without a value varies from window to window more than of independent rows
 * (index of dispersion, Fisher 1925): the median of the columns that have some, never below 1. A feed fails for an hour
 * rather than for a row; where no column ever lacked a value, nothing is known, and 1 is taken.
 */
export function absentDispersion(
  cells: readonly ColumnCells[],
  counts: RowCounts,
  windowRows: number,
): number {
  const windows = Math.floor(counts.rows / windowRows);
  if (windows < 2) return 1;
  const sums = cells.map((): number[] => []);
  for (let window = 0; window < windows; window++) {
    const seen = new Float64Array(counts.offsets.at(-1)!);
    counts.add(seen, window * windowRows, windowRows);
    for (const [at, column] of cells.entries()) {
      const end = counts.offsets[at]! + cellCount(column);
      sums[at]!.push(seen.subarray(end - absentCells(column), end).reduce((sum, count) => sum + count, 0));
    }
  }
  const known = sums.flatMap((rows) => dispersionOf(rows, windowRows) ?? []).sort((a, b) => a - b);
  return Math.max(1, known[known.length >> 1] ?? 1);
}

function dispersionOf(rows: readonly number[], windowRows: number): number | undefined {
  const mean = rows.reduce((sum, count) => sum + count, 0) / rows.length;
  if (mean === 0 || mean === windowRows) return undefined;
  const squares = rows.reduce((sum, count) => sum + (count - mean) ** 2, 0);
  return squares / (rows.length - 1) / (mean * (1 - mean / windowRows));
}
