import { type Command, InvalidArgumentError } from "commander";
import { BatonError, blocks } from "../../../kernel/index.ts";
import { readEventTime } from "../../../watch/index.ts";
import { type Cli, type CommonOptions, declare, perform } from "../command.ts";
import { type ReadyHandoff, withHandoff } from "../handoff.ts";
import { replayed } from "../replay.ts";
import type { CommandResult } from "../result.ts";
import { runWatch } from "../run-watch.ts";
import type { Session } from "../session.ts";
import { type WatchFiles, writeWatchFiles } from "../watch-files.ts";
import { watchText } from "../watch-text.ts";

interface WatchOptions extends CommonOptions, WatchFiles {
  readonly baton: string;
  readonly labels?: string;
  readonly at?: number;
  readonly since?: number;
  readonly state?: string;
  readonly replay?: boolean;
}

/** `baton watch DIR…`: what came of a model that was served or used in batches, from the files that `--observe` wrote. */
export function addWatch(program: Command, cli: Cli): void {
  declare(
    program,
    "watch <folders...>",
    "what became of a deployed model: volume, data quality, drift, latency, performance",
    "Adds up the files of any number of replicas that --observe wrote, and judges each window against contract and profile.\n" +
      'Drift is judged by the thresholds that baton profile calibrated to watch.false-alarms; few rows are insufficient, never "no drift".\n' +
      "Exit code 1: a watched clause fails, or an alarm of drift is open in the newest window. Windows whose labels may still come are unknown, never good.\n" +
      "Before labels a classifier's performance is estimated from its scores, which is blind to concept drift. With labels the worst slices are shown.\n\n" +
      "  baton serve churn-1.0.0.baton --observe observed/\n" +
      "  baton watch observed/ --baton churn-1.0.0.baton --labels labels.parquet",
  )
    .option("--baton <target>", "hand-off folder or .baton file that was served", ".")
    .option("--labels <file>", "Parquet or CSV with the contract's labels.key (or id) and data.label")
    .option("--at <instant>", "judge as at this time instead of now: which labels must have come", instant)
    .option(
      "--since <instant>",
      "report windows from this time on; alarms and triggers still know what was before",
      instant,
    )
    .option(
      "--state <file>",
      "keep sums in this file, so that the next time only new files are read; the report is the same without it (default: none)",
    )
    .option("--html <file>", "write the report as one HTML file that needs nothing else")
    .option("--markdown <file>", "write a summary as Markdown, for the page of a CI job (- is stdout)")
    .option(
      "--prometheus <file>",
      "write metrics in Prometheus' text format, for a textfile collector (- is stdout)",
    )
    .option("--replay", "play the triggers over all windows, and say when they would have fired")
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

/** What goes to stdout goes there alone, so that a program can read it. */
function requireOneOutput({ html, markdown, prometheus, json, format, replay }: WatchOptions): void {
  const wanted = [html, markdown, prometheus].filter((target) => target === "-").length;
  const other = json || replay || (format !== undefined && format !== "pretty");
  if (wanted > 1 || (wanted === 1 && other))
    throw new BatonError("usage", "Two outputs cannot stand on stdout at once.", {
      next: "Write all but one to files: name a file in place of -.",
    });
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
  requireOneOutput(options);
  const atMs = options.at ?? session.now().getTime();
  const { labels, since: sinceMs, state } = options;
  const run = await runWatch(session, { handoff, folders, labels, atMs, sinceMs, state });
  const shown = await writeWatchFiles(session, options, { handoff, run, atMs });
  if (shown !== undefined) return { passed: !blocks(run.findings), text: shown };
  if (options.replay) return replayed(session, run, handoff);
  const { plan, report, findings } = run;
  const { model } = handoff.contract;
  const { findings: _, ...seen } = report;
  return {
    passed: !blocks(findings),
    text: watchText(session, { report, handoff }),
    findings,
    data: {
      model: model.name,
      version: model.version,
      digest: handoff.digest,
      window_ms: plan.windowMs,
      ...seen,
    },
  };
}
