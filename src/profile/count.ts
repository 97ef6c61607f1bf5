import { BatonError } from "../kernel/index.ts";

/** A whole number of any size: a JSON number up to 2⁵³−1 in magnitude, decimal text beyond. One number has one form. */
export type Count = number | string;

/** The one form of a whole number. */
export function countOf(value: bigint | number): Count {
  if (typeof value === "number" && Number.isSafeInteger(value)) return value + 0;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : BigInt(value).toString();
}

/** Exact sum of two counts. */
export function addCounts(a: Count, b: Count): Count {
  if (typeof a === "number" && typeof b === "number") {
    const sum = a + b;
    if (Number.isSafeInteger(sum)) return sum + 0;
  }
  return countOf(BigInt(a) + BigInt(b));
}

/** Nearest float64 of a count, for shares and means. */
export function toNumber(count: Count): number {
  return Number(count);
}

/** True for a whole number in its one form: what a file may hold. */
export function isCount(value: unknown): value is Count {
  if (typeof value === "number") return Number.isSafeInteger(value) && !Object.is(value, -0);
  return (
    typeof value === "string" && /^-?[1-9]\d{15,40}$/.test(value) && !Number.isSafeInteger(Number(value))
  );
}

/** True for a whole number that is not negative, in its one form. */
export function isNatural(value: unknown): value is Count {
  return isCount(value) && !String(value).startsWith("-");
}

/** Adds entry by entry. @throws BatonError `internal` when the lengths differ */
export function addAll(a: readonly Count[], b: readonly Count[]): Count[] {
  if (a.length !== b.length) throw new BatonError("internal", "Counters of different cells cannot be added.");
  return a.map((count, index) => addCounts(count, b[index]!));
}
