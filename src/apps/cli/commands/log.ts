import type { Command } from "commander";
import { timelineOf } from "../../../relay/index.ts";
import { type Cli, type CommonOptions, declare, perform } from "../command.ts";
import { type DeskOptions, withDeskOptions } from "../desk.ts";
import { viewRelay } from "../relay-view.ts";
import { paint } from "../session.ts";
import { textTable } from "../text-table.ts";

/** `baton log [TARGET]`: everything that was signed, oldest first. */
export function addLog(program: Command, cli: Cli): void {
  withDeskOptions(declare(program, "log [target]", "everything that was signed, oldest first")).action(
    (target: string | undefined, options: CommonOptions & DeskOptions) =>
      perform(cli, "log", options, (session) =>
        viewRelay(session, target, options, async ({ history }) => {
          const rows = timelineOf(history);
          const marks = {
            counts: "",
            void: paint(session, "dim", "void"),
            contested: paint(session, "red", "contested"),
          };
          return {
            passed: !history.findings.some(({ severity }) => severity === "blocking"),
            text: rows.length
              ? textTable(
                  session,
                  ["#", "id", "when", "what", ""],
                  rows.map((row) => [
                    String(row.sequence),
                    row.entry.slice(0, 12),
                    row.at.slice(0, 16).replace("T", " "),
                    row.text,
                    marks[row.standing],
                  ]),
                )
              : "Nothing was signed yet.\n",
            findings: history.findings,
            data: { entries: rows },
          };
        }),
      ),
  );
}
