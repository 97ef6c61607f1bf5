import {
  markdownCode as code,
  type Finding,
  markdownTable as table,
  markdownText as text,
} from "../../../kernel/index.ts";
import { placeOf } from "../format/pretty.ts";
import type { CiCheck, PullRequestReport } from "./pull-request-report.ts";

/** Rows of a table in a comment: what is more stands in the log of the run. */
const longestTable = 25;

const signs: Record<CiCheck["state"], string> = { success: "✅", failure: "❌", pending: "🕓" };

/** The report as a comment: what stands where, what failed at which row, and what to run. Text from files does nothing in it. */
export function pullRequestPage({ title, target, checks, clauses, findings }: PullRequestReport): string {
  const rows = checks.map(({ name, state, description }) => [`${signs[state]} ${name}`, text(description)]);
  const open = clauses.filter(({ outcome }) => outcome !== "pass" && outcome !== "not-applicable");
  const passed = clauses.filter(({ outcome }) => outcome === "pass").length;
  return [
    `### Baton: ${text(title)}\n\n${table(["", ""], rows)}`,
    clauses.length > 0
      ? `${passed} of ${clauses.length} clauses pass.${open.length > 0 ? " The others that matter:" : ""}\n`
      : "",
    table(
      ["clause", "owner", "verdict", "why"],
      open
        .slice(0, longestTable)
        .map(({ clause, outcome, why }) => [
          code(clause.id),
          text(clause.owner),
          outcome === "fail" ? "**fail**" : outcome,
          text(cut(why)),
        ]),
    ),
    rest(open.length, "clauses"),
    findingsPage(findings),
    checks.some(({ state }) => state === "failure")
      ? `On your machine: ${code(`baton check ${target} && baton test ${target}`)}. ${code("baton explain CODE")} says more about a finding.\n`
      : "",
  ]
    .filter((part) => part !== "")
    .join("\n");
}

/** Findings as a table, worst first. */
export function findingsPage(findings: readonly Finding[]): string {
  const rows = findings
    .slice(0, longestTable)
    .map((finding) => [
      finding.severity === "blocking" ? "**blocking**" : finding.severity,
      code(finding.code),
      code(placeOf(finding)),
      text(cut(`${finding.message}${compared(finding)}`)),
      text(cut(finding.next)),
    ]);
  return [table(["", "finding", "where", "what", "next"], rows), rest(findings.length, "findings")]
    .filter((part) => part !== "")
    .join("\n");
}

function compared({ expected, received }: Finding): string {
  const parts = [
    expected === undefined ? [] : [`expected ${expected}`],
    received === undefined ? [] : [`got ${received}`],
  ];
  return parts.flat().length > 0 ? ` (${parts.flat().join(", ")})` : "";
}

function rest(count: number, what: string): string {
  return count > longestTable ? `${count - longestTable} more ${what} stand in the log of the run.\n` : "";
}

function cut(words: string): string {
  return words.length > 400 ? `${words.slice(0, 399)}…` : words;
}
