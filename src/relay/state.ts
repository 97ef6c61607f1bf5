import { type Deed, deedOf } from "./deed.ts";
import type { Reason } from "./entry-schema.ts";
import { type Disagreements, disagreementsOf } from "./forks.ts";
import type { History, HistoryEntry } from "./history.ts";
import { type Observation, observationsIn } from "./observations/observations.ts";
import { requestsIn, type VersionRequest } from "./requests/requests.ts";
import { type Review, type ReviewAction, reviewActionsIn, reviewsIn } from "./reviews/reviews.ts";

/** A clause that is let off for a time; never shown as pass. */
export interface Waiver extends Deed {
  readonly clause: string;
  readonly contentDigest: string;
  /** RFC 3339; at this instant it is over. */
  readonly until: string;
}

/** A return, with its reasons. */
export interface Returned extends Deed {
  readonly reasons: readonly Reason[];
}

/** An acceptance: by `runs` of the whole, by another role of the clauses it acknowledges. */
export interface Acceptance extends Deed {
  readonly acknowledged: readonly string[];
  readonly evidence: readonly string[];
}

/** Where one content stands. `self-accepted`: whoever offered it also accepted it. */
export type Standing =
  | "known"
  | "offered"
  | "accepted"
  | "self-accepted"
  | "returned"
  | "recalled"
  | "retired";

/** Everything that was decided about one content. */
export interface ContentState {
  readonly contentDigest: string;
  readonly version: string;
  readonly standing: Standing;
  readonly offers: readonly Deed[];
  /** Acceptances that hold, oldest first. */
  readonly acceptances: readonly Acceptance[];
  readonly returned?: Returned;
  readonly recalled?: Deed;
  readonly retired?: Deed;
  readonly selfAccepted: boolean;
  /** Clauses that somebody acknowledged in an acceptance that holds. */
  readonly acknowledged: readonly string[];
  /** Waivers in force. */
  readonly waivers: readonly Waiver[];
  /** Some decision about it is in an open fork: what is contested does not count. */
  readonly contested: boolean;
}

/** A deployment or roll-back. */
export interface Deployment extends Deed {
  readonly contentDigest: string;
  readonly version: string;
  readonly environment: string;
  readonly kind: "deploy" | "rollback";
}

/** What runs where. */
export interface EnvironmentState {
  readonly environment: string;
  readonly current?: Deployment;
  /** The one before, of other content. */
  readonly previous?: Deployment;
  /** All of them, oldest first. */
  readonly deployments: readonly Deployment[];
  /** Deployments that contradict each other and do not count until somebody resolves it. */
  readonly contested: readonly Deployment[];
}

/** The relay at one time: a function of the set of entries, whatever the order of files. */
export interface RelayState {
  readonly model: string | undefined;
  readonly at: string;
  /** By first mention. */
  readonly contents: readonly ContentState[];
  /** By name. */
  readonly environments: readonly EnvironmentState[];
  /** Roll-backs that nobody else has signed yet. */
  readonly countersignaturesDue: readonly Deployment[];
  /** Oldest first. */
  readonly reviews: readonly Review[];
  /** What reviews asked for, oldest first, done or not. */
  readonly actions: readonly ReviewAction[];
  /** Requests for the next version, oldest first, answered or not. */
  readonly requests: readonly VersionRequest[];
  /** Records of watches, oldest first: see `newestObservation`. */
  readonly observations: readonly Observation[];
}

/** Where everything stood at a time (RFC 3339): only entries up to then, only waivers in force then. */
export function stateOf(history: History, at: string): RelayState {
  const until = Date.parse(at);
  const entries = history.entries.filter(({ entry }) => Date.parse(entry.at) <= until);
  const disagreements = disagreementsOf(entries);
  const valid = entries.filter(({ id }) => !disagreements.void.has(id));
  const digests = [...new Set(valid.map(({ entry }) => entry.contentDigest))];
  const deployments = valid.filter(isDeployment).map(deploymentOf);
  const contents = digests.map((digest) =>
    contentState(
      valid.filter(({ entry }) => entry.contentDigest === digest),
      disagreements,
      until,
    ),
  );
  const holding = new Set(contents.flatMap(({ acceptances }) => acceptances.map(({ entry }) => entry)));
  return {
    model: history.model,
    at,
    contents,
    requests: requestsIn(valid, ({ id }) => holding.has(id)),
    environments: [...new Set(deployments.map(({ environment }) => environment))]
      .sort()
      .map((name) => environmentState(name, deployments, disagreements)),
    countersignaturesDue: countersignaturesDue(valid, deployments),
    reviews: reviewsIn(valid),
    actions: reviewActionsIn(valid),
    observations: observationsIn(valid),
  };
}

