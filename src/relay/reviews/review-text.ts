import type { RelayEntry } from "../entry-schema.ts";

/** What a review says after who says it: `reviews 1.1.0 (0002-2026-12-01): keep, asks for 1 action, closes 5e2a91c0`. */
export function reviewText({ review, version }: RelayEntry): string {
  const { material, decision, actions = [], closes = [] } = review ?? {};
  const done = closes.length > 0 ? [`closes ${closes.join(", ")}`] : [];
  if (!material) return `${done.join()} of ${version}`;
  const asked =
    actions.length > 0 ? [`asks for ${actions.length} action${actions.length > 1 ? "s" : ""}`] : [];
  return `reviews ${version} (${material.file}): ${[decision, ...asked, ...done].join(", ")}`;
}
