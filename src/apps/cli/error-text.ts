import { dayText } from "../../kernel/index.ts";
import type { ErrorGroup } from "../../watch/index.ts";
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
  const alike = new Map<string, ErrorGroup[]>();
  for (const group of groups) {
    const key = `${group.class} ${group.action}`;
    alike.set(key, [...(alike.get(key) ?? []), group]);
  }
  return `${table}${[...alike.values()].map((some) => alikeText(session, some)).join("")}`;
}

/** What is known of groups of one class, and what to do about all of them, once. */
function alikeText(session: Session, groups: readonly ErrorGroup[]): string {
  const [{ class: name, clause, action }] = groups as [ErrorGroup];
  const several = groups.length > 1;
  return [
    `\n${paint(session, "bold", name)} ${several ? `(${groups.length})` : clause}`,
    ...groups.flatMap((group) => groupLines(session, group, several ? `${group.clause}: ` : "")),
    `  → ${action}\n`,
  ].join("\n");
}

function groupLines(session: Session, group: ErrorGroup, label: string): string[] {
  const { message, consequences = [], samples } = group;
  const further = [
    ...(consequences.length > 0 ? [`brings about: ${consequences.join(", ")}`] : []),
    ...(samples.length > 0 ? [`seen: ${samples.join("; ")}`] : []),
  ];
  return [`  ${label}${message}`, ...further.map((line) => paint(session, "dim", `  ${line}`))];
}

function percent(share: number): string {
  return `${Number((100 * share).toPrecision(2))} %`;
}
