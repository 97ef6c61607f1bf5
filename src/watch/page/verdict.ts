import { metricDefinitions } from "../../contract/index.ts";
import { blocks, type Finding } from "../../kernel/index.ts";
import type { WatchReport } from "../report/watch-report.ts";
import type { WindowReport } from "../report/window-report.ts";
import { columnName, countText, figureText, instantText } from "./words.ts";

/** What the whole report says, in one word and a few sentences. */
export interface Verdict {
  /** `unknown`: nothing fails, and not enough was measured to call it well. */
  readonly state: "fails" | "attention" | "unknown" | "well";
  readonly headline: string;
  readonly facts: readonly string[];
}

/** Judges a report as the exit code does, and says in addition what keeps it from being called well. */
export function verdictOf(report: WatchReport, findings: readonly Finding[], windowMs: number): Verdict {
  const { windows, alarms } = report;
  if (windows.length === 0)
    return {
      state: "fails",
      headline: "Fails: nothing was observed, so nothing is known to be well.",
      facts: [],
    };
  const blocking = findings.filter(({ severity }) => severity === "blocking");
  const open = (alarms ?? []).filter((alarm) => alarm.open);
  const met = (report.triggers ?? []).filter(({ state }) => state === "met");
  const facts = [
    driftFact(report, windowMs),
    performanceFact(windows, windowMs),
    windowFact(windows, windowMs),
  ];
  if (blocks(findings))
    return { state: "fails", headline: `Fails: ${listOf(blocking.map(subject))}.`, facts };
  const attention = [
    ...(open.length > 0 ? ["drift alarm open"] : []),
    ...met.map(({ clause }) => `${clause} is met`),
  ];
  if (attention.length > 0)
    return { state: "attention", headline: `Needs a look: ${listOf(attention)}.`, facts };
  const unknown = [
    ...(alarms ? [] : ["drift is not judged"]),
    ...(windows.some(({ performance }) => performance?.metrics) ? [] : ["performance is not known"]),
  ];
  if (unknown.length > 0)
    return { state: "unknown", headline: `Nothing fails, but ${listOf(unknown)}.`, facts };
  return { state: "well", headline: "Well: nothing fails, no alarm is open.", facts };
}

/** `budget (over budget)`: the clause, and what its code says of it. */
function subject({ clause, code }: Finding): string {
  const said = code.slice(code.indexOf(".") + 1).replaceAll("-", " ");
  return clause === undefined ? said : `${clause} (${said})`;
}

function listOf(names: readonly string[], most = 3): string {
  const unique = [...new Set(names)];
  const shown = unique.slice(0, most).join(", ");
  return unique.length > most ? `${shown} and ${unique.length - most} more` : shown;
}

function driftFact({ windows, alarms }: WatchReport, windowMs: number): string {
  if (!alarms) {
    const told = windows.findLast(({ columns }) => columns.some(({ distances }) => distances.sufficient));
    if (!told) return "Drift: too few rows in every window to tell.";
    const columns = told.columns.flatMap(({ distances: { distances } }) => (distances ? [distances] : []));
    const unusual = columns.filter(({ jensenShannon, usual }) => jensenShannon > usual.jensenShannon);
    return `Drift: shown and not judged; ${unusual.length} of ${columns.length} columns are farther from the reference than usual in the newest window with rows enough (${dateText(told.start, windowMs)}).`;
  }
  const alarm = alarms.findLast(({ open }) => open) ?? alarms.at(-1);
  if (!alarm) return `Drift: no alarm in ${windows.length} windows.`;
  const names = listOf(alarm.columns.map(({ clause }) => columnName(clause)));
  return alarm.open
    ? `Drift: alarm open since ${dateText(alarm.begins, windowMs)}, in ${names}.`
    : `Drift: no alarm is open; the last ended ${dateText(alarm.until, windowMs)} (${names}).`;
}

function performanceFact(windows: readonly WindowReport[], windowMs: number): string {
  if (windows.every(({ performance }) => !performance))
    return "Performance: not measured, no labels were given.";
  const mature = windows.filter(({ performance }) => performance?.metrics);
  const newest = mature.at(-1);
  if (!newest) return "Performance: unknown, no window with labels has matured.";
  const metrics = newest.performance!.metrics!;
  const name = metricDefinitions.find((one) => one.name !== "rows" && metrics[one.name] !== undefined)?.name;
  if (name === undefined) return `Performance: no metric is defined in the newest mature window.`;
  const known = mature.flatMap(({ performance }) => performance!.metrics![name] ?? []).sort((a, b) => a - b);
  const interval = newest.performance!.intervals?.[name];
  return `Performance: ${name} ${figureText(metrics[name])}${
    interval ? ` (95 %: ${interval.map(figureText).join(" to ")})` : ""
  } in the newest mature window (${dateText(newest.start, windowMs)}); median of ${known.length} windows ${figureText(known[known.length >> 1])}.`;
}

function windowFact(windows: readonly WindowReport[], windowMs: number): string {
  const { start, rows, answered } = windows.at(-1)!;
  const rejected = rows - answered;
  return `Newest window (${dateText(start, windowMs)}): ${countText(rows)} rows, ${countText(rejected)} without an answer.`;
}

const dateText = (instant: string, windowMs: number) => instantText(Date.parse(instant), windowMs);
