import {
  markdownCode as code,
  dayText,
  markdownTable as table,
  markdownText as text,
} from "../../kernel/index.ts";
import type { LimitationMet } from "./limitations-met.ts";
import type { ReviewMaterial } from "./review-material.ts";
import { scorePage } from "./score-page.ts";
import type { WatchedFacts } from "./watched-facts.ts";

/** The material as a page that people read: Markdown, the same for the same material. Text from files shows and does nothing. */
export function reviewPage(material: ReviewMaterial): string {
  const { model, version, content, collected, since, due, environments } = material;
  return [
    `# Review of ${text(model)} ${text(version)}\n`,
    `Content ${code(content.slice(0, 12))}, collected ${dayText(collected)}${since ? `, looking back to ${dayText(since)}` : ""}.\n`,
    due ? `Due by ${due.by.slice(0, 10)}: ${text(due.why)}.\n` : "",
    environments.length
      ? `Runs in ${environments.map(({ name, since: from }) => `${text(name)} (since ${from.slice(0, 10)})`).join(", ")}.\n`
      : "Runs nowhere now.\n",
    ...lastReview(material),
    section("Open actions", actionTable(material), "None."),
    ...watchedPages(material.watched),
    section("Limitations met in practice", limitationTable(material.limitations), "The contract names none."),
    section(
      "Clauses that are not shown to hold",
      table(
        ["clause", "owner", "verdict", "why"],
        material.unkept.map(({ clause, owner, outcome, why }) => [
          code(clause),
          text(owner),
          outcome,
          text(why),
        ]),
      ),
      "None.",
      Object.entries(material.verdicts)
        .map(([outcome, count]) => `${count} ${outcome}`)
        .join(", "),
    ),
    section(
      "Open requests for the next version",
      table(
        ["since", "by", "why"],
        material.requests.map(({ at, by, why }) => [dayText(at), text(by), text(why)]),
      ),
      "None.",
    ),
    section(
      "Waivers in force",
      table(
        ["clause", "until", "by", "reason"],
        material.waivers.map(({ clause, until, person, note }) => [
          code(clause),
          until.slice(0, 10),
          text(person),
          text(note),
        ]),
      ),
      "None.",
    ),
    section(
      "What was signed since",
      table(
        ["when", "what"],
        material.events.map(({ at, text: what }) => [dayText(at), text(what)]),
      ),
      "Nothing.",
    ),
    scorePage(material.score, 2),
  ]
    .filter((part) => part !== "")
    .join("\n");
}

function section(title: string, body: string, empty: string, lead = ""): string {
  return `## ${title}\n\n${lead ? `${lead}.\n\n` : ""}${body || `${empty}\n`}`;
}

function lastReview({ last }: ReviewMaterial): string[] {
  if (!last) return ["There was no complete review of this content before.\n"];
  const rows = last.decisions.map(({ role, person, decision, view }) => [
    text(role),
    text(person),
    decision,
    text(view),
  ]);
  return [section(`The last review, ${last.file}`, table(["role", "by", "decision", "view"], rows), "")];
}

function actionTable({ actions }: ReviewMaterial): string {
  return table(
    ["id", "owner", "due", "what"],
    actions.map(({ id, owner, due, what, overdue }) => [
      code(id),
      text(owner),
      overdue ? `**${due}, overdue**` : due,
      text(what),
    ]),
  );
}

function limitationTable(limitations: readonly LimitationMet[]): string {
  return table(
    ["limitation", "kept by", "met"],
    limitations.map((limitation) => [
      `${code(limitation.id)} ${text(limitation.text)}`,
      code(limitation.keptBy),
      metText(limitation),
    ]),
  );
}

function metText({ keptBy, rejected, marked, alarms }: LimitationMet): string {
  const parts = [
    rejected === undefined ? [] : [`${rejected} rows rejected`],
    marked === undefined ? [] : [`${marked} answered and marked`],
    alarms === undefined ? [] : [`${alarms} alarm${alarms === 1 ? "" : "s"}`],
  ].flat();
  if (parts.length > 0) return parts.join(", ");
  return keptBy === "stated" ? "only people can tell" : "not looked at";
}

