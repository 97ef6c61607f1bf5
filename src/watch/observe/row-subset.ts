import { allocate, type Column, elementsPerRow, type Table } from "../../contract/index.ts";

/** The named rows of every column, in that order. */
export function pickRows(table: Table, rows: readonly number[]): Table {
  return {
    rows: rows.length,
    columns: new Map([...table.columns].map(([name, column]) => [name, pickColumn(column, rows)])),
  };
}

function pickColumn(column: Column, rows: readonly number[]): Column {
  const per = elementsPerRow(column.shape);
  const values = allocate(column.type, rows.length * per);
  for (let at = 0; at < rows.length; at++)
    for (let element = 0; element < per; element++)
      values[at * per + element] = column.values[rows[at]! * per + element]!;
  const { missing } = column;
  const mask = missing && Uint8Array.from(rows, (row) => missing[row] ?? 0);
  return { type: column.type, shape: column.shape, values, ...(mask && { missing: mask }) } as Column;
}
