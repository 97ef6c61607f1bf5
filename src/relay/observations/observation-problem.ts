import type { RelayEntry } from "../entry-schema.ts";
import { instantOf } from "../instant.ts";

/** What a well-formed entry contradicts where it is about a watch, as one clause of a sentence. */
export function observationProblem({ action, observed, note, at }: RelayEntry): string | undefined {
  if (observed && action !== "observe") return `is a ${action} and speaks of observed`;
  if (action !== "observe") return undefined;
  if (!observed) return note === undefined ? "is an observe that says nothing" : undefined;
  const [from, newest] = [instantOf(observed.from), instantOf(observed.newest)];
  if (from === undefined || newest === undefined) return "names a window that does not exist";
  if (from > newest) return "begins after it ends";
  // A window that has not begun would keep its verdict fresh for as long as the signer likes.
  if (newest > Date.parse(at)) return "judges a window that had not begun";
  const ids = new Set(observed.verdicts.map(({ clause }) => clause));
  return ids.size < observed.verdicts.length ? "says two things of one clause" : undefined;
}
