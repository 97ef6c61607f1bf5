import { resolve } from "node:path";
import type { Command } from "commander";
import { writeFileAtomic } from "../../../adapters/folder/index.ts";
import { BatonError, shortDigest } from "../../../kernel/index.ts";
import { sealBaton } from "../../../seal/index.ts";
import { type Cli, type CommonOptions, declare, perform } from "../command.ts";
import { atDesk, type Desk, type DeskOptions, withDeskOptions } from "../desk.ts";
import { readEvidenceFiles, standingEvidence, verdictInput } from "../evidence-store.ts";
import { presentContent } from "../handoff.ts";
import { findSigningKey, keyOption } from "../key-file.ts";
import type { CommandResult } from "../result.ts";
import type { Session } from "../session.ts";

interface SealOptions extends CommonOptions, DeskOptions {
  readonly key?: string;
  readonly out?: string;
}

/** `baton seal [FOLDER]`: write NAME-VERSION.baton. */
export function addSeal(program: Command, cli: Cli): void {
  withDeskOptions(
    declare(
      program,
      "seal [folder]",
      "write NAME-VERSION.baton: content, signature, evidence so far",
      "The content part has the same bytes whoever seals it, whenever. Above sketch a key is needed.",
    ),
  )
    .option(...keyOption)
    .option("--out <file>", "name of the baton (default: NAME-VERSION.baton in the current folder)")
    .action((folder: string | undefined, options: SealOptions) =>
      perform(cli, "seal", options, (session) =>
        atDesk(session, folder, options, (desk) => seal(session, desk, options)),
      ),
    );
}

async function seal(session: Session, desk: Desk, options: SealOptions): Promise<CommandResult> {
  const { handoff, people, relay } = desk;
  const { contract, folder } = handoff;
  if (handoff.sealed)
    throw new BatonError("usage", `${handoff.shown} is sealed already.`, { next: "Name a hand-off folder." });
  const key = await findSigningKey(session, options.key);
  if (!key && contract.level !== "sketch")
    throw new BatonError(
      "usage",
      `A seal at level ${contract.level} needs a signature, and no key is named.`,
      {
        next: "Give --key FILE or set BATON_KEY; baton key new makes a key.",
      },
    );
  const paths = await presentContent(folder, contract);
  const content = await Promise.all(paths.map(async (path) => ({ path, bytes: await folder.read(path) })));
  const evidence = standingEvidence(
    await readEvidenceFiles(handoff),
    await verdictInput(session, handoff, people),
  );
  const { bytes, baton } = sealBaton({
    name: contract.model.name,
    content,
    evidence,
    relay: relay.entries.map(({ name, bytes }) => ({ name, bytes })),
    ...(key ? { sealer: { privateKey: key, at: session.now().toISOString() } } : {}),
  });
  const shown = options.out ?? `${contract.model.name}-${contract.model.version}.baton`;
  await writeFileAtomic(resolve(session.cwd, shown), bytes);
  return {
    passed: true,
    text: `${shown}\n  content ${baton.digest}\n  ${content.length} files, ${evidence.length} pieces of evidence, ${relay.entries.length} relay entries, ${bytes.length} bytes\n`,
    data: {
      file: shown,
      digest: baton.digest,
      bytes: bytes.length,
      files: paths,
      evidence: evidence.map(({ name }) => name),
    },
    hint: `Next: baton offer ${shown} --key … (content ${shortDigest(baton.digest)}).`,
  };
}
