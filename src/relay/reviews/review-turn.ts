import type { RelayEntry } from "../entry-schema.ts";

/**
 * Why a review comes out of turn, given everything that it stands on: it is about what never ran, or closes an action that
 * nobody asked for. That an action is closed twice is no harm.
 */
export function reviewTurnProblem(
  entry: RelayEntry,
  below: readonly { readonly entry: RelayEntry }[],
): string | undefined {
  const ran = below.some(
    ({ entry: { action, contentDigest } }) =>
      (action === "deploy" || action === "rollback") && contentDigest === entry.contentDigest,
  );
  if (!ran) return "reviews what was never deployed";
  const asked = new Set(below.flatMap((other) => other.entry.review?.actions ?? []).map(({ id }) => id));
  const unknown = entry.review?.closes?.find((id) => !asked.has(id));
  return unknown && `closes the action ${unknown}, for which nobody asked`;
}
