import type { Column, Table } from "../contract/index.ts";
import { BatonError } from "../kernel/index.ts";
import { textAt } from "./column-tally.ts";
import { isFinitely } from "./profile-numbers.ts";
import {
  byCodePoint,
  type CategoryValues,
  isCategorical,
  type NumberValues,
  type ProfileColumn,
  type ProfileSource,
} from "./profile-source.ts";

/** A profile source of tables at hand; keeps 8 bytes for each number and one entry for each distinct category. */
export async function tableSource(
  tables: AsyncIterable<Table> | Iterable<Table>,
  columns: readonly ProfileColumn[],
): Promise<ProfileSource> {
  const numbers = new Map<string, NumberStore>();
  const categories = new Map<string, CategoryStore>();
  for (const column of columns)
    if (isCategorical(column)) categories.set(column.column, newCategoryStore());
    else numbers.set(column.column, newNumberStore());
  let rows = 0;
  for await (const table of tables) {
    for (const [name, store] of [...numbers, ...categories]) store.add(columnOf(table, name), table.rows);
    rows += table.rows;
  }
  return {
    rows: async () => rows,
    numbers: async ({ column }) => (numbers.get(column) ?? unknown(column)).values(),
    categories: async ({ column, values }, cap) =>
      (categories.get(column) ?? unknown(column)).values(rows, values, cap),
  };
}

interface NumberStore {
  add(column: Column, rows: number): void;
  values(): NumberValues;
}

function newNumberStore(): NumberStore {
  let store = new Float64Array(1024);
  let size = 0;
  let [missing, notANumber] = [0, 0];
  return {
    add(column, rows) {
      if (size + rows > store.length) {
        const larger = new Float64Array(Math.max(size + rows, store.length * 2));
        larger.set(store.subarray(0, size));
        store = larger;
      }
      for (let row = 0; row < rows; row++) {
        if (column.missing?.[row]) {
          missing++;
          continue;
        }
        const value = Number(column.values[row]);
        if (Number.isNaN(value)) notANumber++;
        else store[size++] = value + 0;
      }
    },
    values: () => numberValues(store.slice(0, size).sort(), missing, notANumber),
  };
}

function numberValues(sorted: Float64Array, missing: number, notANumber: number): NumberValues {
  const values: number[] = [];
  const counts: number[] = [];
  for (const value of sorted)
    if (values.length > 0 && values.at(-1) === value) counts[counts.length - 1]!++;
    else {
      values.push(value);
      counts.push(1);
    }
  const first = sorted.findIndex(isFinitely);
  const last = sorted.findLastIndex(isFinitely);
  return {
    missing,
    notANumber,
    finite: first < 0 ? 0 : last - first + 1,
    ...(first >= 0 && { bounds: [sorted[first]!, sorted[last]!] }),
    distinct: values.length,
    async *ascending() {
      yield { values, counts };
    },
  };
}

interface CategoryStore {
  add(column: Column, rows: number): void;
  values(rows: number, wanted: readonly string[] | undefined, cap: number): CategoryValues;
}

function newCategoryStore(): CategoryStore {
  const counts = new Map<string, number>();
  let missing = 0;
  return {
    add(column, rows) {
      for (let row = 0; row < rows; row++) {
        if (column.missing?.[row]) missing++;
        else {
          const text = textAt(column, row);
          counts.set(text, (counts.get(text) ?? 0) + 1);
        }
      }
    },
    values(rows, wanted, cap) {
      const all = [...counts].map(([value, count]) => ({ value, count }));
      const named = wanted && new Set(wanted);
      const values = named
        ? all.filter(({ value }) => named.has(value))
        : all.sort((a, b) => b.count - a.count || byCodePoint(a.value, b.value)).slice(0, cap);
      return { rows, missing, distinct: counts.size, values };
    },
  };
}

function columnOf(table: Table, name: string): Column {
  return table.columns.get(name) ?? unknown(name);
}

function unknown(name: string): never {
  throw new BatonError("internal", `The tables to profile have no column "${name}".`);
}
