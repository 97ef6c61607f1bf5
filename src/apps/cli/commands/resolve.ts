import type { Command } from "commander";
import { BatonError } from "../../../kernel/index.ts";
import { type History, mayResolve } from "../../../relay/index.ts";
import { type Cli, type CommonOptions, collect, declare, perform } from "../command.ts";
import { atDesk, type DeskOptions, withDeskOptions } from "../desk.ts";
import { keyOption, signingKey } from "../key-file.ts";
import { signingOf, takeStep } from "../relay-step.ts";

interface ResolveOptions extends CommonOptions, DeskOptions {
  readonly key?: string;
  readonly role?: string;
  readonly stands: string;
  readonly over: readonly string[];
  readonly note?: string;
}

/** `baton resolve [TARGET]`: say which of two contradictory decisions stands. */
export function addResolve(program: Command, cli: Cli): void {
  withDeskOptions(
    declare(
      program,
      "resolve [target]",
      "say which of two contradictory decisions stands",
      "Entries are named by the beginning of their id: baton log shows them.",
    ),
  )
    .requiredOption("--stands <id>", "the decision that stands")
    .requiredOption("--over <id>", "a decision that does not (repeatable)", collect, [])
    .option("--note <text>", "in words")
    .option("--role <role>", "the role to sign in")
    .option(...keyOption)
    .action((target: string | undefined, options: ResolveOptions) =>
      perform(cli, "resolve", options, async (session) => {
        const key = await signingKey(session, options.key);
        return atDesk(session, target, options, async (desk) => {
          const { history } = desk.relay;
          const stands = entryId(history, options.stands);
          const over = options.over.map((id) => entryId(history, id));
          return takeStep(session, desk, key, {
            signOff: mayResolve({ ...signingOf(session, desk, key, options.role), stands, over }),
            says: {
              action: "resolve",
              resolves: { stands, over },
              ...(options.note ? { note: options.note } : {}),
            },
            settles: true,
            done: (person, role) => `${person} (${role}) resolved: ${stands.slice(0, 12)} stands`,
          });
        });
      }),
    );
}

/** The one entry whose id begins so. @throws BatonError `not-found` */
export function entryId(history: History, beginning: string): string {
  const found = history.entries.filter(({ id }) => beginning.length >= 4 && id.startsWith(beginning));
  if (found.length === 1) return found[0]!.id;
  throw new BatonError(
    "not-found",
    `${found.length ? "Several entries begin" : "No entry begins"} with "${beginning}".`,
    {
      next: "Take at least four digits of an id from baton log.",
    },
  );
}
