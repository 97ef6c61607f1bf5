import type { Command } from "commander";
import { BatonError, parseDuration } from "../../../kernel/index.ts";
import { longestWaiverDays, mayWaive } from "../../../relay/index.ts";
import { type Cli, type CommonOptions, collect, declare, perform } from "../command.ts";
import { atDesk, type DeskOptions, withDeskOptions } from "../desk.ts";
import { keyOption, signingKey } from "../key-file.ts";
import { signingOf, takeStep } from "../relay-step.ts";

interface WaiveOptions extends CommonOptions, DeskOptions {
  readonly key?: string;
  readonly role?: string;
  readonly clause: readonly string[];
  readonly for?: string;
  readonly until?: string;
  readonly note: string;
}

/** `baton waive [TARGET]`: go on although a clause does not hold, for a time. */
export function addWaive(program: Command, cli: Cli): void {
  withDeskOptions(
    declare(
      program,
      "waive [target]",
      "let a clause off for a time, with a reason; shown everywhere, never as pass",
      `Only the role that owns the clause may waive it, for ${longestWaiverDays} days at most.`,
    ),
  )
    .requiredOption("--clause <id>", "clause to waive (repeatable)", collect, [])
    .requiredOption("--note <text>", "the reason in words")
    .option("--for <duration>", "how long: 30d, 2w")
    .option("--until <date>", "or until when: 2026-12-31")
    .option("--role <role>", "the role to sign in")
    .option(...keyOption)
    .action((target: string | undefined, options: WaiveOptions) =>
      perform(cli, "waive", options, async (session) => {
        const key = await signingKey(session, options.key);
        const until = untilOf(options, session.now());
        return atDesk(session, target, options, async (desk) => {
          const { contract, clauses } = desk.handoff;
          const waived = [...options.clause];
          const signing = signingOf(session, desk, key, options.role);
          return takeStep(session, desk, key, {
            signOff: mayWaive({ ...signing, contract, clauses, waived, until, note: options.note }),
            says: { action: "waive", clauses: waived, until, note: options.note },
            done: (person, role) =>
              `${person} (${role}) waived ${waived.join(", ")} until ${until.slice(0, 10)}`,
          });
        });
      }),
    );
}

function untilOf(options: WaiveOptions, now: Date): string {
  if ((options.for === undefined) === (options.until === undefined))
    throw new BatonError("usage", "A waiver has one end.", {
      next: "Give either --for 30d or --until 2026-12-31.",
    });
  if (options.for !== undefined) return new Date(now.getTime() + parseDuration(options.for)).toISOString();
  const until = new Date(
    /^\d{4}-\d{2}-\d{2}$/.test(options.until!) ? `${options.until}T23:59:59.999Z` : options.until!,
  );
  if (Number.isNaN(until.getTime()))
    throw new BatonError("usage", `"${options.until}" is not a date.`, { next: "Write it as 2026-12-31." });
  return until.toISOString();
}
