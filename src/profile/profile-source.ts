import type { ElementType } from "../contract/index.ts";

/** A column to profile. */
export interface ProfileColumn {
  /** Name in the contract. */
  readonly name: string;
  /** Name in the data. */
  readonly column: string;
  readonly type: ElementType;
  /** Categories that the contract lists; strings without a list take what was seen. */
  readonly values?: readonly string[];
  /** Numbers only, ascending: a cell starts at each that the data reach on both sides. */
  readonly cuts?: readonly number[];
}

/** The distinct numbers of a column and how often each is there. */
export interface NumberValues {
  readonly missing: number;
  readonly notANumber: number;
  /** Rows with a number inside ±1.797e308, and the smallest and largest of them; no bounds where there is none. */
  readonly finite: number;
  readonly bounds?: readonly [smallest: number, largest: number];
  /** Distinct numbers. */
  readonly distinct: number;
  /** All distinct numbers as float64, ascending, in blocks of any size. Walked at most once. */
  ascending(): AsyncIterable<{ readonly values: ArrayLike<number>; readonly counts: ArrayLike<number> }>;
}

/** The distinct categories of a column. */
export interface CategoryValues {
  readonly rows: number;
  readonly missing: number;
  readonly distinct: number;
  /** The categories of `column.values` that are there, or else the `cap` most frequent (ties: first by code point). */
  readonly values: readonly { readonly value: string; readonly count: number }[];
}

/** Port: counts the distinct values of data's columns. Adapters: `duckdb`; for tables at hand, {@link tableSource}. */
export interface ProfileSource {
  rows(): Promise<number>;
  /** Column of numbers, as float64. */
  numbers(column: ProfileColumn): Promise<NumberValues>;
  /** Column of strings, booleans (`true`, `false`) or integers (decimal text). */
  categories(column: ProfileColumn, cap: number): Promise<CategoryValues>;
}

/** True where a column is profiled as categories: strings, booleans, and integers whose values the contract lists. */
export function isCategorical({ type, values }: Pick<ProfileColumn, "type" | "values">): boolean {
  if (type === "string" || type === "boolean") return true;
  return values !== undefined && (type === "int32" || type === "int64");
}

/** Order by code point, which is also the order of UTF-8 bytes. */
export function byCodePoint(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
