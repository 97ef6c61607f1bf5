import type { ElementType } from "../../contract/index.ts";

type Read = (value: unknown) => number | bigint | string | undefined;

const longestString = 16_384;
/** NUL ends a string for the runtime, and half a surrogate pair is no character. */
const unspeakable = /[\0\p{Surrogate}]/u;

const readers: Readonly<Record<ElementType, Read>> = {
  float32: finite,
  float64: finite,
  int32: (value) => (typeof value === "number" && (value | 0) === value ? value : undefined),
  int64: wholeNumber,
  string: (value) =>
    typeof value === "string" && value.length <= longestString && !unspeakable.test(value)
      ? value
      : undefined,
  boolean: (value) => (typeof value === "boolean" ? Number(value) : undefined),
};

/** One JSON value as an element for a typed array; undefined where it is none. */
export function readElement(type: ElementType, value: unknown): number | bigint | string | undefined {
  return readers[type](value);
}

/** What a person should send. */
export const wantedElement: Readonly<Record<ElementType, string>> = {
  float32: "finite numbers, or null where a value is missing",
  float64: "finite numbers, or null where a value is missing",
  int32: "whole numbers within 32 bits",
  int64: "whole numbers within 64 bits, written without fraction or exponent",
  string: `strings of at most ${longestString} characters, without NUL and half characters`,
  boolean: "true or false",
};

function finite(value: unknown): number | undefined {
  const number = typeof value === "bigint" ? Number(value) : value;
  return typeof number === "number" && Number.isFinite(number) ? number : undefined;
}

/** A lossless int64: from a number that keeps every digit, a bigint, or decimal text. */
function wholeNumber(value: unknown): bigint | undefined {
  if (typeof value === "number") return Number.isSafeInteger(value) ? BigInt(value) : undefined;
  const whole =
    typeof value === "string" ? (/^-?\d{1,19}$/.test(value) ? BigInt(value) : undefined) : (value as bigint);
  return typeof whole === "bigint" && BigInt.asIntN(64, whole) === whole ? whole : undefined;
}