/** State of one content, or undefined if the relay never heard of it. */
export function contentIn(state: RelayState, contentDigest: string): ContentState | undefined {
  return state.contents.find((content) => content.contentDigest === contentDigest);
}

/** What runs in an environment. */
export function environmentIn(state: RelayState, environment: string): EnvironmentState | undefined {
  return state.environments.find((other) => other.environment === environment);
}

function contentState(
  entries: readonly HistoryEntry[],
  disagreements: Disagreements,
  until: number,
): ContentState {
  const contested = (id: string) => disagreements.contested.has(id);
  const of = (action: string) => entries.filter(({ entry }) => entry.action === action);
  const offers = of("offer").filter(({ id }) => !contested(id));
  const lastReturn = of("return").at(-1);
  const acceptances = of("accept")
    .filter(({ id }) => !contested(id) && !takenBack(id, lastReturn, entries))
    .map(acceptanceOf);
  const isReturned = lastReturn && !reopened(lastReturn, entries);
  const recall = of("recall").at(-1);
  const retirement = of("retire").at(-1);
  const first = entries[0] as HistoryEntry;
  const whole = acceptances.filter(({ role }) => role === "runs");
  const offerers = new Set(of("offer").map(({ entry }) => entry.person));
  const selfAccepted = whole.length > 0 && whole.every(({ person }) => offerers.has(person));
  const state = {
    contentDigest: first.entry.contentDigest,
    version: first.entry.version,
    offers: offers.map(deedOf),
    acceptances,
    returned: isReturned ? { ...deedOf(lastReturn), reasons: lastReturn.entry.reasons ?? [] } : undefined,
    recalled: recall && deedOf(recall),
    retired: retirement && deedOf(retirement),
    selfAccepted,
    acknowledged: [...new Set(acceptances.flatMap(({ acknowledged }) => acknowledged))].sort(),
    waivers: of("waive")
      .flatMap(waiversOf)
      .filter((waiver) => until < Date.parse(waiver.until)),
    contested: entries.some(({ id }) => contested(id)),
  };
  return { ...state, standing: standingOf(state, whole.length > 0) };
}

function standingOf(state: Omit<ContentState, "standing">, accepted: boolean): Standing {
  if (state.recalled) return "recalled";
  if (state.retired) return "retired";
  if (state.returned) return "returned";
  if (state.offers.length === 0) return "known";
  if (!accepted) return "offered";
  return state.selfAccepted ? "self-accepted" : "accepted";
}

/** A return takes back the acceptances before it; entries are in order of time. */
function takenBack(
  id: string,
  lastReturn: HistoryEntry | undefined,
  entries: readonly HistoryEntry[],
): boolean {
  if (!lastReturn) return false;
  return entries.findIndex((entry) => entry.id === id) < entries.indexOf(lastReturn);
}

/** A new offer after a return opens it again. */
function reopened(returned: HistoryEntry, entries: readonly HistoryEntry[]): boolean {
  return entries.slice(entries.indexOf(returned)).some(({ entry }) => entry.action === "offer");
}

function environmentState(
  environment: string,
  all: readonly Deployment[],
  { contested }: Disagreements,
): EnvironmentState {
  const deployments = all.filter((deployment) => deployment.environment === environment);
  const settled = deployments.filter(({ entry }) => !contested.has(entry));
  const current = settled.at(-1);
  const previous = settled.findLast(({ contentDigest }) => contentDigest !== current?.contentDigest);
  return {
    environment,
    current,
    previous,
    deployments,
    contested: deployments.filter(({ entry }) => contested.has(entry)),
  };
}

function countersignaturesDue(
  entries: readonly HistoryEntry[],
  deployments: readonly Deployment[],
): Deployment[] {
  const signed = new Set(entries.map(({ entry }) => entry.countersigns));
  return deployments.filter(({ kind, entry }) => kind === "rollback" && !signed.has(entry));
}

function isDeployment({ entry }: HistoryEntry): boolean {
  return entry.action === "deploy" || entry.action === "rollback";
}

function deploymentOf(history: HistoryEntry): Deployment {
  const { contentDigest, version, environment = "", action } = history.entry;
  const kind = action === "rollback" ? "rollback" : "deploy";
  return { ...deedOf(history), contentDigest, version, environment, kind };
}

function acceptanceOf(history: HistoryEntry): Acceptance {
  const { acknowledged = [], evidence = [] } = history.entry;
  return { ...deedOf(history), acknowledged, evidence };
}

function waiversOf(history: HistoryEntry): Waiver[] {
  const { clauses = [], until = "", contentDigest } = history.entry;
  return clauses.map((clause) => ({ ...deedOf(history), clause, contentDigest, until }));
}
