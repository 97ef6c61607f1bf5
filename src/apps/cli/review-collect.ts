import { relative } from "node:path";
import { type RelayState, reviewFinding, reviewsDue, stateOf, timelineOf } from "../../relay/index.ts";
import { reviewMaterial } from "../../watch/index.ts";
import { clauseRows } from "./commands/clauses.ts";
import type { Desk } from "./desk.ts";
import type { CommandResult } from "./result.ts";
import { writeMaterial } from "./review-file.ts";
import { scoreOf, scoreText } from "./review-score.ts";
import { reviewTerms } from "./review-status.ts";
import { runWatch, type WatchRun } from "./run-watch.ts";
import type { Session } from "./session.ts";

/** What is looked at. */
export interface ReviewRequest {
  /** Folders that `--observe` wrote to; none: nothing that was observed is looked at. */
  readonly folders: readonly string[];
  readonly labels: string | undefined;
  /** The instant at which it is asked what has matured, in milliseconds since 1970. */
  readonly atMs: number;
}

/** Collects the material of a review and writes it, unsigned. */
export async function collectReview(
  session: Session,
  desk: Desk,
  request: ReviewRequest,
): Promise<CommandResult> {
  const { handoff, relay } = desk;
  const { contract, digest } = handoff;
  const at = session.now().toISOString();
  const state = stateOf(relay.history, at);
  if (!wasDeployed(state, digest))
    return {
      passed: false,
      text: `Nothing was collected for ${contract.model.name} ${contract.model.version}.\n`,
      findings: [
        reviewFinding("relay.never-deployed", {
          message: `The relay has no deployment of ${contract.model.version} (${digest.slice(0, 12)}).`,
        }),
      ],
    };
  const watch = await watched(session, desk, request);
  const score = await scoreOf(session, desk, { state, report: watch?.report });
  const terms = reviewTerms(contract);
  const due =
    terms && reviewsDue(relay.history, terms, at).find(({ contentDigest }) => contentDigest === digest);
  const material = reviewMaterial({
    ...{ contract, contentDigest: digest, state, score, at },
    timeline: timelineOf(relay.history),
    clauses: await clauseRows(session, desk),
    ...(due && { due }),
    ...(watch && { report: { ...watch.report, findings: watch.findings } }),
  });
  const written = await writeMaterial(handoff, state, material);
  const page = relative(session.cwd, written.page);
  return {
    passed: true,
    text: [
      `${page}\n`,
      `  ${watch ? `${watch.report.windows.length} windows observed` : "nothing observed was looked at"}, ${material.unkept.length} clauses not kept, ${material.waivers.length} waivers, ${material.actions.length} open actions, ML Test Score ${score.score}\n`,
    ].join(""),
    data: { file: page, digest: written.digest, material },
    hint: `Read it, commit it, and let both roles sign: baton review sign ${page} --decision keep --view TEXT --key FILE`,
  };
}

/** The score alone; nothing is written. */
export async function reviewScore(
  session: Session,
  desk: Desk,
  request: ReviewRequest,
): Promise<CommandResult> {
  const state = stateOf(desk.relay.history, session.now().toISOString());
  const watch = await watched(session, desk, request);
  const score = await scoreOf(session, desk, { state, report: watch?.report });
  return { passed: true, text: scoreText(session, score), data: { score } };
}

function watched(
  session: Session,
  { handoff }: Desk,
  { folders, labels, atMs }: ReviewRequest,
): Promise<WatchRun> | undefined {
  return folders.length === 0 ? undefined : runWatch(session, { handoff, folders, labels, atMs });
}

function wasDeployed({ environments }: RelayState, digest: string): boolean {
  return environments.some(({ deployments }) =>
    deployments.some(({ contentDigest }) => contentDigest === digest),
  );
}
