import type { ElementType } from "../contract/index.ts";

/**
 * Cells of numbers. Convention, everywhere in Baton: a cell holds its start and not its end, [start, next start).
 * Numbers are compared as their nearest float64 (int64 beyond 2⁵³ rounds), −0 is 0.
 *
 * `starts` ascends: the reference's smallest finite value first, and last the next number above its largest, where
 * overflow begins. A value with a cell of its own (an atom) is a cell that ends at the next number: the next whole
 * number for int32 and int64, the next float64 otherwise.
 * Counters stand in the order underflow, the cells, overflow, missing, not-a-number. −∞ is underflow, +∞ is overflow.
 * NaN is counted as missing, as the contract has it: whether a gap reaches a model as null or as NaN depends on who writes
 * the file, and must not look like drift. The last counter stays zero.
 * No `starts`: the reference has no finite value, and every number is underflow.
 */
export interface NumericCells {
  readonly kind: "numeric";
  readonly starts: readonly number[];
  /** A power of two: sums are counted in whole units of it, so that adding is exact. */
  readonly unit: number;
}

/** Cells of categories. Counters stand in the order of `values`, then other, then missing. */
export interface CategoricalCells {
  readonly kind: "categorical";
  /** Text of each value, ascending by code point; `false` and `true` for booleans, decimal text for integers. */
  readonly values: readonly string[];
}

/** Cells of one column. */
export type ColumnCells = (NumericCells | CategoricalCells) & {
  readonly name: string;
  readonly type: ElementType;
};

/** The edges alone, fixed when the reference is profiled; what is counted on them is {@link Counters}. */
export interface Cells {
  readonly columns: readonly ColumnCells[];
}

/** Sums count at most this many units for one value: a wild value cannot make a sum inexact or endless. */
export const unitCap = 2 ** 36;

/** Number of counters of a column's cells. */
export function cellCount(cells: NumericCells | CategoricalCells): number {
  return cells.kind === "numeric" ? cells.starts.length + 3 : cells.values.length + 2;
}

/** Counter of a number that is not NaN: how many starts are at or below it. */
export function numericCell(starts: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (starts[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Counter of one value of a column: null and NaN are missing. */
export function cellOf(
  cells: NumericCells | CategoricalCells,
  value: number | bigint | string | boolean | null,
): number {
  const count = cellCount(cells);
  if (cells.kind === "categorical") {
    if (value === null) return count - 1;
    const index = cells.values.indexOf(String(value));
    return index < 0 ? count - 2 : index;
  }
  if (value === null) return count - 2;
  const number = Number(value);
  return Number.isNaN(number) ? count - 2 : numericCell(cells.starts, number);
}

/** A finite value in whole units, rounded half up, never beyond {@link unitCap}. */
export function unitsOf(value: number, unit: number): number {
  const units = Math.round(value / unit);
  return units > unitCap ? unitCap : units < -unitCap ? -unitCap : units + 0;
}

/** The unit for values up to `magnitude`: the power of two that makes 2³⁴ to 2³⁵ units of it. */
export function unitFor(magnitude: number): number {
  if (magnitude === 0) return 1;
  let exponent = Math.min(1023, Math.max(-960, Math.floor(Math.log2(magnitude))));
  if (2 ** exponent > magnitude && exponent > -960) exponent--;
  return 2 ** (exponent - 34);
}

const bits = new DataView(new ArrayBuffer(8));

/** The smallest float64 above a finite value. */
export function floatAbove(value: number): number {
  if (value === 0) return Number.MIN_VALUE;
  bits.setFloat64(0, value);
  bits.setBigInt64(0, bits.getBigInt64(0) + (value > 0 ? 1n : -1n));
  return bits.getFloat64(0) + 0;
}

/** The next number of a type above a finite value: where a cell that holds this value alone ends. */
export function nextNumber(type: ElementType, value: number): number {
  const whole = (type === "int32" || type === "int64") && Number.isSafeInteger(value);
  return whole ? value + 1 : floatAbove(value);
}

/** What each counter of a column stands for, in order, for people. */
export function cellNames(cells: ColumnCells): string[] {
  if (cells.kind === "categorical") return [...cells.values, "(other)", "(missing)"];
  const { starts, type } = cells;
  const inner = starts.slice(0, -1).map((start, index) => {
    const end = starts[index + 1]!;
    return nextNumber(type, start) === end ? `= ${start}` : `${start} to below ${end}`;
  });
  return [
    "(underflow)",
    ...inner,
    ...(starts.length > 0 ? ["(overflow)"] : []),
    "(missing)",
    "(not a number)",
  ];
}
