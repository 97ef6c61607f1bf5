import type { Finding } from "../kernel/index.ts";
import { requestFinding } from "./requests/request-findings.ts";
import { openRequests } from "./requests/requests.ts";
import { type Signing, type SigningView, type SignOff, signOff, viewOf } from "./signing.ts";

/** What a request is judged on. */
export interface RequestInput extends Signing {
  /** `retrain.<id>`. */
  readonly clause: string;
}

/** May the next version be asked for? By a service or a person, once for a trigger and content, after an accepted version. */
export function mayRequest(input: RequestInput): SignOff {
  const view = viewOf(input, "request");
  return signOff(view, [...followFindings(input, view), ...askedFindings(input, view)]);
}

function followFindings({ contentDigest }: RequestInput, { content }: SigningView): Finding[] {
  if (content?.acceptances.some(({ role }) => role === "runs")) return [];
  const standing = content ? `${content.version} is ${content.standing}` : "The relay does not know it";
  return [
    requestFinding("relay.nothing-to-follow", {
      message: `${standing} (${contentDigest.slice(0, 12)}), not accepted.`,
    }),
  ];
}

function askedFindings({ clause, contentDigest }: RequestInput, { state }: SigningView): Finding[] {
  const open = openRequests(state).find(
    (request) => request.contentDigest === contentDigest && request.said?.clause === clause,
  );
  if (!open) return [];
  return [
    requestFinding("relay.already-requested", {
      clause,
      message: `${open.person} asked on ${open.at.slice(0, 10)} (${open.entry.slice(0, 12)}).`,
    }),
  ];
}
