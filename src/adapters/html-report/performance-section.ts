import { countText, figureText, instantText, shareText, type WatchPage } from "../../watch/index.ts";
import { el, type Markup } from "./element.ts";
import { absent, behind, dataTable, panel } from "./table.ts";
import { wrongTable } from "./wrong-table.ts";

/** How good the answers were: on labels with coverage and maturity, and estimated without. */
export function performanceSection(page: WatchPage): Markup {
  const { performance } = page.data;
  if (!performance)
    return panel(
      "performance",
      "Performance",
      absent(
        "Not measured: labels were not given (--labels FILE), and the task or profile allows no estimate.",
      ),
    );
  const hasEstimate = performance.metrics.some(({ estimated }) => estimated);
  return panel(
    "performance",
    "Performance",
    !performance.labelled &&
      absent("Not measured on labels: none were given (--labels FILE). What stands here is estimated."),
    performance.metrics.length === 0
      ? absent("Unknown: no window with labels has matured.")
      : el(
          "div",
          { class: "tools" },
          el(
            "label",
            { for: "metric" },
            "Metric ",
            el(
              "select",
              { id: "metric" },
              performance.metrics.map(({ name }) => el("option", { value: name }, name)),
            ),
          ),
          el("div", { id: "performance-legend", class: "legend" }),
          el("span", { id: "metric-meaning", class: "meta" }, performance.metrics[0]!.meaning),
        ),
    el("div", { id: "performance-chart", class: "chart" }),
    performance.labelled && el("div", { id: "coverage-chart", class: "chart" }),
    el(
      "p",
      { class: "help" },
      "A window is mature when all of its labels must have come; before that its performance is unknown, never good. Bands are 95 % intervals.",
      hasEstimate &&
        " Estimates rest on the calibrated scores alone and are blind to concept drift: where the same input comes to mean another outcome, they see nothing.",
    ),
    estimation(page),
    behind("Table of performance by window", performanceTable(page)),
    labelCounts(page),
    performance.labelled && wrongTable(page),
    sliceTable(page),
  );
}

/** How far to believe the estimates. */
function estimation({ report: { estimation } }: WatchPage): Markup | false {
  if (!estimation) return false;
  const { calibration, errors } = estimation;
  const off = Object.entries(errors ?? {}).map(
    ([name, { meanAbsoluteError, windows }]) =>
      `${name} by ${figureText(meanAbsoluteError)} in ${countText(windows)} windows`,
  );
  return el(
    "p",
    { class: "help" },
    `Whether the scores mean what they say: ${calibration.outcome}. `,
    off.length > 0 && `Estimates were off by, on average: ${off.join(", ")}.`,
  );
}

function performanceTable({ data, report: { windows } }: WatchPage): Markup {
  const metrics = data.performance?.metrics ?? [];
  const estimated = metrics.filter((metric) => metric.estimated);
  return dataTable(
    "Performance by window",
    [
      { name: "Window" },
      { name: "Answered", number: true },
      { name: "Labelled", number: true },
      { name: "Coverage", number: true },
      { name: "Labels" },
      ...metrics.filter(({ values }) => values).map(({ name }) => ({ name, number: true })),
      ...estimated.map(({ name }) => ({ name: `${name}, estimated`, number: true })),
    ],
    windows.map(({ performance, answered }, at) => [
      instantText(data.windows.start[at]!, data.windowMs),
      countText(performance?.answered ?? answered),
      performance ? countText(performance.labelled) : "–",
      performance
        ? shareText(performance.answered === 0 ? 0 : performance.labelled / performance.answered)
        : "–",
      performance ? (performance.mature ? "mature" : "may still come") : "not given",
      ...metrics
        .filter(({ values }) => values)
        .map(({ values, low, high }) => withInterval(values![at], low?.[at], high?.[at])),
      ...estimated.map(({ estimated, estimatedLow, estimatedHigh }) =>
        withInterval(estimated![at], estimatedLow?.[at], estimatedHigh?.[at]),
      ),
    ]),
    "performance-table",
  );
}

function withInterval(
  value: number | null | undefined,
  low: number | null | undefined,
  high: number | null | undefined,
): string {
  const figure = figureText(value);
  if (low === undefined || low === null || high === undefined || high === null) return figure;
  return `${figure} (${figureText(low)} to ${figureText(high)})`;
}

function labelCounts({ report: { labels } }: WatchPage): Markup | false {
  if (!labels) return false;
  const counted = Object.entries(labels).map(([name, count]) => `${countText(count)} ${name}`);
  return el("p", {}, `Labels: ${counted.join(", ")}.`);
}

function sliceTable({ report: { slices }, data: { windowMs } }: WatchPage): Markup {
  if (!slices) return absent("Slices: not measured, they need labels and the contract's slices.");
  if (slices.length === 0) return absent("Slices: none has rows enough to tell.");
  return el(
    "div",
    {},
    el("h3", {}, "Where it is worst, and where it has become worse"),
    dataTable(
      "Parts of the labelled predictions beside the rest, and beside themselves before: an error, smaller is better",
      [
        { name: "Slice" },
        { name: "Rows", number: true },
        { name: "Share", number: true },
        { name: "Error" },
        { name: "Inside", number: true },
        { name: "Outside", number: true },
        { name: "Difference, 95 %", number: true },
        { name: "Worse than the rest" },
        { name: "Newest stretch from" },
        { name: "Before, now", number: true },
        { name: "Change beyond the rest, 95 %", number: true },
        { name: "Has become worse" },
      ],
      slices.map(({ slice, rows, share, metric, inside, outside, difference, significant, change }) => [
        slice,
        countText(rows),
        shareText(share),
        metric,
        figureText(inside),
        figureText(outside),
        difference.map(figureText).join(" to "),
        significant ? "yes" : "no",
        change ? instantText(Date.parse(change.from), windowMs) : "too few rows",
        change ? `${figureText(change.before)}, ${figureText(change.now)}` : "–",
        change ? change.difference.map(figureText).join(" to ") : "–",
        change ? (change.significant ? "yes" : "no") : "–",
      ]),
      "slice-table",
    ),
  );
}
