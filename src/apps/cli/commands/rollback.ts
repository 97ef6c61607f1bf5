import type { KeyObject } from "node:crypto";
import type { Command } from "commander";
import { diffContracts } from "../../../contract/index.ts";
import { BatonError, shortDigest } from "../../../kernel/index.ts";
import { environmentIn, mayRollBack, stateOf } from "../../../relay/index.ts";
import { type Cli, type CommonOptions, declare, perform } from "../command.ts";
import { atDesk, type Desk, type DeskOptions, withDeskOptions } from "../desk.ts";
import { withHandoff } from "../handoff.ts";
import { keyOption, signingKey } from "../key-file.ts";
import { signingOf, takeStep } from "../relay-step.ts";
import type { CommandResult } from "../result.ts";
import type { Session } from "../session.ts";

interface RollBackOptions extends CommonOptions, DeskOptions {
  readonly key?: string;
  readonly env: string;
  readonly from: string;
  readonly to: string;
  readonly note?: string;
}

/** `baton rollback --to OLD --from RUNNING --env NAME`: go back, with one on-call signature. */
export function addRollback(program: Command, cli: Cli): void {
  withDeskOptions(
    declare(
      program,
      "rollback",
      "go back to a version that ran there, with one on-call signature",
      "Refused where callers of the running contract would break. A second person countersigns later: baton countersign.",
    ),
  )
    .requiredOption("--to <file>", "baton to go back to")
    .requiredOption("--from <file>", "baton that runs now, to see whether its callers survive")
    .requiredOption("--env <name>", "environment, such as production")
    .option("--note <text>", "what happened")
    .option(...keyOption)
    .action((options: RollBackOptions) =>
      perform(cli, "rollback", options, async (session) => {
        const key = await signingKey(session, options.key);
        return atDesk(session, options.to, options, (desk) => rollBack(session, desk, key, options));
      }),
    );
}

async function rollBack(
  session: Session,
  desk: Desk,
  key: KeyObject,
  options: RollBackOptions,
): Promise<CommandResult> {
  const { contract } = desk.handoff;
  const signing = signingOf(session, desk, key);
  const current = environmentIn(stateOf(signing.history, signing.at), options.env)?.current;
  const changes = await withHandoff(session, options.from, async (running) => {
    if (current && running.digest !== current.contentDigest)
      throw new BatonError(
        "relay-refused",
        `${options.from} (${shortDigest(running.digest)}) is not what runs in ${options.env}: that is ${current.version} (${shortDigest(current.contentDigest)}).`,
        {
          next: "Give --from the baton that baton status names.",
        },
      );
    return diffContracts(running.contract, contract).changes;
  });
  return takeStep(session, desk, key, {
    signOff: mayRollBack({ ...signing, level: contract.level, environment: options.env, changes }),
    says: {
      action: "rollback",
      environment: options.env,
      ...(current ? { previousDigest: current.contentDigest } : {}),
      ...(options.note ? { note: options.note } : {}),
    },
    done: (person, role) =>
      `${person} (${role}) rolled ${options.env} back to ${contract.model.name} ${contract.model.version}`,
    hint: "A second person signs it later: baton countersign.",
  });
}
