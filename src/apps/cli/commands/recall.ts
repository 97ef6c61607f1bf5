import type { Command } from "commander";
import { mayRecall } from "../../../relay/index.ts";
import { type Cli, type CommonOptions, declare, perform } from "../command.ts";
import { atDesk, type DeskOptions, withDeskOptions } from "../desk.ts";
import { keyOption, signingKey } from "../key-file.ts";
import { signingOf, takeStep } from "../relay-step.ts";

interface RecallOptions extends CommonOptions, DeskOptions {
  readonly key?: string;
  readonly note: string;
}

/** `baton recall TARGET`: this version should not be deployed any more. */
export function addRecall(program: Command, cli: Cli): void {
  withDeskOptions(
    declare(
      program,
      "recall <target>",
      "sign that a version should not be deployed any more",
      "A running replica may restart where it runs; new deployments are refused, and everybody sees why.",
    ),
  )
    .requiredOption("--note <text>", "the reason in words")
    .option(...keyOption)
    .action((target: string, options: RecallOptions) =>
      perform(cli, "recall", options, async (session) => {
        const key = await signingKey(session, options.key);
        return atDesk(session, target, options, async (desk) => {
          const { name, version } = desk.handoff.contract.model;
          return takeStep(session, desk, key, {
            signOff: mayRecall({ ...signingOf(session, desk, key), note: options.note }),
            says: { action: "recall", note: options.note },
            done: (person, role) => `${person} (${role}) recalled ${name} ${version}: ${options.note}`,
            hint: "Where it runs: baton status. To go back there: baton rollback.",
          });
        });
      }),
    );
}
