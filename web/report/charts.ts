import { columnName, countText, figureText, shareText } from "../../src/watch/page/words.ts";
import { byId, make } from "./dom.ts";
import { usualOf } from "./measures.ts";
import type { Selection } from "./selection.ts";
import { showTimeChart, type TimeChart } from "./time-chart.ts";
import type { Page } from "./unpack.ts";

/** Performance, label coverage, volume and latency over the windows. */
export function showCharts(page: Page, selection: Selection): void {
  showDistance(page, selection);
  showPerformance(page);
  const { rows, answered } = page.windows;
  showTimeChart("volume-chart", page, () => ({
    says: "Rows asked about and rows answered by window; the table below holds the numbers.",
    lines: [
      { name: "rows", values: rows, colour: "muted" },
      { name: "answered", values: answered, colour: "current" },
    ],
    range: [0, 1.05 * Math.max(...rows, 1)],
    show: (value) => countText(Math.round(value)),
  }));
  if (page.latency.length === 0) return;
  const colours = ["current", "estimated", "drift", "muted"];
  const most = Math.max(
    0.01,
    ...page.latency.flatMap(({ calls, within }) =>
      calls.map((count, at) => (count === 0 ? 0 : 1 - within[at]! / count)),
    ),
  );
  showTimeChart("latency-chart", page, () => ({
    says: "Share of calls over each latency bound by window; the table below holds the numbers.",
    lines: page.latency.map(({ percentile, boundMs, calls, within }, at) => ({
      name: `over ${boundMs} ms (${percentile} allows ${shareText(1 - Number(percentile.slice(1)) / 100)})`,
      values: calls.map((count, window) => (count === 0 ? null : 1 - within[window]! / count)),
      colour: colours[at % colours.length]!,
    })),
    range: [0, Math.min(1, 1.1 * most)],
    show: shareText,
  }));
}

/** The picked column over time, beside what is usual for the rows of each window. */
function showDistance(page: Page, selection: Selection): void {
  const chart = (): TimeChart => {
    const column = page.columns[selection.now().column]!;
    const { low, high, intervalOf } = column;
    const known = (values: Float64Array) =>
      Array.from(values, (value) => (Number.isNaN(value) ? null : value));
    return {
      says: `Distance of ${column.clause} to the reference by window; the table of the picked column holds the numbers.`,
      lines: [
        { name: "JS distance", values: known(column.distance), colour: "current" },
        ...(intervalOf === "effect" && low && high
          ? [
              {
                name: "effect, 95 %",
                values: page.windows.start.map(() => null),
                colour: "drift",
                low: known(low),
                high: known(high),
              },
            ]
          : []),
        {
          name: "usual below",
          values: page.windows.rows.map((rows, window) =>
            rows === 0 ? null : usualOf(column, window, page),
          ),
          colour: "muted",
          dashed: true,
        },
      ],
      height: 170,
      range: [0, Math.min(1, 1.1 * Math.max(...column.distance.filter((value) => value > 0), 0.1))],
      show: figureText,
    };
  };
  const redraw = showTimeChart("distance-chart", page, chart);
  let column = -1;
  selection.follow((picked) => {
    if (picked.column === column) return;
    column = picked.column;
    const title = byId("distance-title");
    if (title)
      title.textContent = `${columnName(page.columns[column]!.clause)}: distance to the reference over time`;
    redraw();
  });
}

function showPerformance(page: Page): void {
  const { performance } = page;
  if (!performance) return;
  const { labelled, maturity, metrics } = performance;
  const shaded = (window: number) => maturity !== undefined && maturity[window] === "i";
  const picker = byId<HTMLSelectElement>("metric");
  const chart = (): TimeChart => {
    const metric = metrics.find(({ name }) => name === picker?.value) ?? metrics[0]!;
    const { name, values, low, high, estimated, estimatedLow, estimatedHigh } = metric;
    return {
      says: `${name} by window with its 95 % interval; the table below holds the numbers.`,
      lines: [
        ...(values
          ? [{ name: `${name}, on labels`, values, colour: "current", ...(low && high && { low, high }) }]
          : []),
        ...(estimated
          ? [
              {
                name: `${name}, estimated`,
                values: estimated,
                colour: "estimated",
                dashed: true,
                ...(estimatedLow && estimatedHigh && { low: estimatedLow, high: estimatedHigh }),
              },
            ]
          : []),
      ],
      height: 240,
      show: figureText,
      shaded,
    };
  };
  if (metrics.length > 0) {
    const redraw = showTimeChart("performance-chart", page, chart);
    picker?.addEventListener("change", () => {
      const meaning = byId("metric-meaning");
      if (meaning) meaning.textContent = metrics.find(({ name }) => name === picker.value)?.meaning ?? "";
      redraw();
    });
  }
  if (maturity?.includes("i"))
    byId("performance-legend")?.append(make("span", { class: "key immature" }, "labels may still come"));
  if (!labelled) return;
  showTimeChart("coverage-chart", page, () => ({
    says: "Share of answered rows that have a label, by window; the table above holds the numbers.",
    lines: [
      {
        name: "label coverage",
        values: page.windows.answered.map((answered, window) =>
          answered === 0 ? null : labelled[window]! / answered,
        ),
        colour: "current",
      },
    ],
    height: 120,
    range: [0, 1.05],
    show: shareText,
    shaded,
  }));
}
