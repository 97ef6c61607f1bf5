import { allocate, type Column, type ElementType } from "../contract/index.ts";

/** Longest string that is read, in UTF-16 units. */
export const longestString = 16_384;

/** Why a value was not read. */
export type Refusal = "type" | "shape" | "too-long";

/** Reads one JSON value into its place; says why where it cannot. `null` and absent values are not given to it. */
export type ReadValue = (value: unknown, index: number) => Refusal | undefined;

/** A new array for one column, and what reads values into it. */
export interface ColumnReader {
  readonly values: Column["values"];
  readonly read: ReadValue;
}

const makers: { readonly [Type in ElementType]: (length: number) => ColumnReader } = {
  float32: (length) => floats(allocate("float32", length).fill(Number.NaN)),
  float64: (length) => floats(allocate("float64", length).fill(Number.NaN)),
  int32: (length) => {
    const values = allocate("int32", length);
    return {
      values,
      read(value, index) {
        if (typeof value !== "number" || (value | 0) !== value) return "type";
        values[index] = value;
        return undefined;
      },
    };
  },
  int64: (length) => {
    const values = allocate("int64", length);
    return {
      values,
      read(value, index) {
        const integer = int64From(value);
        if (integer === undefined) return "type";
        values[index] = integer;
        return undefined;
      },
    };
  },
  string: (length) => {
    const values = allocate("string", length);
    return {
      values,
      read(value, index) {
        if (typeof value !== "string") return "type";
        if (value.length > longestString) return "too-long";
        if (unspeakable.test(value)) return "type";
        values[index] = value;
        return undefined;
      },
    };
  },
  boolean: (length) => {
    const values = allocate("boolean", length);
    return {
      values,
      read(value, index) {
        if (typeof value !== "boolean") return "type";
        values[index] = value ? 1 : 0;
        return undefined;
      },
    };
  },
};

/** NUL ends a string for the runtime, and half a surrogate pair is no character: both would reach the model as another string. */
const unspeakable = /[\0\p{Surrogate}]/u;

/** Makes the array for `length` values of a type: floats begin as missing (NaN). */
export function columnReader(type: ElementType, length: number): ColumnReader {
  return makers[type](length);
}

/** What a person should send for a type. */
export const wanted: Readonly<Record<ElementType, string>> = {
  float32: "a number",
  float64: "a number",
  int32: "a whole number from -2147483648 to 2147483647",
  int64: "a whole number (as a string beyond 2^53, where JSON numbers lose digits)",
  string: "a string without NUL and half characters",
  boolean: "true or false",
};

function floats(values: Float32Array | Float64Array): ColumnReader {
  return {
    values,
    read(value, index) {
      if (typeof value !== "number") return "type";
      values[index] = value;
      return undefined;
    },
  };
}

const decimal = /^-?\d{1,19}$/;

/** A lossless int64 from a safe integer, a bigint or decimal text. */
function int64From(value: unknown): bigint | undefined {
  if (typeof value === "number") return Number.isSafeInteger(value) ? BigInt(value) : undefined;
  const integer =
    typeof value === "bigint"
      ? value
      : typeof value === "string" && decimal.test(value)
        ? BigInt(value)
        : undefined;
  return integer !== undefined && BigInt.asIntN(64, integer) === integer ? integer : undefined;
}
