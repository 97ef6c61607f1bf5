import type { ColumnCells } from "../../profile/index.ts";
import type { PooledCounts } from "./spread.ts";

/** Rows of all cells. */
export function rowsOf({ counts }: PooledCounts): number {
  let sum = 0;
  for (let cell = 0; cell < counts.length; cell++) sum += counts[cell]!;
  return sum;
}

/** Share of rows with a value: neither missing nor not-a-number. 1 where there are no rows. */
export function presentShare(cells: ColumnCells, pooled: PooledCounts): number {
  const rows = rowsOf(pooled);
  const absent = pooled.counts.at(-1)! + (cells.kind === "numeric" ? pooled.counts.at(-2)! : 0);
  return rows === 0 ? 1 : 1 - absent / rows;
}

/** Share of rows whose category has no cell; 0 for numbers. */
export function otherShare(cells: ColumnCells, pooled: PooledCounts): number {
  const rows = rowsOf(pooled);
  return cells.kind === "numeric" || rows === 0 ? 0 : pooled.counts.at(-2)! / rows;
}

/** How unlike two sets of rows are by their cells, in [0, 1]: Kolmogorov-Smirnov for numbers, total variation for categories. */
export function cellsApart(cells: ColumnCells, before: PooledCounts, after: PooledCounts): number {
  const [all, now] = [rowsOf(before), rowsOf(after)];
  if (all === 0 || now === 0) return 0;
  let [sum, largest, variation] = [0, 0, 0];
  for (const [cell, count] of before.counts.entries()) {
    const gap = count / all - after.counts[cell]! / now;
    sum += gap;
    largest = Math.max(largest, Math.abs(sum));
    variation += Math.abs(gap) / 2;
  }
  return cells.kind === "numeric" ? largest : variation;
}
