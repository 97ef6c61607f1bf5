import type { RelayEntry } from "../entry-schema.ts";

/** Why a record of a watch comes out of turn, given everything that it stands on: nobody runs what was never accepted. */
export function observationTurnProblem(
  { observed, contentDigest }: RelayEntry,
  below: readonly { readonly entry: RelayEntry }[],
): string | undefined {
  if (!observed) return undefined;
  const accepted = below.some(
    ({ entry }) =>
      entry.action === "accept" && entry.role === "runs" && entry.contentDigest === contentDigest,
  );
  return accepted ? undefined : "watches what was never accepted";
}
