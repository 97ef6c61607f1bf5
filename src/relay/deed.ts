import type { HistoryEntry } from "./history.ts";

/** Who did something, as what, when, by which entry. */
export interface Deed {
  /** Id of the entry. */
  readonly entry: string;
  readonly person: string;
  readonly role: string;
  /** RFC 3339. */
  readonly at: string;
  readonly note?: string;
}

/** An entry as what somebody did. */
export function deedOf({ id, entry: { person, role, at, note } }: HistoryEntry): Deed {
  return { entry: id, person, role, at, ...(note !== undefined && { note }) };
}
