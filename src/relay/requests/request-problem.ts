import type { RelayEntry } from "../entry-schema.ts";
import { instantOf } from "../instant.ts";

/** What a well-formed entry contradicts where it is about requests, as one clause of a sentence. */
export function requestProblem({ action, request, note, closes }: RelayEntry): string | undefined {
  if (request && action !== "request") return `is a ${action} and speaks of request`;
  if (closes && action !== "accept") return `is a ${action} and speaks of closes`;
  if (action !== "request") return undefined;
  if (!request && note === undefined) return "is a request that says neither which trigger asks nor why";
  if (request && instantOf(request.window) === undefined) return "names a window that does not exist";
  return undefined;
}
