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

/** The value of canonical JSON bytes; undefined for everything that is not exactly what {@link canonicalBytes} writes. */
export function readCanonicalJson(bytes: Uint8Array): unknown {
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
    const value: unknown = JSON.parse(text);
    return canonicalJson(value) === text ? value : undefined;
  } catch {
    return undefined;
  }
}
