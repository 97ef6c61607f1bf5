import { countText, instantText, shareText, type WatchPage } from "../../watch/index.ts";
import { el, type Markup } from "./element.ts";
import { absent, behind, dataTable, panel } from "./table.ts";

/** How much was asked, answered and rejected. */
export function volumeSection(page: WatchPage): Markup {
  if (page.data.slots.length === 0)
    return panel("volume", "Volume", absent("Not measured: nothing was observed."));
  return panel(
    "volume",
    "Volume and answers",
    el("div", { id: "volume-chart", class: "chart" }),
    behind("Table of windows", windowTable(page)),
  );
}

function windowTable({ data, report: { windows, alarms } }: WatchPage): Markup {
  const judged = alarms !== undefined;
  return dataTable(
    "Windows",
    [
      { name: "Window" },
      { name: "Rows", number: true },
      { name: "Answered", number: true },
      { name: "Rejected", number: true },
      { name: "Without event time", number: true },
      { name: judged ? "Columns that drift" : "Columns farther than usual", number: true },
      ...(judged ? [{ name: "Alarm" }] : []),
    ],
    windows.map(({ rows, answered, untimed, columns, drift }, at) => {
      const told = columns.flatMap(({ distances: { distances } }) => (distances ? [distances] : []));
      const beyond = judged
        ? (drift?.columns ?? []).filter(({ verdict }) => verdict === "drift").length
        : told.filter(({ jensenShannon, usual }) => jensenShannon > usual.jensenShannon).length;
      return [
        instantText(data.windows.start[at]!, data.windowMs),
        countText(rows),
        countText(answered),
        shareText(rows === 0 ? 0 : (rows - answered) / rows),
        countText(untimed),
        told.length === 0 && beyond === 0 ? "too few rows" : `${beyond} of ${columns.length}`,
        ...(judged ? [drift?.alarm ?? "–"] : []),
      ];
    }),
    "window-table",
  );
}

/** Latency against the budget. */
export function latencySection({ data, report: { windows } }: WatchPage): Markup {
  if (data.latency.length === 0)
    return panel(
      "latency",
      "Latency",
      absent("Not measured: no request was timed (batches have none), or the budget has no latency."),
    );
  return panel(
    "latency",
    "Latency against the budget",
    el("div", { id: "latency-chart", class: "chart" }),
    behind(
      "Table of latency by window",
      dataTable(
        "Latency by window: calls within each bound are exact counts",
        [
          { name: "Window" },
          { name: "Percentile" },
          { name: "Bound", number: true },
          { name: "Calls", number: true },
          { name: "Within the bound", number: true },
          { name: "Lies between", number: true },
          { name: "Verdict" },
        ],
        windows.flatMap(({ latency }, at) =>
          latency.map(({ percentile, boundMs, calls, within, between: [low, high], verdict }) => [
            instantText(data.windows.start[at]!, data.windowMs),
            percentile,
            `${boundMs} ms`,
            countText(calls),
            shareText(within / calls),
            high === null ? `over ${low} ms` : `${low} and ${high} ms`,
            verdict,
          ]),
        ),
        "latency-table",
      ),
    ),
  );
}
