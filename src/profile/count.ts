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

/** Growing sums of lists, entry by entry. */
export interface CountSums {
  /** @throws BatonError `internal` when the lengths differ */
  add(list: readonly Count[]): void;
  counts(): Count[];
}

/** Sums that begin with a list. */
export function countSums(first: readonly Count[]): CountSums {
  // Sums stay below 2⁵³ in `near`, where float64 adds whole numbers exactly; what is more moves to `far`.
  const near = new Float64Array(first.length);
  const far = new Array<bigint>(first.length).fill(0n);
  const add = (list: readonly Count[]) => {
    if (list.length !== near.length)
      throw new BatonError("internal", "Counters of different cells cannot be added.");
    for (let at = 0; at < near.length; at++) {
      const count = list[at]!;
      const sum = typeof count === "number" ? near[at]! + count : Number.NaN;
      if (Number.isSafeInteger(sum)) near[at] = sum;
      else {
        far[at]! += BigInt(near[at]!) + BigInt(count);
        near[at] = 0;
      }
    }
  };
  add(first);
  return { add, counts: () => Array.from(near, (part, at) => countOf(far[at]! + BigInt(part))) };
}
