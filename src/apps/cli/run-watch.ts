import { basename, resolve } from "node:path";
import { readObservations, readState, sampledRows, writeState } from "../../adapters/observations/index.ts";
import { profilePath } from "../../evidence/index.ts";
import { type Finding, worstFirst } from "../../kernel/index.ts";
import { type Profile, parseProfile } from "../../profile/index.ts";
import {
  judgesDigest,
  judgeWindows,
  keptMeasures,
  keptResults,
  knownMeasures,
  knownResults,
  type MergedObservations,
  type ObservationPlan,
  observationPlan,
  performanceEstimator,
  type WatchInput,
  type WatchReport,
  type WatchState,
  watchFinding,
  watchReport,
} from "../../watch/index.ts";
import { withDuckdb } from "./hand-off-rows.ts";
import type { ReadyHandoff } from "./handoff.ts";
import { requireProfile } from "./observation.ts";
import { programDigest } from "./program-digest.ts";
import type { Session } from "./session.ts";
import { readLabels } from "./watch-labels.ts";
import { readSamples } from "./watch-samples.ts";

/** What is watched. */
export interface WatchRequest {
  readonly handoff: ReadyHandoff;
  /** Folders that `--observe` wrote to. */
  readonly folders: readonly string[];
  /** File of labels. */
  readonly labels?: string | undefined;
  /** The instant at which it is asked what has matured, in milliseconds since 1970. */
  readonly atMs: number;
  /** Windows that ended before are not reported, in milliseconds since 1970. */
  readonly sinceMs?: number | undefined;
  /** File that keeps sums, so that the next watch reads only new files. */
  readonly state?: string | undefined;
  /** Triggers are to be replayed: it is kept when each label came. */
  readonly replay?: boolean | undefined;
}

/** What a watch saw, and by which plan. */
export interface WatchRun {
  readonly profile: Profile;
  readonly plan: ObservationPlan;
  readonly merged: MergedObservations;
  /** What the report was made from. */
  readonly input: WatchInput;
  readonly report: WatchReport;
  /** Parquet files with the full rows that were sampled; their columns are `sampleColumns(plan)`. */
  readonly rowFiles: readonly string[];
  /** Of the files, the labels and the report, worst first. */
  readonly findings: readonly Finding[];
}

/** Reads what was observed, and judges it: the one way to a report for every command that needs one. */
export async function runWatch(
  session: Session,
  { handoff, folders, labels: labelFile, atMs, sinceMs, state, replay = false }: WatchRequest,
): Promise<WatchRun> {
  const { contract, folder, digest } = handoff;
  requireProfile(handoff);
  const profile = parseProfile(await folder.readText(profilePath), profilePath);
  const plan = observationPlan(contract, profile, digest);
  const paths = folders.map((path) => resolve(session.cwd, path));
  const stateFile = state && resolve(session.cwd, state);
  const { merged, findings, known, next } = await observed(paths, plan, stateFile);
  const estimator = performanceEstimator(contract, profile);
  const judging = { contract, profile, windowMs: plan.windowMs, estimator };
  const keeping = next && { ...judging, program: await programDigest() };
  const path = labelFile === undefined ? undefined : resolve(session.cwd, labelFile);
  const labels =
    path === undefined
      ? undefined
      : await readLabels(
          { contract, profile, plan, files: merged.files, path },
          {
            atMs,
            keepArrivals: replay,
            known: keeping && ((slices) => knownMeasures(known?.kept, keeping, slices)),
          },
        );
  const results = keeping && known && knownResults(known, keeping);
  const judged = judgeWindows(judging, merged.windows, { atMs, known: results });
  const rowFiles = sampledRows(merged.files);
  const samples =
    rowFiles.length > 0 ? await withDuckdb((duckdb) => readSamples(duckdb, plan, rowFiles)) : undefined;
  const input = {
    contract,
    profile,
    plan,
    merged,
    atMs,
    ...(sinceMs !== undefined && { sinceMs }),
    estimator,
    judged,
    ...(labels && { labels: labels.measured }),
    ...(samples && { samples: samples.windows }),
  };
  const report = watchReport(input);
  if (stateFile && next && keeping) {
    const taken = labels?.measured.taken;
    const measures = taken ? keptMeasures(taken, labels.known) : results?.kept.measures;
    const kept = { ...keptResults(judged, judgesDigest(keeping), results), measures };
    await writeState(stateFile, { ...next, kept }, plan);
  }
  return {
    profile,
    plan,
    merged,
    input,
    report,
    rowFiles,
    findings: worstFirst([
      ...findings,
      ...(labels?.findings ?? []),
      ...(samples?.findings ?? []),
      ...report.findings,
    ]),
  };
}

interface Observed {
  readonly merged: MergedObservations;
  readonly findings: readonly Finding[];
  /** The state that was gone on from. */
  readonly known?: WatchState | undefined;
  /** The state to go on from next time; absent where none is kept. */
  readonly next?: WatchState;
}

/** What the files say together, by way of a state where one is kept. */
async function observed(
  paths: readonly string[],
  plan: ObservationPlan,
  stateFile: string | undefined,
): Promise<Observed> {
  if (!stateFile) return readObservations(paths, plan);
  const found = await readState(stateFile, plan);
  const unusable = found && "unusable" in found ? found.unusable : undefined;
  const known = found && "unusable" in found ? undefined : found;
  const { merged, findings, state: next, anew = unusable } = await readObservations(paths, plan, { known });
  if (anew === undefined) return { merged, findings, known, next };
  const message = `${basename(stateFile)} was made anew: ${anew}.`;
  return { merged, findings: [...findings, watchFinding("watch.state-rebuilt", { message })], next };
}
