import { countText, instantText, type ToDo, type WatchPage } from "../../watch/index.ts";
import { el, type Markup } from "./element.ts";

/** Who and what: model, version, content, span, the instant of judgement. */
export function pageHeader({ model, version, digest, at, data, report }: WatchPage): Markup {
  const { start, rows } = data.windows;
  const span =
    start.length === 0
      ? "no windows"
      : `${instantText(start[0]!, data.windowMs)} to ${instantText(start.at(-1)! + data.windowMs, data.windowMs)}`;
  const newest = report.freshness?.newestEvent;
  const facts: readonly (readonly [string, string])[] = [
    ["Version", version],
    ["Content", digest.slice(0, 12)],
    ["Event time (UTC)", span],
    ["Windows", `${countText(start.length)} of ${lengthText(data.windowMs)}`],
    ["Rows", countText(rows.reduce((sum, count) => sum + count, 0))],
    ...(newest === undefined ? [] : [["Newest row", newest.slice(0, 16).replace("T", " ")] as const]),
    ["Replica lives", countText(report.replicas.length)],
    ["Judged as at", `${at.slice(0, 16).replace("T", " ")} UTC`],
  ];
  return el(
    "header",
    {},
    el("h1", {}, model),
    el(
      "dl",
      { class: "facts" },
      facts.map(([name, value]) => el("div", {}, el("dt", {}, name), el("dd", {}, value))),
    ),
  );
}

function lengthText(ms: number): string {
  for (const [unit, size] of [
    ["d", 86_400_000],
    ["h", 3_600_000],
    ["min", 60_000],
  ] as const)
    if (ms % size === 0) return `${ms / size} ${unit}`;
  return `${ms / 1000} s`;
}

const words = {
  fails: "Fails",
  attention: "Needs a look",
  unknown: "Not judged in full",
  well: "Well",
} as const;
const severities = { blocking: "blocks", warning: "warning", note: "note" } as const;

/** Findings in the list at the top; all others stand below it, folded. */
const first = 4;

/** The verdict, and what to do first. */
export function verdictSection({ verdict, todo }: WatchPage): Markup {
  const rest = todo.slice(first);
  return el(
    "section",
    { id: "verdict", class: `verdict ${verdict.state}`, "aria-labelledby": "verdict-title" },
    el("h2", { id: "verdict-title" }, verdict.headline),
    el("p", { class: "state" }, words[verdict.state]),
    el(
      "ul",
      { class: "sentences" },
      verdict.facts.map((fact) => el("li", {}, fact)),
    ),
    el("h3", {}, "Do this first"),
    todo.length === 0 && el("p", {}, "Nothing was found that needs doing."),
    todo.length > 0 && el("ol", { class: "todo" }, todo.slice(0, first).map(toDoItem)),
    rest.length > 0 &&
      el(
        "details",
        {},
        el("summary", {}, `${rest.length} more`),
        el("ol", { class: "todo", start: first + 1 }, rest.map(toDoItem)),
      ),
  );
}

function toDoItem({ severity, message, next, clause, owner, contact, command }: ToDo): Markup {
  return el(
    "li",
    {},
    el("p", { class: "next" }, el("span", { class: `tag ${severity}` }, severities[severity]), " ", next),
    el("p", {}, message),
    el(
      "p",
      { class: "meta" },
      clause && el("span", {}, clause),
      owner && el("span", {}, `owner: ${owner}${contact ? ` (${contact})` : ""}`),
      el("code", {}, command),
    ),
  );
}
