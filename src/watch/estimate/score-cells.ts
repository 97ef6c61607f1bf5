import { type ColumnCounters, type NumericCells, toNumber } from "../../profile/index.ts";

/** Rows of one score cell that holds some. */
export interface ScoreCell {
  readonly rows: number;
  readonly mean: number;
  /** The cell is [start, end); both may be infinite. */
  readonly start: number;
  readonly end: number;
  /** Its place among the cells. */
  readonly index: number;
}

/** The cells of a score that hold rows, ascending; those without a number are left out. */
export function scoreCells(
  { starts, unit }: NumericCells,
  { counts, sums }: Pick<ColumnCounters, "counts" | "sums">,
): ScoreCell[] {
  const cells: ScoreCell[] = [];
  for (let index = 0; index <= starts.length; index++) {
    const rows = toNumber(counts[index]!);
    if (rows === 0) continue;
    cells.push({
      rows,
      mean: (toNumber(sums![index]!) * unit) / rows,
      start: starts[index - 1] ?? Number.NEGATIVE_INFINITY,
      end: starts[index] ?? Number.POSITIVE_INFINITY,
      index,
    });
  }
  return cells;
}
