import { dayText } from "../../kernel/index.ts";
import type { WatchReport, WrongClass, WrongPrediction } from "../../watch/index.ts";
import { percentText } from "./percent-text.ts";
import { paint, type Session } from "./session.ts";
import { fittingTable } from "./text-table.ts";

/** Why predictions were wrong: a table whose rows add up to all that were, and a few of them. */
export function wrongTable(session: Session, { wrong: report }: WatchReport): string {
  if (!report) return "";
  if ("untold" in report) return `Wrong predictions by class: ${report.untold}\n`;
  const { rows, wrong, expected, classes } = report;
  const share = percentText(rows === 0 ? 0 : wrong / rows);
  const table = fittingTable(
    session,
    ["wrong predictions", "owner", "wrong", "expected", "of rows", "first", "last", "clauses"],
    classes.map((one) => [
      one.severity === "blocking" ? paint(session, "red", one.class) : one.class,
      one.owner,
      String(one.wrong),
      countOf(one.expected),
      `${one.rows} (${percentText(one.wrong / one.rows)})`,
      dayText(one.first),
      dayText(one.last),
      clauseText(one),
    ]),
    ["of rows", "first", "last", "clauses"],
  );
  return `${table}${paint(
    session,
    "dim",
    `Together ${wrong} of ${rows} labelled predictions (${share}), each where the first class holds; ${
      expected === undefined
        ? "without a calibration in the profile nothing is expected."
        : `by the calibrated scores ${countOf(expected)} were to be expected.`
    }\n`,
  )}${classes.map((one) => furtherText(session, one)).join("")}`;
}

function countOf(expected: number | undefined): string {
  return expected === undefined ? "unknown" : String(Math.round(expected));
}

/** Clauses in a cell: the first, and how many more. */
function clauseText({ clauses: [first = "", ...more] }: WrongClass): string {
  return more.length === 0 ? first : `${first} and ${more.length} more`;
}

/** Some of the class, and what to do where no group of errors says it. */
function furtherText(session: Session, { class: name, groups, action, samples }: WrongClass): string {
  const seen = samples.length === 0 ? "" : `  seen: ${samples.map(sampleText).join("; ")}\n`;
  const next = groups.length > 0 ? "" : `  → ${action}\n`;
  return seen === "" && next === "" ? "" : `${name}\n${paint(session, "dim", seen)}${next}`;
}

function sampleText({ name, score, decision, label }: WrongPrediction): string {
  const said = (yes: boolean) => (yes ? "yes" : "no");
  return `${name} (score ${score.toFixed(3)}, decided ${said(decision)}, label ${said(label)})`;
}
