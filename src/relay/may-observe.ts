import { observationFinding } from "./observations/observation-findings.ts";
import { type Signing, type SignOff, signOff, viewOf } from "./signing.ts";

/** May what a watch saw be signed? By a service or a person, about an accepted version; a fork does not stop looking. */
export function mayObserve(input: Signing): SignOff {
  const view = viewOf(input, "observe", "forks");
  const { content } = view;
  if (content?.acceptances.some(({ role }) => role === "runs")) return signOff(view, []);
  const standing = content ? `${content.version} is ${content.standing}` : "The relay does not know it";
  const message = `${standing} (${input.contentDigest.slice(0, 12)}), not accepted.`;
  return signOff(view, [observationFinding("relay.nothing-to-watch", { message })]);
}
