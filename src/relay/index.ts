export {
  type Audit,
  type AuditApproval,
  type AuditClause,
  type AuditEvidence,
  type AuditInput,
  auditAt,
} from "./audit.ts";

export { waiverOf } from "./clause-standing.ts";
export type { Deed } from "./deed.ts";
export {
  type EntryFile,
  isEntryName,
  type SignedEntry,
} from "./entry.ts";

export {
  type ObservedOutcome,
  type ObservedSaid,
  type Reason,
  type RelayAction,
  type RelayEntry,
  type RequestSaid,
  type ReviewDecision,
  type ReviewSaid,
  reviewDecisions,
} from "./entry-schema.ts";

export type { Fork } from "./forks.ts";

export {
  type History,
  type HistoryEntry,
  type HistoryInput,
  isIntact,
  mergeEntries,
  readHistory,
  seenOf,
} from "./history.ts";

export type { LastSeen } from "./last-seen.ts";
export { type AcceptInput, mayAccept } from "./may-accept.ts";
export {
  type DeployInput,
  mayDeploy,
  mayRollBack,
  type RollBackInput,
} from "./may-deploy.ts";
export { mayRecall, mayRetire, type RecallInput } from "./may-end.ts";
export { mayObserve } from "./may-observe.ts";
export { mayOffer, type OfferInput } from "./may-offer.ts";
export { mayRequest, type RequestInput } from "./may-request.ts";
export { type CountersignInput, mayCountersign, mayResolve, type ResolveInput } from "./may-resolve.ts";
export { mayReturn, type ReturnInput } from "./may-return.ts";
export { type CloseInput, mayCloseActions, mayReview, type ReviewInput } from "./may-review.ts";
export { mayServe, type ServeInput } from "./may-serve.ts";
export { mayWaive, type WaiveInput } from "./may-waive.ts";
export {
  ageOf,
  freshWindows,
  newestObservation,
  type Observation,
  type ObservationAge,
  observedText,
  observedWords,
  recordEveryMs,
} from "./observations/observations.ts";
export { parsePeople, type ReadPeople } from "./parse-people.ts";
export { nobody, type People, type Person, type PersonKey, personRoles } from "./people.ts";
export { PeopleSchema } from "./people-schema.ts";
export { type EntryDraft, type PrepareInput, prepareEntry } from "./prepare-entry.ts";
export { relayFindings } from "./relay-findings.ts";
export { requestFinding } from "./requests/request-findings.ts";
export { openRequests, type VersionRequest } from "./requests/requests.ts";
export { type ReturnReason, returnReasons } from "./return-reasons.ts";
export { overdueActions, type ReviewDue, type ReviewTerms, reviewsDue } from "./reviews/review-due.ts";
export { reviewFinding } from "./reviews/review-findings.ts";
export type { Review, ReviewAction, ReviewSignature } from "./reviews/reviews.ts";
export { nobodyFindings, type Signer, type Signing, type SignOff } from "./signing.ts";
export {
  type Acceptance,
  type ContentState,
  contentIn,
  type Deployment,
  type EnvironmentState,
  environmentIn,
  type RelayState,
  type Returned,
  type Standing,
  stateOf,
  type Waiver,
} from "./state.ts";
export { type TimelineRow, timelineOf } from "./timeline.ts";
export { longestWaiverDays } from "./turns.ts";
