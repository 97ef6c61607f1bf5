import type { Finding } from "../kernel/index.ts";
import { signOffFinding } from "./sign-off-findings.ts";
import { type Signing, type SignOff, signOff, viewOf } from "./signing.ts";

/** What a recall is judged on. */
export interface RecallInput extends Signing {
  /** The reason in words. */
  readonly note: string;
}

/** May this content be recalled? Even on a broken or forked history, because a recall only limits harm. */
export function mayRecall(input: RecallInput): SignOff {
  const view = viewOf(input, "recall", "all");
  const findings: Finding[] = [];
  if (input.note.trim() === "")
    findings.push(signOffFinding("relay.reason-missing", { message: "A recall needs a reason in words." }));
  if (!wasOffered(input))
    findings.push(signOffFinding("relay.not-offered", { message: "This content was never offered." }));
  return signOff(view, findings);
}

/** May this content be retired? Not while it runs somewhere. */
export function mayRetire(input: Signing): SignOff {
  const view = viewOf(input, "retire");
  const running = view.state.environments.filter(
    ({ current, contested }) =>
      current?.contentDigest === input.contentDigest ||
      contested.some(({ contentDigest }) => contentDigest === input.contentDigest),
  );
  const findings = running.map(({ environment }) =>
    signOffFinding("relay.still-deployed", { message: `It runs in ${environment}.` }),
  );
  if (!wasOffered(input))
    findings.push(signOffFinding("relay.not-offered", { message: "This content was never offered." }));
  return signOff(view, findings);
}

function wasOffered({ history, contentDigest }: Signing): boolean {
  return history.entries.some(
    ({ entry }) => entry.action === "offer" && entry.contentDigest === contentDigest,
  );
}
