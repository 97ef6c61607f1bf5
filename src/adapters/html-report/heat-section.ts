import { countText, figureText, instantText, shareText, type WatchPage } from "../../watch/index.ts";
import { el, type Markup } from "./element.ts";
import { absent, behind, dataTable, panel } from "./table.ts";

/** Feature × time, and the picked cell against its reference. */
export function heatSection(page: WatchPage): Markup {
  const { columns, data } = page;
  if (columns.length === 0)
    return panel("features", "Features over time", absent("Not measured: nothing was observed."));
  const judged = data.columns.every(({ verdicts }) => verdicts !== undefined);
  return panel(
    "features",
    "Features and outputs against the reference",
    el(
      "div",
      { class: "pair" },
      el(
        "div",
        { class: "map" },
        el(
          "div",
          { class: "tools" },
          el(
            "label",
            { for: "measure" },
            "Colour shows ",
            el(
              "select",
              { id: "measure" },
              el("option", { value: "distance" }, "distance to the reference"),
              el("option", { value: "missing" }, "share of missing values"),
              el("option", { value: "other" }, "share of categories without a cell"),
              el("option", { value: "outside" }, "share outside what is expected"),
            ),
          ),
          el("div", { id: "legend", class: "legend" }),
        ),
        el("p", { id: "readout", class: "readout" }, " "),
        el(
          "div",
          { id: "heat-map", class: "heat" },
          absent("The map needs scripts. What it shows stands in the table below."),
        ),
        el(
          "p",
          { class: "help" },
          `Worst first. ${judged ? "A bar under a cell: drift by the calibrated detectors. " : "Drift is not judged: the profile holds no thresholds. "}Arrow keys move through the map, Home and End to the ends of a row, Page Up and Page Down by ten columns.`,
        ),
        el("h3", { id: "distance-title" }, "Distance to the reference over time"),
        el("div", { id: "distance-chart", class: "chart" }),
      ),
      el("div", { id: "detail", class: "detail" }),
    ),
    el("div", { id: "live", class: "unseen", "aria-live": "polite" }),
    behind("Table of features and outputs", featureTable(page, judged)),
    behind("Table of the picked column by window", el("div", { id: "column-windows" })),
  );
}

function featureTable({ columns, report: { windows }, data, ownerOf }: WatchPage, judged: boolean): Markup {
  const rows = columns.map(({ clause, column, told, beyond, worst }) => {
    const window = windows[worst]!;
    const { distances, missing, other, outside } = window.columns[column]!;
    const { jensenShannon, usual, kolmogorovSmirnov, wasserstein, populationStability } =
      distances.distances ?? {};
    const effect = window.drift?.columns[column]?.effect;
    return [
      clause,
      ownerOf(clause),
      told === 0 && beyond === 0 ? "too few rows" : `${countText(beyond)} of ${countText(windows.length)}`,
      instantText(data.windows.start[worst]!, data.windowMs),
      figureText(jensenShannon),
      figureText(usual?.jensenShannon),
      ...(judged ? [effect ? rangeText(effect.interval) : "–"] : []),
      kolmogorovSmirnov ? rangeText(kolmogorovSmirnov.interval) : "–",
      figureText(wasserstein?.distance),
      figureText(populationStability),
      shareText(missing.now),
      shareText(missing.reference),
      shareText(other?.now),
      shareText(outside?.now),
    ];
  });
  return dataTable(
    "Every feature and output in the window where it is farthest from the reference, worst first",
    [
      { name: "Clause" },
      { name: "Owner" },
      { name: judged ? "Windows that drift" : "Windows farther than usual", number: true },
      { name: "Farthest window" },
      { name: "JS distance", number: true },
      { name: "Usual below", number: true },
      ...(judged ? [{ name: "Effect, 95 %", number: true }] : []),
      { name: "KS, bounds", number: true },
      { name: "W1 / σ", number: true },
      { name: "PSI", number: true },
      { name: "Missing", number: true },
      { name: "Missing, reference", number: true },
      { name: "Other categories", number: true },
      { name: "Outside expected", number: true },
    ],
    rows,
    "feature-table",
  );
}

const rangeText = ([low, high]: readonly [number, number]) => `${figureText(low)} to ${figureText(high)}`;
