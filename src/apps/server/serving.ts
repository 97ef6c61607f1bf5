import type { FastifyReply } from "fastify";
import type { Prediction } from "../../inference/index.ts";
import type { Admission } from "./admission.ts";
import type { ServerMetrics } from "./metrics.ts";
import type { ServedCall, ServerOptions } from "./server-options.ts";

/** What routes share. */
export interface Serving {
  readonly options: ServerOptions;
  readonly admission: Admission;
  readonly metrics: ServerMetrics;
  /** Does the work of a prediction request within the limits; shows the observer what the server could not answer. */
  answer<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Counts a prediction and shows it to the observer. */
  predicted(call: ServedCall): void;
  /** Marks a reply that a sketch made up. */
  mark(reply: FastifyReply, prediction: Prediction): void;
}

/** Text that a response header can hold: anything else becomes a question mark. */
export function headerText(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, "?");
}
