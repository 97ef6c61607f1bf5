import type { Column, ElementType } from "../contract/index.ts";

/** Longest string that is read, in UTF-16 units. */
export const longestString = 16_384;

/** Why a value was not read. */
export type Refusal = "type" | "shape" | "too-long";

/** Reads one JSON value into its place; says why where it cannot. `null` and absent values are not given to it. */
export type ReadValue = (values: Column["values"], value: unknown, index: number) => Refusal | undefined;

/** Readers by type: one function each for all columns and calls. */
export const readers: Readonly<Record<ElementType, ReadValue>> = {
  float32: readFloat,
  float64: readFloat,
  int32(values, value, index) {
    if (typeof value !== "number" || (value | 0) !== value) return "type";
    values[index] = value;
    return undefined;
  },
  int64(values, value, index) {
    const integer = int64From(value);
    if (integer === undefined) return "type";
    values[index] = integer;
    return undefined;
  },
  string(values, value, index) {
    if (typeof value !== "string") return "type";
    if (value.length > longestString) return "too-long";
    if (!isSpeakable(value)) return "type";
    values[index] = value;
    return undefined;
  },
  boolean(values, value, index) {
    if (typeof value !== "boolean") return "type";
    values[index] = value ? 1 : 0;
    return undefined;
  },
};

function readFloat(values: Column["values"], value: unknown, index: number): Refusal | undefined {
  if (typeof value !== "number") return "type";
  values[index] = value;
  return undefined;
}

/** NUL ends a string for the runtime, and half a surrogate pair is no character: both would reach the model as another string. */
function isSpeakable(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === 0) return false;
    if ((unit & 0xf800) === 0xd800) return !/\0|\p{Surrogate}/u.test(text);
  }
  return true;
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
