import type { ElementType } from "./contract.ts";

/** Typed arrays by element type; strings stay strings, booleans are 0 or 1. */
export interface ArrayOf {
  readonly float32: Float32Array;
  readonly float64: Float64Array;
  readonly int32: Int32Array;
  readonly int64: BigInt64Array;
  readonly string: string[];
  readonly boolean: Uint8Array;
}

/**
 * Values of one feature or output for many rows, row-major: `values.length === rows * product(shape)`.
 * `missing[row] === 1` marks a missing scalar (floats then also hold NaN); no mask means that nothing is missing.
 */
export type Column = {
  [Type in ElementType]: {
    readonly type: Type;
    readonly shape: readonly number[];
    readonly values: ArrayOf[Type];
    readonly missing?: Uint8Array;
  };
}[ElementType];

/** Rows held by column. All columns have the same number of rows. */
export interface Table {
  readonly rows: number;
  readonly columns: ReadonlyMap<string, Column>;
}

/** Elements in one row of a shape; 1 for a scalar. Shapes with -1 have no fixed size and are the caller's to resolve first. */
export function elementsPerRow(shape: readonly number[]): number {
  let product = 1;
  for (const size of shape) product *= size;
  return product;
}

const makers: { readonly [Type in ElementType]: (length: number) => ArrayOf[Type] } = {
  float32: (length) => new Float32Array(length),
  float64: (length) => new Float64Array(length),
  int32: (length) => new Int32Array(length),
  int64: (length) => new BigInt64Array(length),
  string: (length) => new Array<string>(length).fill(""),
  boolean: (length) => new Uint8Array(length),
};

/** A new typed array for `length` elements: zeros, or empty strings. */
export function allocate<Type extends ElementType>(type: Type, length: number): ArrayOf[Type] {
  return makers[type](length);
}

/** One value as JSON can say it: bigint as a number where it is safe, else as decimal text; null where missing. */
export function valueAt(column: Column, index: number): string | number | boolean | null {
  if (column.missing?.[index]) return null;
  const value = column.values[index];
  if (value === undefined || (typeof value === "number" && Number.isNaN(value))) return null;
  if (column.type === "boolean") return value === 1;
  if (typeof value === "bigint")
    return Number.isSafeInteger(Number(value)) ? Number(value) : value.toString();
  return value;
}
