import type { KeyObject } from "node:crypto";
import type { Command } from "commander";
import { isMadeUp } from "../../../contract/index.ts";
import { type EvidenceFile, verdictsOf } from "../../../evidence/index.ts";
import { BatonError, blocks, type Finding, shortDigest } from "../../../kernel/index.ts";
import { mayAccept } from "../../../relay/index.ts";
import { verifyBaton } from "../../../seal/index.ts";
import { answerRequests, type FreshRows, findFreshRows } from "../answer-requests.ts";
import { type Cli, type CommonOptions, collect, declare, perform } from "../command.ts";
import { atDesk, type Desk, type DeskOptions, withDeskOptions } from "../desk.ts";
import { evidenceIds, keepEvidence, readsNow, standingEvidence, verdictInput } from "../evidence-store.ts";
import { keyOption, signingKey } from "../key-file.ts";
import { openPrevious, type Previous, previousOption } from "../previous.ts";
import { signingOf, takeStep } from "../relay-step.ts";
import type { CommandResult } from "../result.ts";
import { benchHandoff } from "../run-bench.ts";
import { testHandoff } from "../run-evidence.ts";
import type { Session } from "../session.ts";
import { checkHandoff } from "./check.ts";
import { itemTable } from "./test.ts";

interface AcceptOptions extends CommonOptions, DeskOptions {
  readonly key?: string;
  readonly role?: string;
  readonly acknowledge: readonly string[];
  readonly previous?: string;
  readonly fresh?: string;
  readonly note?: string;
}

/** `baton accept FILE`: verify, run everything again here, acknowledge what only people keep, sign. */
export function addAccept(program: Command, cli: Cli): void {
  withDeskOptions(
    declare(
      program,
      "accept <file>",
      "run every test again here, and sign that you take the model over",
      "Needs the baton, the people file and your key; nothing else of the builders. Verifies the file, re-runs golden rows, gates,\n" +
        "behaviours, limits and budget on this machine, wants each stated clause acknowledged by its id, and signs.\n" +
        "As another role than runs (--role business), only the clauses that you acknowledge are accepted.\n" +
        "Where triggers asked for this version, it is compared with the one that runs (--previous, --fresh), and the requests are closed.",
    ),
  )
    .option(
      "--acknowledge <clause>",
      "a clause that only people keep, read and answered for (repeatable)",
      collect,
      [],
    )
    .option("--role <role>", "the role to sign in (default: runs)")
    .option("--note <text>", "in words")
    .option(...previousOption)
    .option(
      "--fresh <file>",
      "rows of an open request (requests/….parquet): both versions are compared on them",
    )
    .option(...keyOption)
    .action((file: string, options: AcceptOptions) =>
      perform(cli, "accept", options, async (session) => {
        const key = await signingKey(session, options.key);
        return atDesk(session, file, options, (desk) => accept(session, desk, key, options));
      }),
    );
}

async function accept(
  session: Session,
  desk: Desk,
  key: KeyObject,
  options: AcceptOptions,
): Promise<CommandResult> {
  const { handoff, people } = desk;
  if (!handoff.sealed)
    throw new BatonError("usage", `${handoff.shown} is a folder.`, { next: "Accept a .baton file." });
  const allowUnsigned = isMadeUp(handoff.contract);
  const verified = verifyBaton({
    bytes: handoff.sealed.bytes,
    signers: people,
    now: session.now().toISOString(),
    allowUnsigned,
  });
  if (blocks(verified.findings))
    return {
      passed: false,
      text: `Not accepted: ${handoff.shown} cannot be trusted. Nothing in it was run.\n`,
      findings: verified.findings,
      data: { signed: false },
    };
  const previous = await openPrevious(session, desk, options.previous);
  try {
    const open = openBeforehand(session, desk, key, options, previous);
    if (blocks(open))
      return {
        passed: false,
        text: `Not accepted yet: ${handoff.shown}. Nothing was run.\n`,
        findings: open,
        data: { signed: false },
      };
    // Rows that no request names are told before anything is measured for seconds.
    const fresh = options.fresh === undefined ? undefined : await findFreshRows(session, desk, options.fresh);
    return await judge(session, desk, { key, options, previous, fresh, verified: verified.findings });
  } finally {
    await previous.close();
  }
}

