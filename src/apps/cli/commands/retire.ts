import type { Command } from "commander";
import { mayRetire } from "../../../relay/index.ts";
import { type Cli, type CommonOptions, declare, perform } from "../command.ts";
import { atDesk, type DeskOptions, withDeskOptions } from "../desk.ts";
import { keyOption, signingKey } from "../key-file.ts";
import { signingOf, takeStep } from "../relay-step.ts";

interface RetireOptions extends CommonOptions, DeskOptions {
  readonly key?: string;
  readonly note?: string;
}

/** `baton retire TARGET`: the end of a version that runs nowhere. */
export function addRetire(program: Command, cli: Cli): void {
  withDeskOptions(declare(program, "retire <target>", "sign the end of a version that runs nowhere"))
    .option("--note <text>", "in words")
    .option(...keyOption)
    .action((target: string, options: RetireOptions) =>
      perform(cli, "retire", options, async (session) => {
        const key = await signingKey(session, options.key);
        return atDesk(session, target, options, async (desk) => {
          const { name, version } = desk.handoff.contract.model;
          return takeStep(session, desk, key, {
            signOff: mayRetire(signingOf(session, desk, key)),
            says: { action: "retire", ...(options.note ? { note: options.note } : {}) },
            done: (person, role) => `${person} (${role}) retired ${name} ${version}`,
          });
        });
      }),
    );
}
