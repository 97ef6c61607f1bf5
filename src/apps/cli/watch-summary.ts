import { type ToDo, toDo, verdictOf } from "../../watch/index.ts";
import type { ReadyHandoff } from "./handoff.ts";
import type { WatchRun } from "./run-watch.ts";
import { paint, type Session } from "./session.ts";

/** Things to do that stand at the top: enough for one screen. All findings stand below. */
const first = 3;

const styles = { fails: "red", attention: "yellow", unknown: "yellow", well: "green" } as const;

/** What whoever is paged needs first: the verdict in a few sentences, then whose it is and what to do, worst first. */
export function watchSummary(
  session: Session,
  { report, findings, plan }: WatchRun,
  { contract, clauses }: ReadyHandoff,
): string {
  const { state, headline, facts } = verdictOf(report, findings, plan.windowMs);
  const todo = toDo(findings, { contract, clauses }).filter(({ severity }) => severity !== "note");
  const more = todo.length - first;
  return [
    paint(session, ["bold", styles[state]], headline),
    ...facts.map((fact) => `  ${fact}`),
    ...todo.slice(0, first).map((one) => `  → ${toDoText(one)}`),
    ...(more > 0 ? [`  ${more} more to do: the findings at the end.`] : []),
    "",
  ].join("\n");
}

function toDoText({ owner, contact, next, code }: ToDo): string {
  const whose = owner === undefined ? "" : `${owner}${contact === undefined ? "" : ` (${contact})`}: `;
  return `${whose}${next} [${code}]`;
}
