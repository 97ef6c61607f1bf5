import type { RelayEntry } from "../entry-schema.ts";

interface Below {
  readonly id: string;
  readonly entry: RelayEntry;
}

/** Why a request comes out of turn, given everything that it stands on: the next version of what was never taken over. */
export function requestTurnProblem(entry: RelayEntry, below: readonly Below[]): string | undefined {
  const accepted = below.some(
    ({ entry: { action, role, contentDigest } }) =>
      action === "accept" && role === "runs" && contentDigest === entry.contentDigest,
  );
  return accepted ? undefined : "asks for the version after one that was never accepted";
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
