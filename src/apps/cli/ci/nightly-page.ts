import { markdownCode as code, markdownTable as table, markdownText as text } from "../../../kernel/index.ts";
import type { NightlyReport } from "./nightly-report.ts";
import { findingsPage } from "./pull-request-page.ts";

/** Title of the issue. */
export function nightlyTitle({ title }: NightlyReport): string {
  return `Baton: ${title} needs a look`;
}

/** The nightly watch as an issue: what is wrong, whose it is, and what to run. Text from files does nothing in it. */
export function nightlyPage(report: NightlyReport): string {
  const { title, seen, well, findings, command } = report;
  return [
    `### ${text(title)}: ${well ? "well" : "needs a look"}\n\n${seen}.\n`,
    part("Open alarms of drift", alarmTable(report)),
    part("Triggers that are met", triggerTable(report)),
    part("What goes wrong", errorTable(report)),
    part("Findings", findingsPage(findings)),
    `On your machine: ${code(command)}. This issue is written anew each night, and closed when all is well.\n`,
  ]
    .filter((one) => one !== "")
    .join("\n");
}

function part(title: string, body: string): string {
  return body === "" ? "" : `#### ${title}\n\n${body}`;
}

function alarmTable({ alarms }: NightlyReport): string {
  return table(
    ["since", "cause", "columns"],
    alarms.map(({ begins, cause, columns }) => [
      begins.slice(0, 10),
      text(cause),
      columns
        .slice(0, 6)
        .map(({ clause }) => code(clause))
        .join(", "),
    ]),
  );
}

function triggerTable({ triggers }: NightlyReport): string {
  return table(
    ["trigger", "owner", "when"],
    triggers.map(({ clause, owner, when }) => [code(clause), text(owner), code(when)]),
  );
}

function errorTable({ errors }: NightlyReport): string {
  return table(
    ["class", "clause", "owner", "rows", "what", "do"],
    errors
      .slice(0, 25)
      .map((error) => [
        code(error.class),
        code(error.clause),
        text(error.owner),
        String(error.rows),
        text(error.message),
        text(error.action),
      ]),
  );
}
