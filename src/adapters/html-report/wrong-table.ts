import {
  countText,
  figureText,
  instantText,
  shareText,
  type WatchPage,
  type WrongClass,
  type WrongPrediction,
} from "../../watch/index.ts";
import { el, type Markup } from "./element.ts";
import { absent, dataTable } from "./table.ts";

/** Height of a bar in pixels. */
const barHeight = 14;

/** Why predictions were wrong: classes whose rows add up to all that were, each beside what was expected. */
export function wrongTable({ report, data: { windowMs } }: WatchPage): Markup {
  const { wrong: told } = report;
  if (!told) return absent("Wrong predictions: not told, they need labels.");
  if ("untold" in told) return absent(`Wrong predictions: ${told.untold}`);
  const { rows, wrong, expected, classes } = told;
  const most = Math.max(0.01, ...classes.map((one) => Math.max(one.wrong, one.expected ?? 0) / one.rows));
  const at = (instant: string) => instantText(Date.parse(instant), windowMs);
  return el(
    "div",
    {},
    el("h3", {}, "Wrong predictions by class"),
    el(
      "p",
      {},
      `${countText(wrong)} of ${countText(rows)} labelled predictions were wrong (${shareText(rows === 0 ? undefined : wrong / rows)}); `,
      expected === undefined
        ? "how many were to be expected is not known: the profile has no calibration. "
        : `${countText(Math.round(expected))} were to be expected by the calibrated scores. `,
      "Each counts once, where the first class holds.",
    ),
    dataTable(
      "Bars: share of the rows that was wrong. Marks: share that was to be expected.",
      [
        { name: "Class" },
        { name: "Owner" },
        { name: "Severity" },
        { name: "Wrong", number: true },
        { name: "Expected", number: true },
        { name: "Of rows", number: true },
        { name: "Share (expected)" },
        { name: "First" },
        { name: "Last" },
        { name: "Why, and what to do" },
      ],
      classes.map((one) => [
        one.class,
        one.owner,
        one.severity,
        countText(one.wrong),
        one.expected === undefined ? "–" : countText(Math.round(one.expected)),
        countText(one.rows),
        [bar(one, most), shareOf(one)],
        at(one.first),
        at(one.last),
        further(one, windowMs),
      ]),
      "wrong-table",
    ),
  );
}

function shareOf({ rows, wrong, expected }: WrongClass): string {
  const share = shareText(wrong / rows);
  return expected === undefined ? share : `${share} (${shareText(expected / rows)})`;
}

/** The figures below it say the same. */
function bar({ rows, wrong, expected }: WrongClass, most: number): Markup {
  const place = (count: number) => `${((98 * count) / (rows * most)).toFixed(2)}%`;
  return el(
    "svg",
    { class: "wrong-bar", height: barHeight, "aria-hidden": "true" },
    el("rect", { width: place(wrong), y: 2, height: barHeight - 4 }),
    expected !== undefined && el("line", { x1: place(expected), x2: place(expected), y1: 0, y2: barHeight }),
  );
}

function further({ reason, action, clauses, samples }: WrongClass, windowMs: number): Markup {
  return el(
    "div",
    { class: "prose" },
    el("p", {}, `${reason} ${clauses.join(", ")}`),
    el("p", { class: "next" }, action),
    samples.length > 0 &&
      el(
        "p",
        { class: "meta" },
        "Seen: ",
        samples.map((one) => el("code", {}, sampleText(one, windowMs))),
      ),
  );
}

function sampleText({ name, window, score, decision, label }: WrongPrediction, windowMs: number): string {
  const said = (yes: boolean) => (yes ? "yes" : "no");
  return `${name} (${instantText(Date.parse(window), windowMs)}, score ${figureText(score)}, decided ${said(decision)}, label ${said(label)})`;
}
