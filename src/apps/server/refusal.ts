import type { Prediction, RecordViolation, Violation } from "../../inference/index.ts";
import { BatonError } from "../../kernel/index.ts";
import { type ErrorEntry, RowsRefused } from "./error-reply.ts";

/** Most violations that one reply lists; the message says how many rows there are. */
const mostListed = 100;

/**
 * Ends a request of which some row was not answered, with the first reason and how many rows there are.
 * What the caller can mend comes before what was withheld. `placeOf` says where a violation stands in the request.
 * @throws RowsRefused
 */
export function refuseUnanswered(
  { answered, rows, rejections }: Prediction,
  placeOf: (violation: Violation) => string = ({ path }) => path,
): void {
  const unanswered = answered.reduce((count, one) => count + (one === 0 ? 1 : 0), 0);
  if (unanswered === 0) return;
  const inputs = rejections.filter(({ code }) => !code.startsWith("output."));
  const told = inputs.length > 0 ? inputs : rejections;
  const message = told[0]?.message ?? "A row was not answered.";
  const more = unanswered > 1 ? ` (${unanswered} of ${rows} rows were not answered.)` : "";
  const error =
    inputs.length > 0
      ? new BatonError("input-invalid", message + more, {
          next: "Mend the rows that errors lists, and send the request again.",
        })
      : new BatonError("output-invalid", message + more, {
          next: "Treat the answer as unknown and tell the owner of the model.",
        });
  const entries = told.slice(0, mostListed).map((one) => ({ ...errorEntry(one), path: placeOf(one) }));
  throw new RowsRefused(error, entries);
}

/** One violation as callers see it. */
export function errorEntry({ code, clause, path, expected, received, message }: RecordViolation): ErrorEntry {
  return { code, clause, path, expected, received, message };
}
