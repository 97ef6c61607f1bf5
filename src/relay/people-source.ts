import type { Position } from "../kernel/index.ts";
import type { WrittenPeople } from "./people-schema.ts";

/** A people file of the right form, and where each part of it stands. */
export interface PeopleSource {
  readonly written: WrittenPeople;
  readonly at: (path: readonly (string | number)[]) => Position;
}

/** True where a text holds a private key, as PEM or JWK. */
export function holdsPrivateKey(text: string): boolean {
  return privateKey.test(text);
}

/** Line (1-based) of a private key in a text, or undefined. */
export function lineOfPrivateKey(text: string): number | undefined {
  const found = privateKey.exec(text);
  return found ? text.slice(0, found.index).split("\n").length : undefined;
}

/** `people[0].keys[1]`. */
export function pathText(path: readonly (string | number)[]): string {
  return path.map((part, i) => (typeof part === "number" ? `[${part}]` : i ? `.${part}` : part)).join("");
}

const privateKey = /-----BEGIN[A-Z0-9 ]*PRIVATE[ _]KEY|"d"\s*:\s*"[A-Za-z0-9_-]{40,}"/i;
