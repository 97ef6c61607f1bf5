import type { Level } from "../contract/index.ts";
import { blocks, type Finding, worstFirst } from "../kernel/index.ts";
import type { History } from "./history.ts";
import { acceptanceFindings } from "./may-deploy.ts";
import { stateOf } from "./state.ts";

/** What a server looks at before it starts. */
export interface ServeInput {
  readonly history: History;
  readonly contentDigest: string;
  readonly level: Level;
  /** RFC 3339, now. */
  readonly at: string;
  /** Where it starts: what is on record as running there may restart after a recall. */
  readonly environment?: string;
}

/** May this content be served? A recall warns where the content already runs, and refuses elsewhere. */
export function mayServe(input: ServeInput): {
  readonly allowed: boolean;
  readonly findings: readonly Finding[];
} {
  const { history, contentDigest, level, at, environment } = input;
  const state = stateOf(history, at);
  const runsThere = state.environments.some(
    (known) => known.environment === environment && known.current?.contentDigest === contentDigest,
  );
  const standing = acceptanceFindings(state, contentDigest, level).map((finding) =>
    finding.code === "relay.recalled" && runsThere ? { ...finding, severity: "warning" as const } : finding,
  );
  const findings = worstFirst([...history.findings, ...standing]);
  return { allowed: !blocks(findings), findings };
}
