import { type Clause, type Contract, isMadeUp } from "../contract/index.ts";
import type { Verdict } from "../evidence/index.ts";
import { blocksSignOff, type Finding } from "../kernel/index.ts";
import { clauseFindings, needsEvidence, ownerText, verdictFor, waiverOf } from "./clause-standing.ts";
import { signOffFinding } from "./sign-off-findings.ts";
import { type Signing, type SigningView, type SignOff, signOff, viewOf } from "./signing.ts";
import type { ContentState } from "./state.ts";

/** What an acceptance is judged on. */
export interface AcceptInput extends Signing {
  readonly contract: Contract;
  readonly clauses: readonly Clause[];
  /** From evidence that includes the acceptor's own runs. */
  readonly verdicts: readonly Verdict[];
  /** Ids of clauses that the acceptor has read and answers for. */
  readonly acknowledged: readonly string[];
  /** Clauses that changed since the accepted version so that their owner must accept (`diffContracts`, kind `acceptance`). */
  readonly loosened?: readonly { readonly clause: string; readonly message: string }[];
}

/**
 * May this content be accepted? As `runs` it is accepted whole; in any other role only the acknowledged clauses of that role.
 */
export function mayAccept(input: AcceptInput): SignOff {
  const view = viewOf(input, "accept");
  const common = [...offerFindings(view), ...unknownClauses(input.acknowledged, input.clauses)];
  const role = view.signer?.role;
  const specific =
    role === undefined || role === "runs" ? wholeFindings(input, view) : partFindings(input, role);
  return signOff(view, [...common, ...specific]);
}

/** Acknowledged or waived ids that name no clause. */
export function unknownClauses(ids: readonly string[], clauses: readonly Clause[]): Finding[] {
  return ids
    .filter((id) => !clauses.some((clause) => clause.id === id))
    .map((id) =>
      signOffFinding("relay.unknown-clause", { received: id, message: `There is no clause "${id}".` }),
    );
}

/** Why there is nothing to accept or to return. */
export function offerFindings({ content }: SigningView): Finding[] {
  if (content?.recalled || content?.retired)
    return [
      signOffFinding("relay.ended", {
        message: `This content of ${content.version} was ${content.standing}.`,
      }),
    ];
  if (content && content.offers.length > 0 && !content.returned) return [];
  const why = content?.returned
    ? `was returned by ${content.returned.person} on ${content.returned.at.slice(0, 10)}`
    : content?.contested
      ? "is contested"
      : "was never offered";
  return [signOffFinding("relay.not-offered", { message: `This content ${why}.` })];
}

function wholeFindings(input: AcceptInput, view: SigningView): Finding[] {
  const sketch = isMadeUp(input.contract);
  return [
    ...(sketch ? [] : clauseFindings({ ...input, content: view.content })),
    ...(sketch ? [] : notRerun(input, view.content)),
    ...notAcknowledged(input),
    ...ownersMissing(input, view.content),
    ...selfAcceptance(input, view),
  ];
}

function partFindings({ acknowledged, clauses, contract }: AcceptInput, role: string): Finding[] {
  const foreign = clauses.filter(({ id, owner }) => acknowledged.includes(id) && owner !== role);
  const none = acknowledged.length === 0;
  return [
    ...foreign.map(({ id, owner }) =>
      signOffFinding("relay.not-clause-owner", {
        clause: id,
        message: `${id} belongs to ${ownerText(owner, contract)}, not to ${role}.`,
      }),
    ),
    ...(none
      ? [
          signOffFinding("relay.not-acknowledged", {
            message: `An acceptance as ${role} names the clauses that it accepts, and this one names none.`,
          }),
        ]
      : []),
  ];
}

function notRerun(input: AcceptInput, content: ContentState | undefined): Finding[] {
  return input.clauses.filter(needsEvidence).flatMap((clause) => {
    const verdict = verdictFor(clause, input.verdicts);
    if (blocksSignOff(verdict.outcome) || waiverOf(clause, content)) return [];
    if (verdict.outcome === "not-applicable" && !verdict.evidence) return [];
    const sides = verdict.evidence?.side.split("+") ?? [];
    if (sides.includes("runs")) return [];
    const by = verdict.evidence ? `by ${verdict.evidence.by} only` : "by nothing";
    return [
      signOffFinding("relay.not-rerun", {
        clause: clause.id,
        path: clause.path,
        message: `${clause.id} is shown ${by}, who does not run it.`,
      }),
    ];
  });
}

function notAcknowledged({ clauses, acknowledged, contract }: AcceptInput): Finding[] {
  const open = clauses.filter(({ id, kept }) => kept.includes("stated") && !acknowledged.includes(id));
  const each = open.length > 1 ? ` (--acknowledge once for each of ${open.length})` : "";
  return open.map(({ id, text, path, owner }) =>
    signOffFinding("relay.not-acknowledged", {
      clause: id,
      path,
      message: `${id} is kept by people only: ${text} (${ownerText(owner, contract)}).`,
      next: `Read it, then add --acknowledge ${id}${each}.`,
    }),
  );
}

function ownersMissing(input: AcceptInput, content: ContentState | undefined): Finding[] {
  return (input.loosened ?? []).flatMap(({ clause: id, message }) => {
    const owner = input.clauses.find((clause) => clause.id === id)?.owner;
    if (owner === undefined || owner === "builds" || owner === "runs") return [];
    const accepted = content?.acceptances.some(
      ({ role, acknowledged }) => role === owner && acknowledged.includes(id),
    );
    if (accepted) return [];
    return [
      signOffFinding("relay.owner-not-accepted", {
        clause: id,
        message: `${id} changed (${message}) and ${ownerText(owner, input.contract)} has not accepted it.`,
        next: `Ask ${ownerText(owner, input.contract)} to run \`baton accept --role ${owner} --acknowledge ${id}\`.`,
      }),
    ];
  });
}

function selfAcceptance(
  { contract, history, contentDigest }: AcceptInput,
  { signer }: SigningView,
): Finding[] {
  const offered = history.entries.some(
    ({ entry }) =>
      entry.action === "offer" && entry.contentDigest === contentDigest && entry.person === signer?.person,
  );
  if (!signer || !offered) return [];
  return [
    signOffFinding("relay.self-accepted", {
      severity: contract.level === "critical" ? "blocking" : "warning",
      message: `${signer.person} offered this content and would accept it too.`,
    }),
  ];
}
