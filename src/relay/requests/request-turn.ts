import type { RelayEntry } from "../entry-schema.ts";

interface Below {
  readonly id: string;
  readonly entry: RelayEntry;
}

/**
 * Why a request comes out of turn, given everything that it stands on: it asks for the next version of what was never taken
 * over, or once more for what was asked. Two that do not know of each other are in order.
 */
export function requestTurnProblem(entry: RelayEntry, below: readonly Below[]): string | undefined {
  const { contentDigest, request } = entry;
  const own = below.filter(({ entry: other }) => other.contentDigest === contentDigest);
  if (!own.some(({ entry: { action, role } }) => action === "accept" && role === "runs"))
    return "asks for the version after one that was never accepted";
  const before = own.find(
    ({ entry: other }) =>
      request && other.request?.clause === request.clause && other.request.window === request.window,
  );
  return before && `asks once more for what ${before.entry.person} asked with ${before.id.slice(0, 12)}`;
}

/** Why an acceptance cannot close what it says that it closes. That a request is closed twice is no harm. */
export function closingProblem(
  { closes = [], contentDigest }: RelayEntry,
  below: readonly Below[],
): string | undefined {
  const requests = new Map(
    below.filter(({ entry }) => entry.action === "request").map(({ id, entry }) => [id, entry]),
  );
  const unknown = closes.find((id) => !requests.has(id));
  if (unknown) return `closes ${unknown.slice(0, 12)}, which is no request that it stands on`;
  const own = closes.find((id) => requests.get(id)!.contentDigest === contentDigest);
  return own && "answers the request for the version after itself";
}
