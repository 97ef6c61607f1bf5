import canonicalize from "canonicalize";
import { BatonError } from "./errors.ts";

/** Anything that JSON can say. */
export type Json =
  | null
  | boolean
  | number
  | string
  | readonly Json[]
  | { readonly [key: string]: Json | undefined };

/** RFC 8785 (JCS) text: the same value gives the same bytes everywhere. @throws BatonError `internal` for NaN, Infinity or cycles */
export function canonicalJson(value: unknown): string {
  try {
    const text = canonicalize(value);
    if (text !== undefined) return text;
  } catch (cause) {
    throw new BatonError("internal", "A value cannot be written as canonical JSON.", { cause });
  }
  throw new BatonError("internal", "Undefined cannot be written as canonical JSON.");
}

/** UTF-8 bytes of {@link canonicalJson}. */
export function canonicalBytes(value: unknown): Uint8Array {
  return new TextEncoder().encode(canonicalJson(value));
}
