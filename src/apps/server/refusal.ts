import type { Prediction, RecordViolation, Violation } from "../../inference/index.ts";
import { BatonError } from "../../kernel/index.ts";
import type { ErrorEntry } from "./error-reply.ts";

/** Most violations that one reply lists; the message says how many rows there are. */
const mostListed = 100;

/** The error of a request of which some row was not answered: the first reason, and how many rows it concerns. */
export function refusal(prediction: Prediction): BatonError | undefined {
  const unanswered = prediction.answered.reduce((count, one) => count + (one === 0 ? 1 : 0), 0);
  if (unanswered === 0) return undefined;
  const inputs = prediction.rejections.filter((violation) => !isWithheld(violation));
  const first = inputs[0] ?? prediction.rejections[0];
  const message = first?.message ?? "A row was not answered.";
  const more = unanswered > 1 ? ` (${unanswered} of ${prediction.rows} rows were not answered.)` : "";
  return inputs.length > 0
    ? new BatonError("input-invalid", message + more, {
        next: "Mend the rows that errors lists, and send the request again.",
      })
    : new BatonError("output-invalid", message + more, {
        next: "Treat the answer as unknown and tell the owner of the model.",
      });
}

/** Rejections as error entries, capped; inputs first, because they are what the caller can mend. */
export function errorEntries(
  { rejections }: Prediction,
  placeOf: (violation: Violation) => string = ({ path }) => path,
): ErrorEntry[] {
  const inputs = rejections.filter((violation) => !isWithheld(violation));
  const listed = inputs.length > 0 ? inputs : rejections;
  return listed
    .slice(0, mostListed)
    .map((violation) => ({ ...errorEntry(violation), path: placeOf(violation) }));
}

/** One violation as callers see it. */
export function errorEntry({ code, clause, path, expected, received, message }: RecordViolation): ErrorEntry {
  return { code, clause, path, expected, received, message };
}

function isWithheld({ code }: Violation): boolean {
  return code.startsWith("output.");
}