/** What can be said before anything is run: who may sign, whether there is an offer, who has not acknowledged what. */
function openBeforehand(
  session: Session,
  desk: Desk,
  key: KeyObject,
  options: AcceptOptions,
  previous: Previous,
): readonly Finding[] {
  const { contract, clauses } = desk.handoff;
  const signing = signingOf(session, desk, key, options.role);
  const judged = mayAccept({
    ...signing,
    contract,
    clauses,
    verdicts: [],
    acknowledged: [...options.acknowledge],
    loosened: loosened(previous),
  });
  return judged.findings.filter(({ code }) => code !== "relay.not-shown" && code !== "relay.not-rerun");
}

interface Judging {
  readonly key: KeyObject;
  readonly options: AcceptOptions;
  readonly previous: Previous;
  readonly fresh: FreshRows | undefined;
  readonly verified: readonly Finding[];
}

async function judge(
  session: Session,
  desk: Desk,
  { key, options, previous, fresh, verified }: Judging,
): Promise<CommandResult> {
  const { handoff, people } = desk;
  const { contract, clauses } = handoff;
  const whole = signsAsRuns(session, desk, key, options);
  const own = whole ? await rerun(session, desk, key, previous) : [];
  const answer = await answerRequests(session, desk, { key, previous, fresh, whole });
  const { report } = await checkHandoff(session, handoff, options.people);
  const input = await verdictInput(
    session,
    handoff,
    people,
    previous.digest ? { previous: previous.digest } : {},
  );
  const evidence = standingEvidence(input.envelopes, input);
  const acknowledged = [...options.acknowledge];
  const signing = signingOf(session, desk, key, options.role);
  const decided = mayAccept({
    ...signing,
    contract,
    clauses,
    verdicts: verdictsOf({ ...input, envelopes: own.map(({ file }) => file) }),
    acknowledged,
    loosened: loosened(previous),
  });
  const findings = [...verified, ...report.findings, ...decided.findings, ...answer.findings];
  const result = await takeStep(session, desk, key, {
    signOff: { ...decided, findings, allowed: decided.allowed && !blocks(findings) },
    says: {
      action: "accept",
      ...(evidence.length ? { evidence: evidenceIds(evidence, people, signing.at) } : {}),
      ...(acknowledged.length ? { acknowledged } : {}),
      ...(answer.closes.length ? { closes: [...answer.closes] } : {}),
      ...(options.note ? { note: options.note } : {}),
    },
    evidence,
    done: (person, role) =>
      `${person} (${role}) accepted ${whole ? "" : `${acknowledged.join(", ")} of `}${contract.model.name} ${contract.model.version} (${shortDigest(handoff.digest)})`,
    hint: whole ? `Next: baton deploy ${handoff.shown} --env production --key …` : "",
  });
  const items = [...own.flatMap(({ items }) => items), ...answer.items];
  return {
    ...result,
    text: `${items.length ? `${itemTable(session, items)}\n` : ""}${result.text ?? ""}`,
    data: { ...result.data, items },
  };
}

function loosened({ changes }: Previous) {
  return changes.filter(({ kind }) => kind === "acceptance");
}

/** Whether the key signs as `runs`, which accepts the whole and not only the clauses of a role. */
function signsAsRuns(session: Session, desk: Desk, key: KeyObject, options: AcceptOptions): boolean {
  const signing = signingOf(session, desk, key, options.role);
  const { contract, clauses } = desk.handoff;
  const { signer } = mayAccept({ ...signing, contract, clauses, verdicts: [], acknowledged: [] });
  return signer?.role === "runs";
}

/**
 * The acceptor's own evidence: tests whatever the builder showed, and the budget on this machine. An acceptance is judged
 * on it alone: newer evidence by others, whoever signed it, does not stand against what was seen here.
 */
async function rerun(session: Session, desk: Desk, key: KeyObject, previous: Previous) {
  const { handoff } = desk;
  const done = [];
  if (handoff.contract.run === undefined) return [];
  const tested = await testHandoff(session, desk, { key, previous, all: true, side: "runs" });
  if (tested.run && tested.file)
    done.push({ items: tested.run.items, file: tested.file satisfies EvidenceFile });
  if (handoff.contract.budget) {
    const run = await benchHandoff(session, handoff, await readsNow(handoff, previous.digest));
    done.push({ items: run.items, file: await keepEvidence(handoff, run, key) });
  }
  return done;
}
