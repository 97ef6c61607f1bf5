import type { Column } from "../contract/index.ts";
import { type ColumnCells, cellCount, numericCell } from "./cells.ts";
import { textAt } from "./column-tally.ts";

/** Cell of each row of one column. */
export type CellIndices = Uint8Array | Uint16Array;

/** Room for the cells of so many rows. */
export function roomForCells(cells: ColumnCells, rows: number): CellIndices {
  return cellCount(cells) <= 2 ** 8 ? new Uint8Array(rows) : new Uint16Array(rows);
}

/** Says in which cell a row of a column lies; the same cell as a tally counts it in. */
export function cellFinder(cells: ColumnCells): (column: Column, row: number) => number {
  const size = cellCount(cells);
  if (cells.kind === "categorical") {
    const index = new Map(cells.values.map((value, cell) => [value, cell]));
    return (column, row) => (column.missing?.[row] ? size - 1 : (index.get(textAt(column, row)) ?? size - 2));
  }
  const starts = Float64Array.from(cells.starts);
  return (column, row) => {
    if (column.missing?.[row]) return size - 2;
    const value = Number(column.values[row]);
    return Number.isNaN(value) ? size - 2 : numericCell(starts, value);
  };
}
