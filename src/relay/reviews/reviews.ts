import { type Deed, deedOf } from "../deed.ts";
import type { ReviewDecision } from "../entry-schema.ts";
import type { HistoryEntry } from "../history.ts";

/** The roles that both must sign. */
export const reviewRoles = ["builds", "runs"] as const;

/** What one role decided on one material; its view is the note. */
export interface ReviewSignature extends Deed {
  readonly decision: ReviewDecision;
}

/** One material that somebody signed. */
export interface Review {
  readonly contentDigest: string;
  readonly version: string;
  /** Name in `reviews/`, and digest of what was looked at. */
  readonly file: string;
  readonly digest: string;
  /** RFC 3339. */
  readonly collected: string;
  /** The newest of each role, in the order of `reviewRoles`. */
  readonly signatures: readonly ReviewSignature[];
  /** Roles that have not signed this material. */
  readonly missing: readonly string[];
  /** When the second role signed; absent while one is missing. */
  readonly completed?: string;
  /** One person signed in both roles. */
  readonly selfReviewed: boolean;
  /** The decisions differ: shown to both, and for both to settle in the next review. */
  readonly contradictory: boolean;
}

/** Something that a review asked for. */
export interface ReviewAction {
  readonly id: string;
  readonly what: string;
  /** Role that does it. */
  readonly owner: string;
  /** Last day for it, in UTC: `2026-12-24`. */
  readonly due: string;
  readonly contentDigest: string;
  readonly version: string;
  readonly asked: Deed;
  /** Absent while it is open. */
  readonly done?: Deed;
}

/** Every material that was signed, among entries that count, oldest first. */
export function reviewsIn(entries: readonly HistoryEntry[]): Review[] {
  const byMaterial = new Map<string, HistoryEntry[]>();
  for (const entry of entries) {
    const { review, contentDigest } = entry.entry;
    if (!review?.material) continue;
    const { file, digest } = review.material;
    const key = [contentDigest, file, digest].join();
    byMaterial.set(key, [...(byMaterial.get(key) ?? []), entry]);
  }
  return [...byMaterial.values()].map(reviewOf);
}

/** Every action that was asked for, among entries that count, oldest first: what two signers ask for alike is one. */
export function reviewActionsIn(entries: readonly HistoryEntry[]): ReviewAction[] {
  const actions = new Map<string, ReviewAction>();
  for (const history of entries) {
    const { review, contentDigest, version } = history.entry;
    for (const { id, what, owner, due } of review?.actions ?? [])
      if (!actions.has(id))
        actions.set(id, { id, what, owner, due, contentDigest, version, asked: deedOf(history) });
  }
  for (const history of entries)
    for (const id of history.entry.review?.closes ?? []) {
      const action = actions.get(id);
      if (action && !action.done) actions.set(id, { ...action, done: deedOf(history) });
    }
  return [...actions.values()];
}

function reviewOf(entries: readonly HistoryEntry[]): Review {
  const { contentDigest, version, review } = entries[0]!.entry;
  const { file, digest, collected } = review!.material!;
  const signatures = reviewRoles.flatMap((role) => {
    const last = entries.findLast(({ entry }) => entry.role === role);
    return last ? [{ ...deedOf(last), decision: last.entry.review!.decision! }] : [];
  });
  const missing = reviewRoles.filter((role) => !signatures.some((signed) => signed.role === role));
  const firsts = reviewRoles.map((role) => entries.find(({ entry }) => entry.role === role)?.entry.at ?? "");
  return {
    ...{ contentDigest, version, file, digest, collected, signatures, missing },
    ...(missing.length === 0 && { completed: firsts.reduce((a, b) => (a > b ? a : b)) }),
    selfReviewed: missing.length === 0 && new Set(signatures.map(({ person }) => person)).size === 1,
    contradictory: new Set(signatures.map(({ decision }) => decision)).size > 1,
  };
}
