import type { Level } from "../contract/index.ts";
import type { Finding } from "../kernel/index.ts";
import { signOffFinding } from "./sign-off-findings.ts";
import { type Signing, type SigningView, type SignOff, signOff, viewOf } from "./signing.ts";
import { contentIn, environmentIn, type RelayState } from "./state.ts";

const environmentForm = /^[a-z][a-z0-9-]{0,63}$/;

/** What a deployment is judged on. */
export interface DeployInput extends Signing {
  readonly level: Level;
  readonly environment: string;
}

/** What a roll-back is judged on: `contentDigest` is the content to go back to. */
export interface RollBackInput extends DeployInput {
  /** `diffContracts(running, target).changes`: what callers of the running contract would feel. */
  readonly changes: readonly {
    readonly clause?: string;
    readonly kind: "breaking" | "acceptance" | "editorial";
    readonly message: string;
  }[];
}

/** May this content go to this environment? It must be accepted, and neither recalled nor retired. */
export function mayDeploy(input: DeployInput): SignOff {
  const view = viewOf(input, "deploy");
  return signOff(view, [
    ...environmentFindings(input.environment),
    ...acceptanceFindings(view.state, input.contentDigest, input.level),
    ...alreadyThere(input, view),
    ...dueFindings(view),
  ]);
}

/** May the environment go back to this content? One on-call signature is enough; a second person countersigns later. */
export function mayRollBack(input: RollBackInput): SignOff {
  const view = viewOf(input, "rollback", "forks");
  const breaking = input.changes.filter(({ kind }) => kind === "breaking");
  return signOff(view, [
    ...environmentFindings(input.environment),
    ...acceptanceFindings(view.state, input.contentDigest, input.level),
    ...alreadyThere(input, view),
    ...neverRan(input, view),
    ...breaking.map(({ clause, message }) =>
      signOffFinding("relay.callers-break", { clause, message: `Going back breaks callers: ${message}` }),
    ),
  ]);
}

/** Why content is not accepted, as its level wants it; also what a server refuses to start for. */
export function acceptanceFindings(state: RelayState, contentDigest: string, level: Level): Finding[] {
  const content = contentIn(state, contentDigest);
  const name = content ? `${content.version} (${contentDigest.slice(0, 12)})` : contentDigest.slice(0, 12);
  if (content?.recalled)
    return [
      signOffFinding("relay.recalled", {
        message: `${name} was recalled by ${content.recalled.person} on ${content.recalled.at.slice(0, 10)}: ${(content.recalled.note ?? "no reason given").replace(/\.$/, "")}.`,
      }),
    ];
  if (content?.standing === "accepted") return [];
  if (content?.standing === "self-accepted")
    return [
      signOffFinding("relay.self-accepted", {
        severity: level === "critical" ? "blocking" : "warning",
        message: `${name} was offered and accepted by the same person.`,
      }),
    ];
  const standing = content?.contested ? "contested" : (content?.standing ?? "unknown to the relay");
  return [
    signOffFinding("relay.not-accepted", {
      received: standing,
      message: `${name} is ${standing === "known" ? "not offered" : standing}, not accepted.`,
    }),
  ];
}

function environmentFindings(environment: string): Finding[] {
  if (environmentForm.test(environment)) return [];
  return [
    signOffFinding("relay.environment-unusable", {
      received: environment.slice(0, 80),
      message: "The environment's name cannot be used.",
    }),
  ];
}

function alreadyThere({ environment, contentDigest }: DeployInput, { state }: SigningView): Finding[] {
  const current = environmentIn(state, environment)?.current;
  if (current?.contentDigest !== contentDigest) return [];
  return [
    signOffFinding("relay.already-deployed", {
      message: `${current.version} runs in ${environment} since ${current.at}.`,
    }),
  ];
}

function neverRan({ environment, contentDigest }: DeployInput, { state }: SigningView): Finding[] {
  const deployments = environmentIn(state, environment)?.deployments ?? [];
  if (deployments.some((deployment) => deployment.contentDigest === contentDigest)) return [];
  return [
    signOffFinding("relay.never-ran-there", {
      message: `${contentDigest.slice(0, 12)} never ran in ${environment}.`,
    }),
  ];
}

function dueFindings({ state }: SigningView): Finding[] {
  return state.countersignaturesDue.map(({ entry, person, environment, at }) =>
    signOffFinding("relay.countersignature-due", {
      message: `The roll-back of ${environment} by ${person} on ${at.slice(0, 10)} waits for a second person.`,
      next: `Let another person sign \`baton countersign ${entry.slice(0, 12)}\`.`,
    }),
  );
}
