import type { Contract } from "../../contract/index.ts";
import type { Verdict } from "../../evidence/index.ts";
import { type Finding, shortDigest } from "../../kernel/index.ts";
import {
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
  /** Signed by one role. */
  readonly waiting: readonly Review[];
  readonly open: readonly ReviewAction[];
  readonly findings: readonly Finding[];
}

/** Without a contract that promises reviews none is due; actions are kept track of all the same. */
export function reviewStanding(
  history: History,
  state: RelayState,
  contract: Contract | undefined,
): ReviewStanding {
  const terms = contract && reviewTerms(contract);
  const due = terms ? reviewsDue(history, terms, state.at) : [];
  const newest = state.reviews.filter(
    (review, at) =>
      !state.reviews.slice(at + 1).some((later) => later.contentDigest === review.contentDigest),
  );
  return {
    due,
    waiting: newest.filter(({ missing }) => missing.length > 0),
    open: state.actions.filter(({ done }) => !done),
    findings: [
      ...due.filter(({ overdue }) => overdue).map(dueFinding),
      ...overdueActions(state).map(lateFinding),
    ],
  };
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

function lateFinding({ id, what, owner, due }: ReviewAction): Finding {
  return reviewFinding("relay.action-overdue", {
    expected: `by ${due}`,
    message: `${owner} was to do this by ${due}: ${what}`,
    next: `Sign \`baton review done ${id} --note TEXT\` when it is done, or ask for it again with a later date.`,
  });
}

/** The same for people: a line a review, a table of open actions. */
export function reviewStatusText(session: Session, { due, waiting, open }: ReviewStanding): string {
  const dueLines = due.map(({ version, contentDigest, due: day, overdue, why }) => {
    const when = overdue
      ? paint(session, "red", `overdue since ${day.slice(0, 10)}`)
      : `due on ${day.slice(0, 10)}`;
    return `review of ${version} (${shortDigest(contentDigest)}): ${when} (${why})\n`;
  });
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
  return [...dueLines, ...waitingLines, table].join("");
}
