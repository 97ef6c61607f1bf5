import type { ErrorGroup } from "../../watch/index.ts";
import { dayText } from "./day-text.ts";
import { paint, type Session } from "./session.ts";
import { textTable } from "./text-table.ts";

/** Errors by class and owner, each fault once: a table, then what is known of each, and what to do. */
export function errorTable(session: Session, groups: readonly ErrorGroup[]): string {
  if (groups.length === 0) return "Errors by class and owner: none.\n";
  const table = textTable(
    session,
    ["error class", "clause", "owner", "rows", "first", "last"],
    groups.map(({ class: name, severity, clause, owner, rate, first, last }) => [
      severity === "blocking" ? paint(session, "red", name) : name,
      clause,
      owner,
      percent(rate),
      dayText(first),
      dayText(last),
    ]),
  );
  return `${table}${groups.map((group) => groupText(session, group)).join("")}`;
}

function groupText(session: Session, group: ErrorGroup): string {
  const { class: name, clause, message, action, consequences = [], samples } = group;
  const further = [
    ...(consequences.length > 0 ? [`brings about: ${consequences.join(", ")}`] : []),
    ...(samples.length > 0 ? [`seen: ${samples.join("; ")}`] : []),
  ];
  return [
    `\n${paint(session, "bold", name)} ${clause}`,
    `  ${message}`,
    ...further.map((line) => paint(session, "dim", `  ${line}`)),
    `  → ${action}\n`,
  ].join("\n");
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`;
}
