import type { Column } from "../contract/index.ts";
import { cellSearch, cellSums } from "./cell-sums.ts";
import {
  type CategoricalCells,
  type ColumnCells,
  cellCount,
  type NumericCells,
  numericCell,
} from "./cells.ts";
import { countOf } from "./count.ts";
import type { ColumnCounters } from "./counters.ts";

/** Counts the values of one column on fixed cells. */
export interface ColumnTally {
  /** Counts all rows of a column. */
  add(column: Column, rows: number): void;
  counters(): ColumnCounters;
}

/** Counts numbers, one distinct value at a time or by column. */
export interface NumericTally extends ColumnTally {
  addValue(value: number, times: number): void;
  addMissing(times: number): void;
}

/** Counts categories, one distinct value at a time or by column. */
export interface CategoricalTally extends ColumnTally {
  addValue(value: string, times: number): void;
  addOther(times: number): void;
  addMissing(times: number): void;
}

/** A tally on numeric cells. */
export function numericTally(cells: NumericCells): NumericTally {
  const starts = Float64Array.from(cells.starts);
  const size = cellCount(cells);
  const missing = size - 2;
  const sums = cellSums(size, cells.unit);
  const search = cellSearch(cells.starts);
  const exact = Number.isFinite(1 / cells.unit);
  return {
    addValue: (value, times) => sums.add(numericCell(starts, value), value, times),
    addMissing: (times) => sums.count(missing, times),
    add(column, rows) {
      const { type, values, missing: mask } = column;
      if (exact && (type === "float32" || type === "float64" || type === "int32")) {
        sums.addRows({ values, missing: mask, rows }, search, missing);
        return;
      }
      for (let row = 0; row < rows; row++) {
        if (mask !== undefined && mask[row] === 1) {
          sums.count(missing, 1);
          continue;
        }
        const value = Number(values[row]);
        if (Number.isNaN(value)) sums.count(missing, 1);
        else sums.add(numericCell(starts, value), value, 1);
      }
    },
    counters: () => ({ counts: sums.counts(), sums: sums.sums() }),
  };
}

/** A tally on categorical cells. */
export function categoricalTally(cells: CategoricalCells): CategoricalTally {
  const [other, missing] = [cells.values.length, cells.values.length + 1];
  const index = new Map(cells.values.map((value, cell) => [value, cell]));
  const counts = new Float64Array(cellCount(cells));
  return {
    addValue(value, times) {
      counts[index.get(value) ?? other]! += times;
    },
    addOther(times) {
      counts[other]! += times;
    },
    addMissing(times) {
      counts[missing]! += times;
    },
    add(column, rows) {
      const mask = column.missing;
      for (let row = 0; row < rows; row++) {
        if (mask !== undefined && mask[row] === 1) counts[missing]!++;
        else counts[index.get(textAt(column, row)) ?? other]!++;
      }
    },
    counters: () => ({ counts: Array.from(counts, countOf) }),
  };
}

/** The category that a value of a column is. */
export function textAt(column: Column, row: number): string {
  if (column.type === "string") return column.values[row]!;
  if (column.type === "boolean") return column.values[row] === 1 ? "true" : "false";
  return String(column.values[row]);
}

/** The tally for a column's cells. */
export function columnTally(cells: ColumnCells): ColumnTally {
  return cells.kind === "numeric" ? numericTally(cells) : categoricalTally(cells);
}
