import type { RequestSaid } from "../../relay/index.ts";

/** What is told when the next version is asked for. */
export interface RequestNotice {
  /** Id of the relay entry: the same in every attempt, so that a receiver can tell a repetition. */
  readonly id: string;
  readonly model: string;
  readonly version: string;
  readonly contentDigest: string;
  /** When it was signed, RFC 3339. */
  readonly at: string;
  readonly environment: string;
  readonly onCall?: string;
  readonly said: RequestSaid;
  /** The signed entry as it stands in the relay: a DSSE envelope. */
  readonly entry: unknown;
}

/** What became of a notice. A problem names neither secrets nor what the other side answered. */
export type Delivery =
  | { readonly delivered: true; readonly attempts: number }
  | { readonly delivered: false; readonly attempts: number; readonly problem: string };

/** One place that is told. */
export interface Notifier {
  /** For people: `webhook to alerts.example.org`. */
  readonly name: string;
  /** Tells, trying again while that may help; never throws for what the other side does. */
  deliver(notice: RequestNotice): Promise<Delivery>;
}
