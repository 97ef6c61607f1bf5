import { resolve } from "node:path";
import { type Command, InvalidArgumentError } from "commander";
import { readObservations } from "../../../adapters/observations/index.ts";
import { profilePath } from "../../../evidence/index.ts";
import { blocks, worstFirst } from "../../../kernel/index.ts";
import { parseProfile } from "../../../profile/index.ts";
import { mergeObservations, observationPlan, readEventTime, watchReport } from "../../../watch/index.ts";
import { type Cli, type CommonOptions, declare, perform } from "../command.ts";
import { withDuckdb } from "../hand-off-rows.ts";
import { type ReadyHandoff, withHandoff } from "../handoff.ts";
import { requireProfile } from "../observation.ts";
import type { CommandResult } from "../result.ts";
import type { Session } from "../session.ts";
import { readLabels } from "../watch-labels.ts";
import { watchText } from "../watch-text.ts";

interface WatchOptions extends CommonOptions {
  readonly baton: string;
  readonly labels?: string;
  readonly at?: number;
}

/** `baton watch DIR…`: what came of a model that was served or used in batches, from the files that `--observe` wrote. */
export function addWatch(program: Command, cli: Cli): void {
  declare(
    program,
    "watch <folders...>",
    "what became of a deployed model: volume, data quality, drift, latency, performance",
    "Adds up the files of any number of replicas that --observe wrote, and judges each window against contract and profile.\n" +
      "Exit code 1: a watched clause fails. Windows whose labels may still come are unknown, never good.\n\n" +
      "  baton serve churn-1.0.0.baton --observe observed/\n" +
      "  baton watch observed/ --baton churn-1.0.0.baton --labels labels.parquet",
  )
    .option("--baton <target>", "hand-off folder or .baton file that was served", ".")
    .option("--labels <file>", "Parquet or CSV with the contract's labels.key (or id) and data.label")
    .option("--at <instant>", "judge as at this time instead of now: which labels must have come", instant)
    .action((folders: string[], options: WatchOptions) =>
      perform(cli, "watch", options, (session) =>
        withHandoff(session, options.baton, (handoff) => watch(session, { handoff, folders, options })),
      ),
    );
}

function instant(text: string): number {
  const ms = readEventTime(text);
  if (ms === undefined) throw new InvalidArgumentError("Write a date or a time: 2026-01-31T12:00:00Z.");
  return ms;
}

async function watch(
  session: Session,
  {
    handoff,
    folders,
    options,
  }: {
    readonly handoff: ReadyHandoff;
    readonly folders: readonly string[];
    readonly options: WatchOptions;
  },
): Promise<CommandResult> {
  const { contract, folder, digest } = handoff;
  requireProfile(handoff);
  const profile = parseProfile(await folder.readText(profilePath), profilePath);
  const plan = observationPlan(contract, profile, digest);
  const { found, findings } = await readObservations(folders.map((path) => resolve(session.cwd, path)));
  const merged = mergeObservations(found, plan);
  const path = options.labels === undefined ? undefined : resolve(session.cwd, options.labels);
  const labels =
    path === undefined
      ? undefined
      : await withDuckdb((duckdb) => readLabels(duckdb, { contract, plan, files: merged.files, path }));
  const report = watchReport({
    contract,
    profile,
    plan,
    merged,
    atMs: options.at ?? session.now().getTime(),
    ...(labels && { labels: labels.joined }),
  });
  const all = worstFirst([...findings, ...(labels?.findings ?? []), ...report.findings]);
  const { windows, replicas, labels: labelCounts } = report;
  return {
    passed: !blocks(all),
    text: watchText(session, { report, handoff }),
    findings: all,
    data: {
      model: contract.model.name,
      version: contract.model.version,
      digest,
      window_ms: plan.windowMs,
      replicas,
      ...(labelCounts && { labels: labelCounts }),
      windows,
    },
  };
}
