import type { Command } from "commander";
import { environmentIn, mayDeploy, stateOf } from "../../../relay/index.ts";
import { type Cli, type CommonOptions, declare, perform } from "../command.ts";
import { atDesk, type DeskOptions, withDeskOptions } from "../desk.ts";
import { keyOption, signingKey } from "../key-file.ts";
import { signingOf, takeStep } from "../relay-step.ts";

interface DeployOptions extends CommonOptions, DeskOptions {
  readonly key?: string;
  readonly env: string;
  readonly note?: string;
}

/** `baton deploy FILE --env NAME`: put on record that an accepted version goes to an environment. */
export function addDeploy(program: Command, cli: Cli): void {
  withDeskOptions(
    declare(
      program,
      "deploy <target>",
      "sign that an accepted version goes to an environment",
      "Puts it on record; starting the process is your platform's work (baton serve FILE --env NAME).",
    ),
  )
    .requiredOption("--env <name>", "environment, such as production")
    .option("--note <text>", "in words")
    .option(...keyOption)
    .action((target: string, options: DeployOptions) =>
      perform(cli, "deploy", options, async (session) => {
        const key = await signingKey(session, options.key);
        return atDesk(session, target, options, async (desk) => {
          const { contract } = desk.handoff;
          const signing = signingOf(session, desk, key);
          const before = environmentIn(stateOf(signing.history, signing.at), options.env)?.current;
          return takeStep(session, desk, key, {
            signOff: mayDeploy({ ...signing, level: contract.level, environment: options.env }),
            says: {
              action: "deploy",
              environment: options.env,
              ...(before ? { previousDigest: before.contentDigest } : {}),
              ...(options.note ? { note: options.note } : {}),
            },
            done: (person) =>
              `${person} deployed ${contract.model.name} ${contract.model.version} to ${options.env}${before ? ` (before: ${before.version})` : ""}`,
            hint: `Next: baton serve ${target} --env ${options.env}${contract.watch ? " --observe FOLDER" : ""}`,
          });
        });
      }),
    );
}