function watchedPages(watched: WatchedFacts | undefined): string[] {
  if (!watched)
    return [
      section("What was observed", "", "Not looked at: no folder was named. That is neither good nor bad."),
    ];
  const { from, to, rows, answered, windows, rejected, leftOut } = watched;
  const left = Object.entries(leftOut).map(([name, count]) => `${count} of ${name}`);
  return [
    section(
      "What was observed",
      table(
        ["rejected by", "rows"],
        rejected.map(({ by, rows: count }) => [code(by), String(count)]),
      ),
      "No row was rejected.",
      `${rows} rows in ${windows} windows from ${dayText(from)} to ${dayText(to)}, ${answered} answered${left.length ? `; left out here: ${left.join(", ")}` : ""}`,
    ),
    section(
      "Drift and alarms",
      alarmTable(watched),
      watched.judged ? "No alarm." : "Drift was not judged: the profile holds no calibrated thresholds.",
    ),
    section("Performance", performanceTable(watched), "No labels were given."),
    section("Where it is worst", sliceTable(watched), "No part of the labelled rows stands out."),
    section("Latency", latencyTable(watched), "No call was timed."),
    section("Errors", errorTable(watched), "None by class."),
    section("Triggers", triggerTable(watched), "None was evaluated."),
    section(
      "Findings of the watch",
      table(
        ["severity", "code", "what"],
        watched.findings.map(({ severity, code: name, message }) => [severity, code(name), text(message)]),
      ),
      "None.",
    ),
  ];
}

function alarmTable({ alarms }: WatchedFacts): string {
  return table(
    ["from", "until", "cause", "columns", "what became of it"],
    alarms.map(({ begins, until, open, cause, clauses, became }) => [
      dayText(begins),
      open ? "**open**" : dayText(until),
      text(cause),
      clauses.slice(0, 6).map(code).join(", ") +
        (clauses.length > 6 ? ` and ${clauses.length - 6} more` : ""),
      became.map(text).join("; ") || "nothing is on record",
    ]),
  );
}

function performanceTable({ performance }: WatchedFacts): string {
  const names = [...new Set(performance.flatMap(({ metrics }) => Object.keys(metrics ?? {})))].filter(
    (name) => name !== "rows",
  );
  return table(
    ["window", "labels", ...names],
    performance
      .slice(-31)
      .map(({ window, answered, labelled, metrics }) => [
        dayText(window),
        `${labelled} of ${answered}`,
        ...names.map((name) => (metrics ? (metrics[name]?.toFixed(3) ?? "undefined") : "unknown")),
      ]),
  );
}

function sliceTable({ slices }: WatchedFacts): string {
  return table(
    ["part", "rows", "metric", "there", "elsewhere", "of late"],
    slices.map(({ slice, rows, metric, inside, outside, change }) => [
      code(slice),
      String(rows),
      text(metric),
      inside.toFixed(3),
      outside.toFixed(3),
      change ? `${change.before.toFixed(3)} → ${change.now.toFixed(3)} since ${dayText(change.from)}` : "",
    ]),
  );
}

function latencyTable({ latency }: WatchedFacts): string {
  return table(
    ["bound", "windows that kept it", "broke it", "too few calls"],
    latency.map(({ percentile, boundMs, kept, broken, insufficient }) => [
      `${percentile} ${boundMs} ms`,
      String(kept),
      broken > 0 ? `**${broken}**` : "0",
      String(insufficient),
    ]),
  );
}

function errorTable({ errors }: WatchedFacts): string {
  return table(
    ["class", "clause", "owner", "rows", "last", "what", "do"],
    errors.map((error) => [
      code(error.class),
      code(error.clause),
      text(error.owner),
      String(error.rows),
      dayText(error.last),
      text(error.message),
      text(error.action),
    ]),
  );
}

function triggerTable({ triggers }: WatchedFacts): string {
  return table(
    ["trigger", "when", "state", "fired", "held back"],
    triggers.map(({ clause, when, state, fired, heldBack }) => [
      code(clause),
      code(when),
      state,
      fired.map((at) => at.slice(0, 10)).join(", ") || "never",
      String(heldBack),
    ]),
  );
}
