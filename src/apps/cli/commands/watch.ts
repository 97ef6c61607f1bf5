import type { Command } from "commander";
import { BatonError, blocks, type Finding, worstFirst } from "../../../kernel/index.ts";
import { nobodyFindings } from "../../../relay/index.ts";
import { strataNames } from "../../../watch/index.ts";
import { type Cli, type CommonOptions, declare, perform } from "../command.ts";
import { atDesk, type Desk, type DeskOptions, withDeskOptions } from "../desk.ts";
import { type ReadyHandoff, withHandoff } from "../handoff.ts";
import { keyOption, signingKey } from "../key-file.ts";
import { alertNames, readOps } from "../ops-file.ts";
import { recordWatch } from "../record-watch.ts";
import { openRelay } from "../relay-store.ts";
import { replayed } from "../replay.ts";
import { requestNext } from "../request-next.ts";
import type { CommandResult } from "../result.ts";
import { runWatch, type WatchRun } from "../run-watch.ts";
import type { Session } from "../session.ts";
import { type WatchFiles, writeWatchFiles } from "../watch-files.ts";
import { atOption, labelsOption, sinceOption, stateOption, type WatchScope } from "../watch-options.ts";
import { watchText } from "../watch-text.ts";

interface WatchOptions extends CommonOptions, DeskOptions, WatchFiles, WatchScope {
  readonly baton: string;
  readonly replay?: boolean;
  readonly request?: boolean;
  readonly record?: boolean;
  readonly key?: string;
  readonly env?: string;
}

/** `baton watch DIR…`: what came of a model that was served or used in batches, from the files that `--observe` wrote. */
export function addWatch(program: Command, cli: Cli): void {
  withDeskOptions(
    declare(
      program,
      "watch <folders...>",
      "what became of a deployed model: volume, data quality, drift, latency, performance",
      "Adds up the files of any number of replicas that --observe wrote, and judges each window against contract and profile.\n" +
        'Drift is judged by the thresholds that baton profile calibrated to watch.false-alarms; few rows are insufficient, never "no drift".\n' +
        "Exit code 1: a watched clause fails, or an alarm of drift is open in the newest window. Windows whose labels may still come are unknown, never good.\n" +
        "Before labels a classifier's performance is estimated from its scores, which is blind to concept drift. With labels the worst slices are shown, and why predictions were wrong.\n\n" +
        "  baton serve churn-1.0.0.baton --observe observed/\n" +
        "  baton watch observed/ --baton churn-1.0.0.baton --labels labels.parquet\n\n" +
        "Nothing is signed or sent without --record or --request. --record signs how each watched clause stands (a key of a service will do),\n" +
        "which baton clauses, status and the report then show for three windows. --request signs a request for the next version for each trigger that stands\n" +
        "(once), writes the rows to learn from, and tells whom ops/ENV.yaml names (once):\n\n" +
        "  baton watch observed/ --baton churn-1.0.0.baton --labels labels.parquet --env production --request --key watch.key.pem",
    ),
  )
    .option("--baton <target>", "hand-off folder or .baton file that was served", ".")
    .option(...labelsOption)
    .option(...atOption)
    .option(...sinceOption)
    .option(...stateOption)
    .option("--html <file>", "write the report as one HTML file that needs nothing else")
    .option("--markdown <file>", "write a summary as Markdown, for the page of a CI job (- is stdout)")
    .option(
      "--prometheus <file>",
      "write metrics in Prometheus' text format, for a textfile collector (- is stdout)",
    )
    .option("--replay", "play the triggers over all windows, and say when they would have fired")
    .option("--request", "sign what triggers ask for, and tell those whom --env names")
    .option("--record", "sign how each watched clause stands, for baton clauses and status")
    .option("--env <environment>", "ops/ENV.yaml: who is told; without --request it is only looked at")
    .option(...keyOption)
    .action((folders: string[], options: WatchOptions) =>
      perform(cli, "watch", options, (session) =>
        options.request || options.record
          ? signed(session, folders, options)
          : withHandoff(session, options.baton, (handoff) => watch(session, { handoff, folders, options })),
      ),
    );
}

/** What goes to stdout goes there alone, so that a program can read it. */
function requireOneOutput({ html, markdown, prometheus, json, format, ...rest }: WatchOptions): void {
  const wanted = [html, markdown, prometheus].filter((target) => target === "-").length;
  const adds = rest.replay || rest.request || rest.record || rest.env !== undefined;
  const other = json || adds || (format !== undefined && format !== "pretty");
  if (wanted > 1 || (wanted === 1 && other))
    throw new BatonError("usage", "Two outputs cannot stand on stdout at once.", {
      next: "Write all but one to files: name a file in place of -.",
    });
}

