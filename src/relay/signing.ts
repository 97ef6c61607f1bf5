import { blocks, type Finding, worstFirst } from "../kernel/index.ts";
import { authorityText, rolesFor } from "./authority.ts";
import type { RelayAction } from "./entry-schema.ts";
import type { History } from "./history.ts";
import type { People } from "./people.ts";
import { signOffFinding } from "./sign-off-findings.ts";
import { type ContentState, contentIn, type RelayState, stateOf } from "./state.ts";

/** Who wants to sign, about what, on which history. */
export interface Signing {
  readonly history: History;
  readonly people: People;
  /** Id of the key that will sign. */
  readonly keyId: string;
  readonly model: string;
  readonly contentDigest: string;
  /** RFC 3339, now. */
  readonly at: string;
  /** The role to sign in; the first in which the person may do this where absent. */
  readonly role?: string;
}

/** Whether a step may be signed, by whom as what, and everything that is to be said about it. */
export interface SignOff {
  /** True when no finding is blocking. */
  readonly allowed: boolean;
  readonly findings: readonly Finding[];
  /** Who would sign; absent when the key may not. Give `role` on to `prepareEntry`. */
  readonly signer?: Signer;
}

/** A person in a role. */
export interface Signer {
  readonly person: string;
  readonly role: string;
}

/** What every step looks at. */
export interface SigningView {
  readonly signer?: Signer;
  readonly state: RelayState;
  readonly content?: ContentState;
  /** There is no people file, or no usable person in it: no entry counts, and no step can be taken. */
  readonly nobody?: true;
  /** Of the history and of the key. */
  readonly findings: readonly Finding[];
}

/**
 * The state, the signer, and the findings that concern every step. A forked history stops all but what settles it or
 * limits harm; `despite` names the steps' own exceptions.
 */
export function viewOf(
  signing: Signing,
  action: RelayAction,
  despite: "nothing" | "forks" | "all" = "nothing",
): SigningView {
  const { history, people, at } = signing;
  const state = stateOf(history, at);
  const nobody = nobodyFindings(people);
  if (nobody.length > 0) return { state, nobody: true, findings: nobody };
  const signer = signerOf(signing, action);
  const ofHistory = history.findings.map((finding) =>
    despite === "all" || (despite === "forks" && finding.code === "relay.forked")
      ? { ...finding, severity: "warning" as const }
      : finding,
  );
  return {
    state,
    content: contentIn(state, signing.contentDigest),
    signer: "refused" in signer ? undefined : signer,
    findings: "refused" in signer ? [...ofHistory, notAuthorised(signer.refused)] : ofHistory,
  };
}

/** Closes a decision. Where nobody may sign, all else that could be said follows from that, and is not said. */
export function signOff(view: SigningView, findings: readonly Finding[]): SignOff {
  const all = worstFirst(view.nobody ? view.findings : [...view.findings, ...findings]);
  return { allowed: !blocks(all), findings: all, signer: view.signer };
}

/** One finding in place of one for each entry, where no people are known at all. */
export function nobodyFindings({ persons }: People): Finding[] {
  if (persons.length > 0) return [];
  return [
    signOffFinding("relay.not-authorised", {
      message: "There is no people file with anybody in it, so that no signature counts.",
      next: "Bring .baton/people.yaml of the repository here or above, or name it with --people. To begin one: baton key new NAME --role builds --add .baton/people.yaml",
    }),
  ];
}

function signerOf(signing: Signing, action: RelayAction): Signer | { readonly refused: string } {
  const { people, keyId, model, at } = signing;
  const inForce = people.find(keyId, at);
  if ("refused" in inForce) return { refused: inForce.refused };
  const { person } = people.keyOf(keyId) ?? {};
  const roles = person ? rolesFor(action, person) : [];
  const role = signing.role ?? roles[0];
  if (role === undefined || !roles.includes(role)) {
    const asked = signing.role === undefined ? "" : ` as ${signing.role}`;
    if (person && role !== undefined && !person.roles.includes(role))
      return {
        refused: `${inForce.person} may not ${action}${asked}: their roles are ${person.roles.join(", ") || "none"}`,
      };
    return { refused: `${inForce.person} may not ${action}${asked}: that is for ${authorityText(action)}` };
  }
  const right = people.mayDo(keyId, role, model, at);
  return "refused" in right ? right : { person: right.person.id, role };
}

function notAuthorised(refused: string): Finding {
  return signOffFinding("relay.not-authorised", { message: `${refused}.` });
}
