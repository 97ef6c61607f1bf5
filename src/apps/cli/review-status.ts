import type { Contract } from "../../contract/index.ts";
import type { Verdict } from "../../evidence/index.ts";
import { type Finding, shortDigest } from "../../kernel/index.ts";
import {
  type Deployment,
  type History,
  overdueActions,
  type RelayState,
  type Review,
  type ReviewAction,
  type ReviewDue,
  type ReviewTerms,
  reviewFinding,
  reviewsDue,
} from "../../relay/index.ts";
import { paint, type Session } from "./session.ts";
import { textTable } from "./text-table.ts";

/** Where the reviews of a model stand: what is due, what waits for a signature, what was asked for and is open. */
export interface ReviewStanding {
  readonly due: readonly ReviewDue[];
  /** Run somewhere, and no contract at hand says when they are reviewed. */
  readonly unknown: readonly Deployment[];
  /** Signed by one role. */
  readonly waiting: readonly Review[];
  readonly open: readonly ReviewAction[];
  readonly findings: readonly Finding[];
}

/**
 * Where the contract that governs a content is not at hand, nobody can say when it is due, and that is told; actions are
 * kept track of all the same.
 */
export function reviewStanding(
  history: History,
  state: RelayState,
  contractOf: (contentDigest: string) => Contract | undefined,
): ReviewStanding {
  const due = state.contents
    .flatMap(({ contentDigest }) => dueOf(history, state, contentDigest, contractOf(contentDigest)))
    .sort((a, b) => Date.parse(a.due) - Date.parse(b.due));
  const running = state.environments.flatMap(({ current }) => current ?? []);
  const newest = state.reviews.filter(
    (review, at) =>
      !state.reviews.slice(at + 1).some((later) => later.contentDigest === review.contentDigest),
  );
  return {
    due,
    unknown: running.filter(
      ({ contentDigest }, at) =>
        !contractOf(contentDigest) &&
        running.findIndex((other) => other.contentDigest === contentDigest) === at,
    ),
    waiting: newest.filter(({ missing }) => missing.length > 0),
    open: state.actions.filter(({ done }) => !done),
    findings: [
      ...due.filter(({ overdue }) => overdue).map(dueFinding),
      ...newestComplete(state.reviews)
        .filter(({ contradictory }) => contradictory)
        .map(contradictionFinding),
      ...overdueActions(state).map(lateFinding),
    ],
  };
}

/** Of each content the review that both roles signed last: a material that waits for a signature settles nothing. */
function newestComplete(reviews: readonly Review[]): Review[] {
  const byContent = new Map<string, Review>();
  for (const review of reviews) {
    const before = byContent.get(review.contentDigest)?.completed ?? "";
    if (review.completed !== undefined && review.completed >= before)
      byContent.set(review.contentDigest, review);
  }
  return [...byContent.values()];
}

function dueOf(
  history: History,
  { at }: RelayState,
  contentDigest: string,
  contract: Contract | undefined,
): ReviewDue[] {
  const terms = contract && reviewTerms(contract);
  return terms ? reviewsDue(history, terms, at).filter((due) => due.contentDigest === contentDigest) : [];
}

/** The terms of the clause `review`; undefined where the contract has none. */
export function reviewTerms({ review, level }: Contract): ReviewTerms | undefined {
  return review && { first: review.first, every: review.every, twoPeople: level === "critical" };
}

/** How the clause `review` stands for content that runs: kept after a complete review, broken once one is overdue. */
export function reviewVerdict(
  history: History,
  state: RelayState,
  { contract, digest }: { readonly contract: Contract; readonly digest: string },
): Pick<Verdict, "outcome" | "why"> | undefined {
  const terms = reviewTerms(contract);
  const next =
    terms && reviewsDue(history, terms, state.at).find(({ contentDigest }) => contentDigest === digest);
  if (!next) return undefined;
  const { due, overdue, why, last } = next;
  const day = due.slice(0, 10);
  if (overdue) return { outcome: "fail", why: `overdue since ${day}: ${why}` };
  if (!last) return { outcome: "not-run", why: `due on ${day}: ${why}` };
  return { outcome: "pass", why: `reviewed on ${last.completed?.slice(0, 10)}; the next is due on ${day}` };
}

function dueFinding({ version, due, why }: ReviewDue): Finding {
  return reviewFinding("relay.review-overdue", {
    clause: "review",
    expected: `by ${due.slice(0, 10)}`,
    message: `The review of ${version} is overdue since ${due.slice(0, 10)}: ${why}.`,
  });
}

/** Whoever looks at it sees both decisions, until a mind is changed or a newer review is complete. */
function contradictionFinding({ file, version, signatures }: Review): Finding {
  const decisions = signatures.map(
    ({ person, role, decision }) => `${person} as ${role} decided ${decision}`,
  );
  return reviewFinding("relay.review-contradicts", {
    clause: "review",
    message: `The review ${file} of ${version} says two things: ${decisions.join(", ")}.`,
  });
}

function lateFinding({ id, what, owner, due }: ReviewAction): Finding {
  return reviewFinding("relay.action-overdue", {
    expected: `by ${due}`,
    message: `${owner} was to do this by ${due}: ${what}`,
    next: `Sign \`baton review done ${id} --note TEXT\` when it is done, or ask for it again with a later date.`,
  });
}

/** The same for people: a line a review, a table of open actions. */
export function reviewStatusText(session: Session, { due, unknown, waiting, open }: ReviewStanding): string {
  const dueLines = due.map(({ version, contentDigest, due: day, overdue, why }) => {
    const when = overdue
      ? paint(session, "red", `overdue since ${day.slice(0, 10)}`)
      : `due on ${day.slice(0, 10)}`;
    return `review of ${version} (${shortDigest(contentDigest)}): ${when} (${why})\n`;
  });
  const unknownLines = unknown.map(
    ({ version, contentDigest }) =>
      `! When the review of ${version} (${shortDigest(contentDigest)}) is due is not known: no .baton file here holds its contract. Name it: baton status FILE\n`,
  );
  const waitingLines = waiting.map(
    ({ file, version, missing, signatures: [signed] }) =>
      `! The review ${file} of ${version} was signed by ${signed?.person} as ${signed?.role} (${signed?.decision}) and waits for ${missing.join(" and ")}: baton review sign reviews/${file}.json\n`,
  );
  const table = open.length
    ? `\n${textTable(
        session,
        ["action", "owner", "due", "what"],
        open.map(({ id, owner, due: day, what }) => [id, owner, day, what]),
      )}`
    : "";
  return [...dueLines, ...unknownLines, ...waitingLines, table].join("");
}
