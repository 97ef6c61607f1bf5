import { allocate, type Column, type Table } from "../../contract/index.ts";
import { type CellIndices, type Cells, cellFinder, roomForCells } from "../../profile/index.ts";
import type { TimeOrder } from "./time-order.ts";

/** Reference rows in the order of time, each as the cells that it lies in: 1 or 2 bytes a value. */
export interface ReferenceRows {
  /** Takes the next rows of the file: features, and the answers to them where there are any. */
  add(features: Table, answers?: Table): void;
  /** Cells of the features, then of the answers, whose cells are known only when all have been seen. */
  cells(answers?: Cells): CellIndices[];
}

/** Collects the rows that have a place. */
export function referenceRows(features: Cells, { rows, place }: TimeOrder): ReferenceRows {
  const columns = features.columns.map((cells) => ({
    name: cells.name,
    find: cellFinder(cells),
    found: roomForCells(cells, rows),
  }));
  const answered = new Map<string, KeptColumn>();
  let next = 0;
  const placed = (table: Table, take: (from: number, to: number) => void) => {
    for (let row = 0; row < table.rows; row++) {
      const to = place[next + row] ?? -1;
      if (to >= 0) take(row, to);
    }
  };
  return {
    add(table, answers) {
      for (const { name, find, found } of columns) {
        const column = table.columns.get(name) ?? allMissing(table.rows);
        placed(table, (from, to) => {
          found[to] = find(column, from);
        });
      }
      for (const [name, column] of answers?.columns ?? []) {
        const kept = answered.get(name) ?? keptColumn(column, rows);
        answered.set(name, kept);
        placed(table, (from, to) => kept.take(column, from, to));
      }
      next += table.rows;
    },
    cells(answers) {
      const judged = (answers?.columns ?? []).map((cells) => {
        const [find, found] = [cellFinder(cells), roomForCells(cells, rows)];
        const kept = answered.get(cells.name)!.column;
        for (let row = 0; row < rows; row++) found[row] = find(kept, row);
        return found;
      });
      return [...columns.map(({ found }) => found), ...judged];
    },
  };
}

/** A column that was not read counts as missing, as it does in a window. */
function allMissing(rows: number): Column {
  const missing = new Uint8Array(rows).fill(1);
  return { type: "boolean", shape: [], values: missing, missing };
}

interface KeptColumn {
  readonly column: Column;
  take(from: Column, row: number, to: number): void;
}

function keptColumn({ type }: Column, rows: number): KeptColumn {
  // What an array holds and what it takes agree by the type.
  const values = allocate(type, rows) as { [row: number]: unknown };
  const missing = new Uint8Array(rows);
  return {
    column: { type, shape: [], values, missing } as unknown as Column,
    take(from, row, to) {
      values[to] = from.values[row];
      missing[to] = from.missing?.[row] ?? 0;
    },
  };
}
