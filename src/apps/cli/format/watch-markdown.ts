import { markdownCode as code, markdownText as text } from "../../../kernel/index.ts";
import { columnName, figureText, instantText, shareText, type WatchPage } from "../../../watch/index.ts";

/** Columns and things to do that stand in a summary: enough to act, and nobody scrolls. */
const most = 10;

/** A report as Markdown for the summary of a CI job: verdict, what to do first, the worst columns, wrong predictions, triggers. */
export function watchMarkdown(page: WatchPage): string {
  const { verdict, todo, model, version } = page;
  return [
    `## ${text(`${model} ${version}: ${verdict.headline}`)}`,
    ...verdict.facts.map((fact) => `- ${text(fact)}`),
    ...(todo.length > 0 ? ["", "### Do this first", ""] : []),
    ...todo.slice(0, most).map((one, at) => {
      const owner = one.owner === undefined ? "" : ` (${text(one.clause ?? "")}, ${text(one.owner)})`;
      return `${at + 1}. **${text(one.next)}** ${text(one.message)}${owner} ${code(one.command)}`;
    }),
    ...columnTable(page),
    ...wrongTable(page),
    ...triggerTable(page),
    "",
  ].join("\n");
}

function columnTable({ columns, report: { windows }, data, ownerOf }: WatchPage): string[] {
  if (columns.length === 0) return [];
  const rows = columns.slice(0, most).map(({ clause, column, beyond, worst }) => {
    const { distances, missing } = windows[worst]!.columns[column]!;
    return [
      text(columnName(clause)),
      text(ownerOf(clause)),
      `${beyond} of ${windows.length}`,
      instantText(data.windows.start[worst]!, data.windowMs),
      figureText(distances.distances?.jensenShannon),
      shareText(missing.now),
    ];
  });
  const head = ["Column", "Owner", "Windows beyond", "Farthest", "JS distance", "Missing there"];
  return ["", "### Columns, worst first", "", ...table(head, rows)];
}

function wrongTable({ report: { wrong } }: WatchPage): string[] {
  if (!wrong || "untold" in wrong || wrong.rows === 0) return [];
  const rows = wrong.classes.map((one) => [
    text(one.class),
    text(one.owner),
    String(one.wrong),
    one.expected === undefined ? "unknown" : String(Math.round(one.expected)),
    `${one.rows} (${shareText(one.wrong / one.rows)})`,
    text(one.clauses.slice(0, 3).map(columnName).join(", ")) + (one.clauses.length > 3 ? ", …" : ""),
  ]);
  const head = ["Class", "Owner", "Wrong", "Expected", "Of rows", "Clauses"];
  return ["", `### Wrong predictions by class: ${wrong.wrong} of ${wrong.rows}`, "", ...table(head, rows)];
}

function triggerTable({ report: { triggers } }: WatchPage): string[] {
  if (!triggers || triggers.length === 0) return [];
  const rows = triggers.map(({ clause, owner, state, firings }) => [
    text(clause),
    text(owner),
    state,
    String(firings.filter(({ heldBack }) => heldBack === undefined).length),
  ]);
  return ["", "### Triggers", "", ...table(["Trigger", "Owner", "State", "Fired"], rows)];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)];
}
