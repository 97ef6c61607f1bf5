import type { Command } from "commander";
import { type CheckReport, type EvidenceRun, runChecks } from "../../../evidence/index.ts";
import { blocks, type Place } from "../../../kernel/index.ts";
import { gatherCheckInput } from "../check-input.ts";
import { type Cli, type CommonOptions, declare, perform } from "../command.ts";
import { keepEvidence, readEvidenceFiles } from "../evidence-store.ts";
import { type Handoff, openHandoff, type ReadyHandoff, ready } from "../handoff.ts";
import { thisHost } from "../host.ts";
import { findSigningKey, keyOption } from "../key-file.ts";
import { findPeople, peopleOption } from "../people-file.ts";
import type { CommandResult } from "../result.ts";
import { paint, type Session } from "../session.ts";
import { version } from "../version.ts";

interface CheckOptions extends CommonOptions {
  readonly key?: string;
  readonly people?: string;
  readonly record?: boolean;
}

/** `baton check [FOLDER|FILE]`: is the contract complete for its level, consistent, and true of model and data? */
export function addCheck(program: Command, cli: Cli): void {
  declare(
    program,
    "check [target]",
    "is the contract complete for its level, consistent, and true of model and data?",
    "Looks at the contract, the model file, training data, joint set, golden rows, environment lock, profile and people.\n" +
      "Each finding has a code (baton explain CODE) and a next step. On a .baton file, what only the builder can check\n" +
      "shows the builder's signed evidence, or not-run. Exit code 1 when something blocks.",
  )
    .option("--record", "keep the result as evidence in evidence/, signed where a key is given")
    .option(...keyOption)
    .option(...peopleOption)
    .action((target: string | undefined, options: CheckOptions) =>
      perform(cli, "check", options, (session) => check(session, target, options)),
    );
}

async function check(
  session: Session,
  target: string | undefined,
  options: CheckOptions,
): Promise<CommandResult> {
  const opened = await openHandoff(session, target);
  try {
    const handoff = opened.parsed.contract ? await ready(opened) : opened;
    const started = session.now().toISOString();
    const { report } = await checkHandoff(session, handoff, options.people);
    const key = await findSigningKey(session, options.key);
    if ((options.record || key) && isReady(handoff))
      await keepEvidence(handoff, checkRun(session, handoff, report, started), key);
    return checkResult(session, handoff, report);
  } finally {
    await opened.close();
  }
}

/** Runs all checks that can run where the hand-off is. */
export async function checkHandoff(
  session: Session,
  handoff: Handoff | ReadyHandoff,
  peopleFile?: string,
): Promise<{ report: CheckReport; place: Place }> {
  const { people, findings, file } = await findPeople(session, peopleFile, handoff.home);
  const evidence = isReady(handoff) ? await readEvidenceFiles(handoff) : [];
  const input = await gatherCheckInput(session, handoff, {
    people,
    peopleFindings: findings,
    evidence,
    ...(file ? { peopleFile: file } : {}),
  });
  try {
    return { report: await runChecks(input, handoff.place), place: handoff.place };
  } finally {
    await input.close();
  }
}

/** The checks of one run as evidence. */
export function checkRun(
  session: Session,
  handoff: ReadyHandoff,
  report: CheckReport,
  startedAt: string,
): EvidenceRun {
  const { model } = handoff.contract;
  return {
    kind: "check",
    tool: { name: "baton", version },
    model: model.name,
    version: model.version,
    host: thisHost(),
    startedAt,
    finishedAt: session.now().toISOString(),
    items: report.items,
  };
}

function checkResult(session: Session, handoff: Handoff, report: CheckReport): CommandResult {
  const passed = !blocks(report.findings);
  const { contract } = handoff.parsed;
  const title = contract
    ? `${contract.model.name} ${contract.model.version}, level ${contract.level}: ${contract.features.length} features, ${report.items.length} checks`
    : handoff.shown;
  const absent = report.notRun.map(({ check: name, reason, evidence }) =>
    evidence
      ? `${paint(session, "cyan", "·")} ${name}: ${evidence.item.outcome}, as ${evidence.by} signed on ${evidence.at.slice(0, 10)}. ${reason}`
      : `${paint(session, "yellow", "○")} ${name}: not run. ${reason}`,
  );
  return {
    passed,
    text: [`${title}\n`, ...absent.map((line) => `${line}\n`)].join(""),
    findings: report.findings,
    data: {
      model: contract?.model.name,
      version: contract?.model.version,
      level: contract?.level,
      place: handoff.place,
      checks: report.items.map(({ test, outcome, reason }) => ({ check: test, outcome, reason })),
    },
    ...(passed ? { hint: nextStep(report) } : { hint: "baton explain CODE says more about a finding." }),
  };
}

function nextStep({ findings }: CheckReport): string {
  const stale = findings.some(({ code }) => code.startsWith("profile.") || code.startsWith("digests."));
  return stale ? "Next: baton profile, then baton test." : "Next: baton test, then baton clauses.";
}

function isReady(handoff: Handoff | ReadyHandoff): handoff is ReadyHandoff {
  return "digest" in handoff;
}
