import type { KeyObject } from "node:crypto";
import { resolve } from "node:path";
import type { Command } from "commander";
import { readBytes } from "../../../adapters/folder/index.ts";
import { verdictsOf } from "../../../evidence/index.ts";
import { BatonError, shortDigest } from "../../../kernel/index.ts";
import { mayOffer, stateOf } from "../../../relay/index.ts";
import { readBaton } from "../../../seal/index.ts";
import { type Cli, type CommonOptions, declare, perform } from "../command.ts";
import { atDesk, type Desk, type DeskOptions, withDeskOptions } from "../desk.ts";
import {
  evidenceIds,
  keepEvidence,
  readEvidenceFiles,
  standingEvidence,
  verdictInput,
} from "../evidence-store.ts";
import { keyOption, signingKey } from "../key-file.ts";
import { acceptedOther, openPrevious, previousOption } from "../previous.ts";
import { signingOf, takeStep } from "../relay-step.ts";
import type { CommandResult } from "../result.ts";
import type { Session } from "../session.ts";
import { checkHandoff, checkRun } from "./check.ts";

interface OfferOptions extends CommonOptions, DeskOptions {
  readonly key?: string;
  readonly folder?: string;
  readonly previous?: string;
  readonly note?: string;
}

/** `baton offer FILE`: hand over; refused while something is missing. */
export function addOffer(program: Command, cli: Cli): void {
  withDeskOptions(
    declare(
      program,
      "offer <file>",
      "hand a sealed baton over; refused while something blocks, with who owes it",
      "Runs the checks once more in the hand-off folder, signs their result, looks at every clause's evidence, and signs the\n" +
        "offer into relay/ and into the baton.",
    ),
  )
    .option("--folder <folder>", "hand-off folder that was sealed (default: the current folder)")
    .option("--note <text>", "in words")
    .option(...previousOption)
    .option(...keyOption)
    .action((file: string, options: OfferOptions) =>
      perform(cli, "offer", options, async (session) => {
        const key = await signingKey(session, options.key);
        return atDesk(session, options.folder, options, (desk) => offer(session, desk, key, file, options));
      }),
    );
}

async function offer(
  session: Session,
  desk: Desk,
  key: KeyObject,
  file: string,
  options: OfferOptions,
): Promise<CommandResult> {
  const { handoff, people } = desk;
  const batonFile = resolve(session.cwd, file);
  refuseOtherContent(
    readBaton(await readBytes(batonFile, { maxBytes: 4 * 1024 ** 3 })).digest,
    handoff.digest,
    file,
  );
  const started = session.now().toISOString();
  const { report } = await checkHandoff(session, handoff, options.people);
  await keepEvidence(handoff, checkRun(session, handoff, report, started), key);
  const previous = await openPrevious(session, desk, options.previous);
  try {
    const input = await verdictInput(
      session,
      handoff,
      people,
      previous.digest ? { previous: previous.digest } : {},
    );
    const evidence = standingEvidence(await readEvidenceFiles(handoff), input);
    const verdicts = verdictsOf(input);
    const { contract, clauses } = handoff;
    const signing = signingOf(session, desk, key);
    const signOff = mayOffer({ ...signing, contract, clauses, verdicts, findings: report.findings });
    const before = acceptedOther(stateOf(signing.history, signing.at), handoff.digest);
    return await takeStep(session, desk, key, {
      signOff,
      says: {
        action: "offer",
        ...(evidence.length ? { evidence: evidenceIds(evidence, people, signing.at) } : {}),
        ...(options.note ? { note: options.note } : {}),
      },
      evidence,
      batonFile,
      done: (person, role) =>
        `${person} (${role}) offered ${contract.model.name} ${contract.model.version} (${shortDigest(handoff.digest)})${before ? ` after ${before.version}` : ""}`,
      hint: `Send ${file}, relay/ and .baton/people.yaml to ${contract.owners.runs ?? "those who run it"}. They run: baton accept ${file} --key …`,
    });
  } finally {
    await previous.close();
  }
}

function refuseOtherContent(sealed: string, folder: string, file: string): void {
  if (sealed === folder) return;
  throw new BatonError(
    "relay-refused",
    `${file} holds other content (${shortDigest(sealed)}) than the folder now (${shortDigest(folder)}).`,
    {
      next: "Run baton seal again, or name the folder that was sealed with --folder.",
    },
  );
}
