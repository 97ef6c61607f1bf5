import { type Deed, deedOf } from "../deed.ts";
import type { RequestSaid } from "../entry-schema.ts";
import type { HistoryEntry } from "../history.ts";

/** Somebody, or a trigger, asked for the next version. */
export interface VersionRequest extends Deed {
  readonly contentDigest: string;
  readonly version: string;
  /** Absent where a person asked in words. */
  readonly said?: RequestSaid;
  /** The acceptance of a later version that answered it; absent while it is open. */
  readonly closed?: Deed & { readonly version: string };
}

/**
 * Every request among entries that count, oldest first. It is closed by an acceptance that holds: one that was taken back by a return,
 * or is contested, leaves it open.
 */
export function requestsIn(
  entries: readonly HistoryEntry[],
  holds: (acceptance: HistoryEntry) => boolean,
): VersionRequest[] {
  const closers = entries.filter((entry) => entry.entry.closes && holds(entry));
  return entries
    .filter(({ entry }) => entry.action === "request")
    .map((history): VersionRequest => {
      const { contentDigest, version, request } = history.entry;
      const closer = closers.find(({ entry }) => entry.closes!.includes(history.id));
      return {
        ...deedOf(history),
        contentDigest,
        version,
        ...(request && { said: request }),
        ...(closer && { closed: { ...deedOf(closer), version: closer.entry.version } }),
      };
    });
}

/** Requests that no version has answered. */
export function openRequests({
  requests,
}: {
  readonly requests: readonly VersionRequest[];
}): VersionRequest[] {
  return requests.filter(({ closed }) => !closed);
}
