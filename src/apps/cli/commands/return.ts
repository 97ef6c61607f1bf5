import type { Command } from "commander";
import { BatonError } from "../../../kernel/index.ts";
import { mayReturn, type Reason, returnReasons } from "../../../relay/index.ts";
import { type Cli, type CommonOptions, collect, declare, perform } from "../command.ts";
import { atDesk, type DeskOptions, withDeskOptions } from "../desk.ts";
import { keyOption, signingKey } from "../key-file.ts";
import { signingOf, takeStep } from "../relay-step.ts";

interface ReturnOptions extends CommonOptions, DeskOptions {
  readonly key?: string;
  readonly role?: string;
  readonly clause: readonly string[];
  readonly reason: string;
  readonly note: string;
  readonly row: readonly string[];
}

/** `baton return FILE`: give an offer back, with reasons. */
export function addReturn(program: Command, cli: Cli): void {
  const codes = Object.entries(returnReasons).map(([code, meaning]) => `  ${code.padEnd(11)} ${meaning}`);
  withDeskOptions(
    declare(
      program,
      "return <target>",
      "give an offer back: which clause, which rows, why",
      `Reasons:\n${codes.join("\n")}`,
    ),
  )
    .requiredOption("--reason <code>", "one of the codes above")
    .requiredOption("--note <text>", "the reason in words")
    .option("--clause <id>", "clause that it is about (repeatable)", collect, [])
    .option("--row <key>", "key of a row that shows it (repeatable)", collect, [])
    .option("--role <role>", "the role to sign in")
    .option(...keyOption)
    .action((target: string, options: ReturnOptions) =>
      perform(cli, "return", options, async (session) => {
        const key = await signingKey(session, options.key);
        return atDesk(session, target, options, async (desk) => {
          const reasons = reasonsOf(options);
          const { name, version } = desk.handoff.contract.model;
          return takeStep(session, desk, key, {
            signOff: mayReturn({
              ...signingOf(session, desk, key, options.role),
              clauses: desk.handoff.clauses,
              reasons,
            }),
            says: { action: "return", reasons },
            done: (person, role) =>
              `${person} (${role}) returned ${name} ${version}: ${options.reason} — ${options.note}`,
            hint: "Commit relay/ (or send the baton back): baton status shows the builders what is wanted.",
          });
        });
      }),
    );
}

function reasonsOf({ clause, reason, note, row }: ReturnOptions): Reason[] {
  if (!(reason in returnReasons))
    throw new BatonError("usage", `"${reason}" is not a reason.`, {
      next: `Use one of: ${Object.keys(returnReasons).join(", ")}.`,
    });
  const common = { code: reason, note, ...(row.length ? { rows: [...row] } : {}) };
  return clause.length ? clause.map((id) => ({ clause: id, ...common })) : [common];
}
