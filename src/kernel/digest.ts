import { createHash } from "node:crypto";
import { canonicalBytes } from "./canonical-json.ts";

/** Lower-case hex SHA-256 of bytes or UTF-8 text. */
export function sha256(data: Uint8Array | string): string {
  return createHash("sha256").update(data).digest("hex");
}

/** Lower-case hex SHA-256 of the canonical JSON of a value. */
export function digestOf(value: unknown): string {
  return sha256(canonicalBytes(value));
}

/** The first 12 hex digits: enough for people, never for programs. */
export function shortDigest(digest: string): string {
  return digest.slice(0, 12);
}
