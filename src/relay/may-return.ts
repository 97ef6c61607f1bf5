import type { Clause } from "../contract/index.ts";
import type { Finding } from "../kernel/index.ts";
import type { Reason } from "./entry-schema.ts";
import { offerFindings, unknownClauses } from "./may-accept.ts";
import { isReturnReason, returnReasons } from "./return-reasons.ts";
import { signOffFinding } from "./sign-off-findings.ts";
import { type Signing, type SigningView, type SignOff, signOff, viewOf } from "./signing.ts";

/** What a return is judged on. */
export interface ReturnInput extends Signing {
  readonly clauses: readonly Clause[];
  readonly reasons: readonly Reason[];
}

/** May this offer be returned? It needs at least one reason with a code of `returnReasons` and a note. */
export function mayReturn(input: ReturnInput): SignOff {
  const view = viewOf(input, "return");
  const named = input.reasons.flatMap(({ clause }) => clause ?? []);
  return signOff(view, [
    ...offerFindings(view),
    ...acceptedAlready(view),
    ...unknownClauses(named, input.clauses),
    ...reasonFindings(input.reasons),
  ]);
}

function reasonFindings(reasons: readonly Reason[]): Finding[] {
  if (reasons.length === 0)
    return [signOffFinding("relay.reason-missing", { message: "A return without a reason helps nobody." })];
  return reasons.flatMap(({ code, note }, index) => {
    const problem = !isReturnReason(code)
      ? `has the unknown code "${code}"`
      : note.trim() === ""
        ? "has no note"
        : undefined;
    if (!problem) return [];
    return [
      signOffFinding("relay.reason-missing", {
        path: `reasons[${index}]`,
        expected: Object.keys(returnReasons).join(", "),
        received: code,
        message: `Reason ${index + 1} ${problem}.`,
      }),
    ];
  });
}

function acceptedAlready({ content }: SigningView): Finding[] {
  const acceptance = content?.acceptances.find(({ role }) => role === "runs");
  if (!acceptance) return [];
  return [
    signOffFinding("relay.not-offered", {
      message: `${acceptance.person} accepted this content on ${acceptance.at.slice(0, 10)}.`,
      next: "Sign `baton recall` if it must not be used; what is accepted is not returned.",
    }),
  ];
}
