import { type FindingCatalogue, findingMaker } from "../../kernel/index.ts";

const where = ["builder", "acceptor"] as const;

/** Findings about reviews. */
export const reviewFindings = {
  "relay.review-overdue": {
    title: "A review is overdue",
    what: "The contract's `review` promises that both teams look again by a day, and that day has passed.",
    why: "A model that nobody looks at is not watched: drift, alarms and waivers need somebody who decides about them.",
    mend: "Run `baton review DIR --baton FILE`, and let both roles sign what it writes.",
    severity: "warning",
    where,
  },
  "relay.action-overdue": {
    title: "An action of a review is overdue",
    what: "A review asked a role to do something by a day, and nobody has signed that it is done.",
    why: "What both teams agreed on is either done, or said again with a new date.",
    mend: "Do it and sign `baton review done ID --note TEXT`, or ask for it again with a later date in the next review.",
    severity: "warning",
    where,
  },
  "relay.never-deployed": {
    title: "What never ran is not reviewed",
    what: "The relay has no deployment of this content.",
    why: "A review looks at what happened in operation.",
    mend: "Name the baton that runs with --baton; `baton status` says which.",
    severity: "blocking",
    where,
  },
  "relay.material-edited": {
    title: "The material is not the one that was signed",
    what: "The digest of the file in reviews/, or of its page, is not the one that a role signed.",
    why: "Two signatures mean something only if both people looked at the same.",
    mend: "Fetch the file that was signed (`git log -- reviews/`), or collect anew with `baton review` and let both sign that.",
    severity: "blocking",
    where,
  },
  "relay.view-missing": {
    title: "A review needs a view",
    what: "Whoever signs says in words how they see the model.",
    why: "A signature without a view is a click.",
    mend: 'Add --view "TEXT".',
    severity: "blocking",
    where,
  },
  "relay.unknown-action": {
    title: "There is no such open action",
    what: "The id names no action that a review asked for, or one that is done.",
    why: "A mistyped id would close nothing.",
    mend: "Take the id from `baton status`.",
    severity: "blocking",
    where,
  },
  "relay.action-unusable": {
    title: "An action cannot be kept track of",
    what: "Its owner is no role of the contract, or its day is past.",
    why: "An action without somebody who does it by a day is a wish.",
    mend: 'Write it as --action "runs: raise the alarm threshold by 2026-12-24".',
    severity: "blocking",
    where,
  },
  "relay.self-reviewed": {
    title: "One person signs for both roles",
    what: "Who signs has signed this material in the other role. At `critical` this is refused.",
    why: "A review is two teams looking at one thing.",
    mend: "Let another person with the role sign.",
    severity: "warning",
    where,
  },
  "relay.review-contradicts": {
    title: "The two roles decide otherwise",
    what: "The other role signed another decision on the same material.",
    why: "Both decisions stay on record and are shown; neither is hidden behind the other.",
    mend: "Talk, and sign again where a mind is changed: the newest signature of a role counts.",
    severity: "warning",
    where,
  },
} satisfies FindingCatalogue;

/** Makes findings of {@link reviewFindings}. */
export const reviewFinding = findingMaker(reviewFindings);
