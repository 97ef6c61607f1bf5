import type { Command } from "commander";
import type { EvidenceItem } from "../../../evidence/index.ts";
import { blocksSignOff, type Finding, type Outcome } from "../../../kernel/index.ts";
import { type Cli, type CommonOptions, declare, perform } from "../command.ts";
import { atDesk, type DeskOptions, withDeskOptions } from "../desk.ts";
import { findSigningKey, keyOption } from "../key-file.ts";
import { openPrevious, previousOption } from "../previous.ts";
import type { CommandResult } from "../result.ts";
import { type TestDone, testHandoff } from "../run-evidence.ts";
import { paint, type Session } from "../session.ts";
import { textTable } from "../text-table.ts";
import { shorten } from "./clauses.ts";

interface TestOptions extends CommonOptions, DeskOptions {
  readonly key?: string;
  readonly previous?: string;
  readonly all?: boolean;
  readonly transform?: string;
}

/** `baton test [TARGET]`: golden rows, gates, behaviours, and every limit broken once on purpose. */
export function addTest(program: Command, cli: Cli): void {
  withDeskOptions(
    declare(
      program,
      "test [target]",
      "golden rows, gates, behaviours, and every limit broken once on purpose",
      "Runs what has no evidence that still holds, and keeps the result in evidence/ (signed where a key is given; above\n" +
        "sketch only signed evidence counts). Exit code 1 when something failed or could not run.",
    ),
  )
    .option(...keyOption)
    .option(...previousOption)
    .option("--all", "run again what still holds, too")
    .option(
      "--transform <file>",
      "your re-implementation of the preprocessing (TypeScript or JavaScript), run on the raw golden rows",
    )
    .action((target: string | undefined, options: TestOptions) =>
      perform(cli, "test", options, (session) =>
        atDesk(session, target, options, async (desk) => {
          const key = await findSigningKey(session, options.key);
          const previous = await openPrevious(session, desk, options.previous);
          try {
            const request = {
              key,
              previous,
              all: options.all ?? false,
              ...(options.transform ? { transform: options.transform } : {}),
            };
            return testResult(
              session,
              await testHandoff(session, desk, request),
              key !== undefined,
              desk.handoff.contract.level,
            );
          } finally {
            await previous.close();
          }
        }),
      ),
    );
}

function testResult(
  session: Session,
  { run, file, held }: TestDone,
  signed: boolean,
  level: string,
): CommandResult {
  const items = run?.items ?? [];
  const passed = !items.some((item) => blocksSignOff(item.outcome));
  const unsigned = run && !signed && level !== "sketch";
  return {
    passed,
    text: [
      items.length ? itemTable(session, items) : "",
      held.length
        ? `${held.length} clauses hold by evidence that is not stale (--all runs them again).\n`
        : "",
      file ? `evidence/${file.name}\n` : "",
    ].join(""),
    findings: items.flatMap((item): readonly Finding[] => (item.outcome === "pass" ? [] : item.findings)),
    data: { outcome: passed ? "pass" : "fail", items, held, evidence: file?.name },
    hint: unsigned
      ? "This evidence is unsigned, and at this level it does not count: run again with --key."
      : "Next: baton bench, then baton clauses.",
  };
}

/** Results as a table: worst first, passes of the same test together. */
export function itemTable(session: Session, items: readonly EvidenceItem[]): string {
  const enforced = items.filter(({ test, outcome }) => test === "enforcement" && outcome === "pass");
  const others = items.filter((item) => !enforced.includes(item));
  const rank: Record<Outcome, number> = { fail: 0, "not-run": 1, pass: 2, "not-applicable": 3 };
  const rows = [...others]
    .sort((a, b) => rank[a.outcome] - rank[b.outcome])
    .map((item) => [
      outcomeText(session, item.outcome),
      item.test,
      item.clause,
      shorten(item.reason ? `${item.message} (${item.reason})` : item.message, 110),
    ]);
  if (enforced.length)
    rows.push([
      outcomeText(session, "pass"),
      "enforcement",
      `${enforced.length} clauses`,
      "each broken once on purpose, each rejected by its own id",
    ]);
  return textTable(session, ["outcome", "test", "clause", "what was seen"], rows);
}

function outcomeText(session: Session, outcome: Outcome): string {
  const styles = { pass: "green", fail: "red", "not-run": "yellow", "not-applicable": "dim" } as const;
  return paint(session, styles[outcome], outcome);
}
