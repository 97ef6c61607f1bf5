import { type Clause, type Contract, isMadeUp } from "../contract/index.ts";
import type { Verdict } from "../evidence/index.ts";
import type { Finding } from "../kernel/index.ts";
import { clauseFindings, ownerText, waiverOf } from "./clause-standing.ts";
import { signOffFinding } from "./sign-off-findings.ts";
import { type Signing, type SigningView, type SignOff, signOff, viewOf } from "./signing.ts";

/** What an offer is judged on. */
export interface OfferInput extends Signing {
  readonly contract: Contract;
  readonly clauses: readonly Clause[];
  readonly verdicts: readonly Verdict[];
  /** Of every check that ran. */
  readonly findings: readonly Finding[];
}

/** May this content be offered? What is missing is named with who owes it and the next command. */
export function mayOffer(input: OfferInput): SignOff {
  const view = viewOf(input, "offer");
  const { contract, content } = { ...input, ...view };
  const owed = input.findings.filter((finding) => finding.severity === "blocking");
  const shown = isMadeUp(contract) ? [] : clauseFindings({ ...input, content });
  return signOff(view, [
    ...owed.flatMap((finding) => owedFinding(finding, input, view)),
    ...shown,
    ...versionFindings(input, view),
    ...acceptorFindings(input),
  ]);
}

function owedFinding(finding: Finding, input: OfferInput, view: SigningView): Finding[] {
  const clause = input.clauses.find(({ id }) => id === finding.clause);
  const owner = ownerText(clause?.owner ?? "builds", input.contract);
  const waiver = clause && waiverOf(clause, view.content);
  if (waiver)
    return [
      signOffFinding("relay.waived", {
        clause: waiver.clause,
        message: `${waiver.clause} is waived until ${waiver.until.slice(0, 10)} by ${waiver.person}: ${finding.message}`,
      }),
    ];
  const { file, line, column, path, expected, received } = finding;
  return [
    signOffFinding("relay.owed", {
      ...{ file, line, column, path, expected, received },
      clause: finding.clause,
      message: `${finding.code}: ${finding.message} Owed by ${owner}.`,
      next: finding.next,
    }),
  ];
}

function versionFindings(
  { contract, contentDigest }: OfferInput,
  { state, content }: SigningView,
): Finding[] {
  const { version } = contract.model;
  const findings: Finding[] = [];
  const taken = state.contents.find(
    (other) =>
      other.version === version &&
      other.contentDigest !== contentDigest &&
      other.acceptances.some(({ role }) => role === "runs"),
  );
  if (taken)
    findings.push(
      signOffFinding("relay.version-taken", {
        path: "model.version",
        received: version,
        message: `Version ${version} was accepted with other content (${taken.contentDigest.slice(0, 12)}).`,
      }),
    );
  if (content?.recalled || content?.retired)
    findings.push(
      signOffFinding("relay.ended", { message: `This content of ${version} was ${content.standing}.` }),
    );
  else if (content && content.offers.length > 0 && !content.returned)
    findings.push(
      signOffFinding("relay.already-offered", {
        message: `${version} with this content is on offer since ${content.offers[0]?.at}.`,
      }),
    );
  return findings;
}

function acceptorFindings({ people, model, at }: OfferInput): Finding[] {
  return people.holders("runs", model, at).length > 0
    ? []
    : [signOffFinding("relay.nobody-to-accept", { message: `Nobody holds the role runs for ${model}.` })];
}
