import type { Finding } from "../kernel/index.ts";
import { authorityText, roleMay } from "./authority.ts";
import type { HistoryEntry } from "./history.ts";
import { signOffFinding } from "./sign-off-findings.ts";
import { type Signing, type SigningView, type SignOff, signOff, viewOf } from "./signing.ts";

/** What a resolution is judged on: ids of entries in open forks. */
export interface ResolveInput extends Signing {
  readonly stands: string;
  readonly over: readonly string[];
}

/** What a countersignature is judged on. */
export interface CountersignInput extends Signing {
  /** Id of the roll-back. */
  readonly countersigns: string;
}

/** May this fork be resolved so? By somebody who may take the decision that stands. */
export function mayResolve(input: ResolveInput): SignOff {
  const chosen = input.history.entries.find(({ id }) => id === input.stands);
  const role = input.role ?? roleThatMay(input, chosen);
  const view = viewOf(role === undefined ? input : { ...input, role }, "resolve", "forks");
  return signOff(view, [...forkFindings(input), ...authorityFindings(chosen, view)]);
}

/** May this roll-back be countersigned? By a second person. */
export function mayCountersign(input: CountersignInput): SignOff {
  const view = viewOf(input, "countersign", "forks");
  const due = view.state.countersignaturesDue.find(({ entry }) => entry === input.countersigns);
  const problem = !due
    ? "No roll-back with this id waits for a second person."
    : due.person === view.signer?.person
      ? `${due.person} signed this roll-back; another person countersigns.`
      : undefined;
  return signOff(view, problem ? [signOffFinding("relay.nothing-to-countersign", { message: problem })] : []);
}

function roleThatMay({ people, keyId }: Signing, chosen: HistoryEntry | undefined): string | undefined {
  return chosen && people.keyOf(keyId)?.person.roles.find((role) => roleMay(chosen.entry.action, role));
}

function forkFindings({ history, stands, over }: ResolveInput): Finding[] {
  const isFork = (a: string, b: string) =>
    history.forks.some(({ entries }) => entries.includes(a) && entries.includes(b));
  const unknown = over.filter((id) => id === stands || !isFork(stands, id));
  if (over.length > 0 && unknown.length === 0) return [];
  const ids = unknown.map((id) => id.slice(0, 12)).join(", ") || "nothing";
  return [
    signOffFinding("relay.nothing-to-resolve", {
      message: `${stands.slice(0, 12)} does not stand against ${ids} in an open fork.`,
    }),
  ];
}

function authorityFindings(chosen: HistoryEntry | undefined, { signer }: SigningView): Finding[] {
  if (!chosen || !signer || roleMay(chosen.entry.action, signer.role)) return [];
  const { action } = chosen.entry;
  return [
    signOffFinding("relay.not-authorised", {
      message: `${signer.person} as ${signer.role} may not let a ${action} stand: that is for ${authorityText(action)}.`,
    }),
  ];
}
