import type { Command } from "commander";
import { mayCountersign } from "../../../relay/index.ts";
import { type Cli, type CommonOptions, declare, perform } from "../command.ts";
import { atDesk, type DeskOptions, withDeskOptions } from "../desk.ts";
import { keyOption, signingKey } from "../key-file.ts";
import { signingOf, takeStep } from "../relay-step.ts";
import { entryId } from "./resolve.ts";

interface CountersignOptions extends CommonOptions, DeskOptions {
  readonly key?: string;
  readonly target?: string;
}

/** `baton countersign ENTRY`: a second person signs a roll-back. */
export function addCountersign(program: Command, cli: Cli): void {
  withDeskOptions(declare(program, "countersign <entry>", "sign a roll-back as the second person"))
    .option("--target <target>", "hand-off folder or baton it is about (default: this folder)")
    .option(...keyOption)
    .action((entry: string, options: CountersignOptions) =>
      perform(cli, "countersign", options, async (session) => {
        const key = await signingKey(session, options.key);
        return atDesk(session, options.target, options, async (desk) => {
          const countersigns = entryId(desk.relay.history, entry);
          return takeStep(session, desk, key, {
            signOff: mayCountersign({ ...signingOf(session, desk, key), countersigns }),
            says: { action: "countersign", countersigns },
            done: (person, role) => `${person} (${role}) countersigned ${countersigns.slice(0, 12)}`,
          });
        });
      }),
    );
}
