import { parseDuration } from "../../kernel/index.ts";
import type { History, HistoryEntry } from "../history.ts";
import { dayOrInstantOf, instantText } from "../instant.ts";
import { type Deployment, type EnvironmentState, type RelayState, stateOf } from "../state.ts";
import type { Review, ReviewAction } from "./reviews.ts";

/** When both teams look again, as the contract says. */
export interface ReviewTerms {
  /** Durations: after a deployment or an incident, and after each review. */
  readonly first: string;
  readonly every: string;
  /** At `critical` a review by one person in both roles completes nothing. */
  readonly twoPeople: boolean;
}

/** The next review of one content. */
export interface ReviewDue {
  readonly contentDigest: string;
  readonly version: string;
  /** RFC 3339. */
  readonly due: string;
  readonly overdue: boolean;
  readonly because: "deployment" | "cadence" | "recall" | "rollback" | "request";
  /** In words: `the first after it was deployed to production on 2026-11-26`. */
  readonly why: string;
  /** The newest complete review of it. */
  readonly last?: Review;
}

/**
 * The next review of each content that runs somewhere, or that an incident struck after its last review, earliest first.
 * Incidents are what the relay records: a recall, a roll-back away from it, a request for the next version.
 */
export function reviewsDue(history: History, terms: ReviewTerms, at: string): ReviewDue[] {
  const state = stateOf(history, at);
  const now = Date.parse(at);
  return state.contents
    .flatMap(({ contentDigest, version }): ReviewDue[] => {
      const last = lastComplete(state.reviews, contentDigest, terms);
      const reasons = [
        ...runningReason(state, contentDigest, terms, last),
        ...incidentReasons(history, contentDigest, terms, last, now),
      ];
      const [earliest] = reasons.sort((a, b) => a.dueMs - b.dueMs);
      if (!earliest) return [];
      const { dueMs, because, why } = earliest;
      const common = { contentDigest, version, due: instantText(dueMs), overdue: dueMs < now, because, why };
      return [{ ...common, ...(last && { last }) }];
    })
    .sort((a, b) => Date.parse(a.due) - Date.parse(b.due));
}

/** Actions that are open after their last day. */
export function overdueActions({ actions, at }: Pick<RelayState, "actions" | "at">): ReviewAction[] {
  return actions.filter(
    ({ due, done }) => !done && (dayOrInstantOf(due, "end") ?? Number.POSITIVE_INFINITY) < Date.parse(at),
  );
}

interface Reason {
  readonly dueMs: number;
  readonly because: ReviewDue["because"];
  readonly why: string;
}

function lastComplete(
  reviews: readonly Review[],
  contentDigest: string,
  { twoPeople }: ReviewTerms,
): Review | undefined {
  return reviews
    .filter((review) => review.contentDigest === contentDigest && review.completed !== undefined)
    .filter(({ selfReviewed }) => !(twoPeople && selfReviewed))
    .reduce<Review | undefined>((a, b) => (a && a.completed! >= b.completed! ? a : b), undefined);
}

function runningReason(
  { environments }: RelayState,
  contentDigest: string,
  { first, every }: ReviewTerms,
  last: Review | undefined,
): Reason[] {
  const stints = environments.flatMap((environment) => stintOf(environment, contentDigest) ?? []);
  const [since] = stints.sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  if (!since) return [];
  if (last?.completed !== undefined && last.collected >= since.at)
    return [
      {
        dueMs: Date.parse(last.completed) + parseDuration(every),
        because: "cadence",
        why: `${every} after the review of ${last.completed.slice(0, 10)}`,
      },
    ];
  return [
    {
      dueMs: Date.parse(since.at) + parseDuration(first),
      because: "deployment",
      why: `the first, ${first} after it came to ${since.environment} on ${since.at.slice(0, 10)}`,
    },
  ];
}

/** The deployment with which the content came to where it still runs. */
function stintOf({ current, deployments }: EnvironmentState, contentDigest: string): Deployment | undefined {
  if (current?.contentDigest !== contentDigest) return undefined;
  const before = deployments.findLastIndex((other) => other.contentDigest !== contentDigest);
  return deployments[before + 1] ?? current;
}

const incidents = { recall: "recall", rollback: "roll-back", request: "request" } as const;

/** Only of content that ran: nothing else can be reviewed. */
function incidentReasons(
  { entries }: History,
  contentDigest: string,
  { first }: ReviewTerms,
  last: Review | undefined,
  now: number,
): Reason[] {
  const ran = entries.find(
    ({ entry }) =>
      (entry.action === "deploy" || entry.action === "rollback") && entry.contentDigest === contentDigest,
  );
  if (!ran) return [];
  return entries.flatMap(({ entry }): Reason[] => {
    const because = incidentOf(entry, contentDigest);
    const known = last !== undefined && entry.at <= last.collected;
    if (!because || known || Date.parse(entry.at) > now || entry.at < ran.entry.at) return [];
    return [
      {
        dueMs: Date.parse(entry.at) + parseDuration(first),
        because,
        why: `${first} after the ${incidents[because]} by ${entry.person} on ${entry.at.slice(0, 10)}`,
      },
    ];
  });
}

function incidentOf(
  { action, contentDigest, previousDigest }: HistoryEntry["entry"],
  about: string,
): keyof typeof incidents | undefined {
  if (action === "rollback") return previousDigest === about ? "rollback" : undefined;
  return (action === "recall" || action === "request") && contentDigest === about ? action : undefined;
}
