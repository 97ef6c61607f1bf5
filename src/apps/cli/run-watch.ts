import { resolve } from "node:path";
import { readObservations, sampledRows } from "../../adapters/observations/index.ts";
import { profilePath } from "../../evidence/index.ts";
import { type Finding, worstFirst } from "../../kernel/index.ts";
import { type Profile, parseProfile } from "../../profile/index.ts";
import {
  type MergedObservations,
  type ObservationPlan,
  observationPlan,
  performanceEstimator,
  type WatchInput,
  type WatchReport,
  watchReport,
} from "../../watch/index.ts";
import { withDuckdb } from "./hand-off-rows.ts";
import type { ReadyHandoff } from "./handoff.ts";
import { requireProfile } from "./observation.ts";
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
  { handoff, folders, labels: labelFile, atMs }: WatchRequest,
): Promise<WatchRun> {
  const { contract, folder, digest } = handoff;
  requireProfile(handoff);
  const profile = parseProfile(await folder.readText(profilePath), profilePath);
  const plan = observationPlan(contract, profile, digest);
  const paths = folders.map((path) => resolve(session.cwd, path));
  const { merged, findings } = await readObservations(paths, plan);
  const path = labelFile === undefined ? undefined : resolve(session.cwd, labelFile);
  const labels =
    path === undefined
      ? undefined
      : await readLabels({ contract, profile, plan, files: merged.files, path }, atMs);
  const estimator = performanceEstimator(contract, profile);
  const rowFiles = sampledRows(merged.files);
  const samples =
    rowFiles.length > 0 ? await withDuckdb((duckdb) => readSamples(duckdb, plan, rowFiles)) : undefined;
  const input = {
    contract,
    profile,
    plan,
    merged,
    atMs,
    estimator,
    ...(labels && { labels: labels.measured }),
    ...(samples && { samples: samples.windows }),
  };
  const report = watchReport(input);
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