/** The report, then what is signed: how the clauses stand, and what triggers ask for, which is also told. */
async function signed(session: Session, folders: string[], options: WatchOptions): Promise<CommandResult> {
  requireNow(options);
  const key = await signingKey(session, options.key);
  return atDesk(session, options.baton, options, async (desk) => {
    const { handoff } = desk;
    const nobody = nobodyFindings(desk.people);
    if (nobody.length > 0) return nothingSigned(nobody);
    const ops = options.env === undefined ? undefined : await readOps(handoff.home, options.env);
    if (ops && !ops.ops) return nothingSigned(ops.findings);
    const run = await look(session, { handoff, folders, options });
    const { labels, relay } = options;
    const recorded = options.record ? await recordWatch(session, { desk, run, key, labels }) : undefined;
    const after = recorded?.entry === undefined ? desk : await atDeskAgain(session, desk, relay);
    const result = await told(session, { handoff, folders, options }, run);
    const asked = options.request
      ? await requestNext(session, { desk: after, run, key, labels, relay, ops })
      : undefined;
    const findings = worstFirst([
      ...(result.findings ?? []),
      ...(recorded?.findings ?? []),
      ...(asked?.findings ?? []),
    ]);
    return {
      ...result,
      passed: !blocks(findings),
      text: `${result.text}\n${recorded?.line ?? ""}${asked?.lines.join("") ?? ""}`,
      findings,
      data: {
        ...result.data,
        ...(recorded && { recorded: recorded.entry ?? null }),
        ...(asked && { requests_signed: asked.signed, told: asked.told }),
      },
    };
  });
}

/** The relay with what was signed meanwhile. */
async function atDeskAgain(session: Session, desk: Desk, relay: string | undefined): Promise<Desk> {
  const { handoff, people } = desk;
  const model = handoff.contract.model.name;
  return { ...desk, relay: await openRelay(session, handoff, { people, model, ...(relay && { relay }) }) };
}

/** Both are about how it stands now: what another instant knew is no ground to sign on. */
function requireNow({ replay, record, at }: WatchOptions): void {
  if (replay)
    throw new BatonError("usage", "A replay signs nothing.", {
      next: "Leave out --replay, or --request and --record.",
    });
  if (record && at !== undefined)
    throw new BatonError("usage", "A record says how it stands now.", {
      next: "Leave out --at or --record.",
    });
}

function nothingSigned(findings: readonly Finding[]): CommandResult {
  return { passed: false, text: "Nothing was signed or sent.\n", findings, data: {} };
}

async function watch(session: Session, input: WatchInput): Promise<CommandResult> {
  const { handoff, options } = input;
  const ops = options.env === undefined ? undefined : await readOps(handoff.home, options.env);
  const result = await told(session, input, await look(session, input));
  if (!ops) return result;
  const findings = worstFirst([...(result.findings ?? []), ...ops.findings]);
  const names = ops.ops ? alertNames(ops.ops).join(", ") || "nobody" : "nobody, as it cannot be used";
  return {
    ...result,
    passed: result.passed && !blocks(ops.findings),
    text: `${result.text}\n${ops.file}: with --request it tells ${names}.\n`,
    findings,
  };
}

interface WatchInput {
  readonly handoff: ReadyHandoff;
  readonly folders: readonly string[];
  readonly options: WatchOptions;
}

function look(session: Session, { handoff, folders, options }: WatchInput): Promise<WatchRun> {
  requireOneOutput(options);
  const atMs = options.at ?? session.now().getTime();
  const { labels, since: sinceMs, state, replay } = options;
  return runWatch(session, { handoff, folders, labels, atMs, sinceMs, state, replay });
}

/** Writes the wanted files, and says what was seen. */
async function told(
  session: Session,
  { handoff, options }: WatchInput,
  run: WatchRun,
): Promise<CommandResult> {
  const { plan, report, findings, input } = run;
  const passed = !blocks(findings);
  const shown = await writeWatchFiles(session, options, { handoff, run, atMs: input.atMs });
  if (shown !== undefined) return { passed, text: shown };
  if (options.replay) return replayed(session, run, handoff);
  const { model } = handoff.contract;
  const { findings: _, ...said } = report;
  const strata = strataNames(run.profile);
  return {
    passed,
    text: watchText(session, { run, handoff }),
    findings,
    data: {
      model: model.name,
      version: model.version,
      digest: handoff.digest,
      window_ms: plan.windowMs,
      ...(strata && { strata }),
      ...said,
    },
  };
}
