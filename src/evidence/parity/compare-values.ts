import type { ElementType } from "../../contract/index.ts";

/** A value as a row has it; null where missing. */
export type Scalar = string | number | bigint | boolean | null;

const relativeTolerance = 1e-12;

/**
 * True when two values of a feature are the same for a model: equal, both missing, or equal as the feature's own type.
 * float32 values are compared after rounding both to float32; float64 values may differ by a relative 1e-12,
 * for the order of additions.
 */
export function isSameValue(type: ElementType, a: Scalar, b: Scalar): boolean {
  const [left, right] = [presentOrNull(a), presentOrNull(b)];
  if (left === null || right === null) return left === right;
  if (type === "string") return left === right;
  if (typeof left === "string" || typeof right === "string") return String(left) === String(right);
  if (type === "int64" || type === "int32" || type === "boolean")
    return Number(left) === Number(right) && sameInteger(left, right);
  const [x, y] = [Number(left), Number(right)];
  if (type === "float32") return Math.fround(x) === Math.fround(y);
  return x === y || Math.abs(x - y) <= relativeTolerance * Math.max(Math.abs(x), Math.abs(y));
}

/** True when a predicted value is within the tolerance of the recorded one; texts and booleans must be equal. */
export function isWithin(tolerance: number, a: Scalar, b: Scalar): boolean {
  const difference = absoluteDifference(a, b);
  return difference === undefined ? a === b : difference <= tolerance;
}

/** |a − b| for numbers; Infinity where one of them is not finite; undefined where they are no numbers. */
export function absoluteDifference(a: Scalar, b: Scalar): number | undefined {
  if (a === null || b === null || typeof a === "string" || typeof b === "string") return undefined;
  const difference = Math.abs(Number(a) - Number(b));
  return Number.isNaN(difference) ? Number.POSITIVE_INFINITY : difference;
}

function sameInteger(a: number | bigint | boolean, b: number | bigint | boolean): boolean {
  const exact = (value: number | bigint | boolean) =>
    typeof value === "number" && !Number.isInteger(value) ? undefined : BigInt(value);
  return exact(a) !== undefined && exact(a) === exact(b);
}

function presentOrNull(value: Scalar): Exclude<Scalar, null> | null {
  return typeof value === "number" && Number.isNaN(value) ? null : value;
}
