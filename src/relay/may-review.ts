import type { Contract } from "../contract/index.ts";
import type { Finding } from "../kernel/index.ts";
import type { ReviewDecision, ReviewSaid } from "./entry-schema.ts";
import { dayOrInstantOf } from "./instant.ts";
import { personRoles } from "./people.ts";
import { reviewFinding } from "./reviews/review-findings.ts";
import type { Review } from "./reviews/reviews.ts";
import { type Signing, type SigningView, type SignOff, signOff, viewOf } from "./signing.ts";

/** What the signature under a review is judged on. */
export interface ReviewInput extends Signing {
  readonly contract: Contract;
  readonly material: NonNullable<ReviewSaid["material"]>;
  readonly decision: ReviewDecision;
  /** In words. */
  readonly view: string;
  readonly actions: NonNullable<ReviewSaid["actions"]>;
  /** Ids of actions that are done. */
  readonly closes: readonly string[];
}

/** What is judged where actions are closed between reviews. */
export interface CloseInput extends Signing {
  readonly closes: readonly string[];
  /** How they were done, in words. */
  readonly note: string;
}

/** May this material be signed with this decision? By `builds` and `runs`, about what ran, both on the same material. */
export function mayReview(input: ReviewInput): SignOff {
  const view = viewOf(input, "review", "forks");
  const { file, digest } = input.material;
  const others = view.state.reviews.filter(
    (review) => review.contentDigest === input.contentDigest && review.file === file,
  );
  return signOff(view, [
    ...deployedFindings(input, view),
    ...wordsFindings(input.view),
    ...editedFindings(others, digest),
    ...otherRoleFindings(input, view, others),
    ...actionFindings(input),
    ...closeFindings(input, view),
  ]);
}

/** May these actions be closed? Each must be open, and how it was done is said. */
export function mayCloseActions(input: CloseInput): SignOff {
  const view = viewOf(input, "review", "forks");
  return signOff(view, [
    ...deployedFindings(input, view),
    ...wordsFindings(input.note),
    ...closeFindings(input, view),
  ]);
}

function deployedFindings({ contentDigest }: Signing, { state }: SigningView): Finding[] {
  const ran = state.environments.some(({ deployments }) =>
    deployments.some((deployment) => deployment.contentDigest === contentDigest),
  );
  if (ran) return [];
  return [
    reviewFinding("relay.never-deployed", {
      message: `The relay has no deployment of ${contentDigest.slice(0, 12)}.`,
    }),
  ];
}

function wordsFindings(words: string): Finding[] {
  if (words.trim() !== "") return [];
  return [reviewFinding("relay.view-missing", { message: "Nothing is said in words." })];
}

function editedFindings(others: readonly Review[], digest: string): Finding[] {
  return others
    .filter((other) => other.digest !== digest)
    .map(({ file, digest: signed, signatures: [first] }) =>
      reviewFinding("relay.material-edited", {
        file: `reviews/${file}.json`,
        expected: signed.slice(0, 12),
        received: digest.slice(0, 12),
        message: `${first?.person} as ${first?.role} signed ${file} with other content.`,
      }),
    );
}

function otherRoleFindings(
  { contract, material, decision }: ReviewInput,
  { signer }: SigningView,
  others: readonly Review[],
): Finding[] {
  const same = others.find(({ digest }) => digest === material.digest);
  const signed = same?.signatures.find(({ role }) => role !== signer?.role);
  if (!signer || !signed) return [];
  const findings: Finding[] = [];
  if (signed.person === signer.person)
    findings.push(
      reviewFinding("relay.self-reviewed", {
        severity: contract.level === "critical" ? "blocking" : "warning",
        message: `${signer.person} signed this material as ${signed.role} already.`,
      }),
    );
  if (signed.decision !== decision)
    findings.push(
      reviewFinding("relay.review-contradicts", {
        expected: signed.decision,
        received: decision,
        message: `${signed.person} as ${signed.role} decided ${signed.decision}, ${signer.person} as ${signer.role} decides ${decision}.`,
      }),
    );
  return findings;
}

function actionFindings({ actions, contract, at }: ReviewInput): Finding[] {
  const roles = new Set([...Object.keys(contract.owners), ...personRoles]);
  return actions.flatMap(({ what, owner, due }) => {
    const end = dayOrInstantOf(due, "end");
    const problem = !roles.has(owner)
      ? `belongs to ${owner}, which is no role here (${[...roles].join(", ")})`
      : end === undefined || end < Date.parse(at)
        ? `is due on ${due}, which ${end === undefined ? "is no day" : "is past"}`
        : undefined;
    if (!problem) return [];
    return [reviewFinding("relay.action-unusable", { message: `The action "${what}" ${problem}.` })];
  });
}

function closeFindings({ closes }: { closes: readonly string[] }, { state }: SigningView): Finding[] {
  return closes.flatMap((id) => {
    const action = state.actions.find((other) => other.id === id);
    if (action && !action.done) return [];
    const why = action
      ? `was closed by ${action.done?.person} on ${action.done?.at.slice(0, 10)}`
      : "is none";
    return [reviewFinding("relay.unknown-action", { received: id.slice(0, 40), message: `${id} ${why}.` })];
  });
}
