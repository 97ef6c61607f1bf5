import { columnName, countText, figureText, instantText, shareText } from "../../src/watch/page/words.ts";
import { byId, draw, make } from "./dom.ts";
import { cellValue, usualOf } from "./measures.ts";
import type { Picked, Selection } from "./selection.ts";
import type { Column, Page } from "./unpack.ts";

/** Cells of categories that are shown at once: those that differ most. All stand in the table of the picked column. */
const mostCells = 24;

/** Shows the picked column in the picked window against its reference, cell by cell. */
export function showDetail(page: Page, selection: Selection): void {
  const place = byId("detail");
  if (!place) return;
  const picker = make(
    "select",
    { id: "column" },
    ...page.columns.map(({ clause }, at) => make("option", { value: at }, clause)),
  );
  picker.addEventListener("change", () => {
    const column = Number(picker.value);
    selection.pick({ column, window: page.columns[column]!.worst });
  });
  const body = make("div");
  place.append(make("div", { class: "tools" }, make("label", { for: "column" }, "Column ", picker)), body);
  selection.follow((picked) => {
    picker.value = String(picked.column);
    body.replaceChildren(...parts(page, picked));
  });
}

function parts(page: Page, { column, window }: Picked): Node[] {
  const found = page.columns[column]!;
  const when = instantText(page.windows.start[window]!, page.windowMs);
  return [
    make("h3", {}, `${columnName(found.clause)}, ${when}`),
    factList(page, found, window),
    cellTable(page, found, window),
  ];
}

function factList(page: Page, column: Column, window: number): HTMLElement {
  const share = (measure: "missing" | "other" | "outside") =>
    shareText(cellValue(measure, column, window, page));
  const { low, high, intervalOf } = column;
  const facts: (readonly [string, string] | false)[] = [
    ["Rows", countText(page.windows.rows[window]!)],
    ["Owner", column.owner || "–"],
    column.matching !== undefined && ["Reference", referenceText(page, window)],
    [
      "JS distance",
      `${figureText(column.distance[window])} (usual below ${figureText(usualOf(column, window, page))})`,
    ],
    low !== undefined &&
      high !== undefined && [
        intervalOf === "effect" ? "Effect, 95 %" : "KS, bounds",
        `${figureText(low[window])} to ${figureText(high[window])}`,
      ],
    column.verdicts !== undefined && [
      "Verdict",
      { p: "no drift", d: "drift", i: "too few rows" }[column.verdicts[window]!] ?? "–",
    ],
    ["Missing", `${share("missing")} (reference ${shareText(missingShare(page, column, window))})`],
    column.other !== undefined && ["Other categories", share("other")],
    column.outside !== undefined && ["Outside expected", share("outside")],
  ];
  return make(
    "dl",
    { class: "facts" },
    ...facts
      .filter((fact) => fact !== false)
      .map(([name, value]) => make("div", {}, make("dt", {}, name), make("dd", {}, value))),
  );
}

/** Which part of the reference a window is compared with. */
function referenceText({ strata, grouped }: Page, window: number): string {
  if (!strata?.of) return `same mix of ${strata?.by}`;
  if (grouped > 1) return `same ${strata.by}`;
  return strata.names[strata.of[window]!] ?? "all of it";
}

/** Counts of the reference that the group of windows around one is compared with. */
function referenceOf(page: Page, column: Column, window: number): ArrayLike<number> {
  if (!column.matching) return column.reference;
  const [size, group] = [column.cells.length, Math.floor(window / page.grouped)];
  return column.matching.subarray(group * size, (group + 1) * size);
}

function sumOf(counts: ArrayLike<number>): number {
  return Array.from(counts).reduce((sum, count) => sum + count, 0);
}

function missingShare(page: Page, column: Column, window: number): number {
  const reference = referenceOf(page, column, window);
  const { length } = reference;
  const missing = reference[length - 1]! + (column.ordered ? reference[length - 2]! : 0);
  return missing / sumOf(reference);
}

interface CellShare {
  readonly name: string;
  readonly before: number;
  readonly now: number;
}

/** Counts of the group of windows that the picked one is in. */
function cellShares(page: Page, column: Column, window: number): CellShare[] {
  const size = column.cells.length;
  const group = Math.floor(window / page.grouped);
  const counts = column.counts.subarray(group * size, (group + 1) * size);
  const reference = referenceOf(page, column, window);
  const [rows, referenceRows] = [sumOf(counts), sumOf(reference)];
  return column.cells.map((name, cell) => ({
    name,
    before: reference[cell]! / referenceRows,
    now: rows === 0 ? 0 : counts[cell]! / rows,
  }));
}

function cellTable(page: Page, column: Column, window: number): HTMLElement {
  const all = cellShares(page, column, window).filter(({ before, now }) => before > 0 || now > 0);
  const difference = ({ before, now }: CellShare) => Math.abs(before - now);
  const shown = column.ordered
    ? all
    : all.toSorted((a, b) => difference(b) - difference(a) || b.before - a.before).slice(0, mostCells);
  const largest = Math.max(...shown.flatMap(({ before, now }) => [before, now]), Number.MIN_VALUE);
  const caption = [
    page.grouped > 1 ? `Rows of ${page.grouped} windows around it. ` : "",
    shown.length < all.length ? `The ${shown.length} of ${all.length} values that differ most. ` : "",
  ].join("");
  return make(
    "table",
    { class: "cells" },
    make("caption", {}, `${caption}Share of rows by cell`),
    make(
      "thead",
      {},
      make(
        "tr",
        {},
        make("th", { scope: "col" }, "Value"),
        make("th", { scope: "col", class: "n" }, make("span", { class: "key reference" }, "reference")),
        make("th", { scope: "col", class: "n" }, make("span", { class: "key current" }, "now")),
        make("td", { class: "picture" }),
      ),
    ),
    make("tbody", {}, ...shown.map((cell) => cellRow(cell, largest))),
  );
}

function cellRow({ name, before, now }: CellShare, largest: number): HTMLElement {
  const percent = (share: number) => `${((100 * share) / largest).toFixed(2)}%`;
  const picture = draw("svg", { class: "bars", height: 13, "aria-hidden": "true" });
  picture.append(
    draw("rect", { class: "reference", y: 0, height: 5, width: percent(before) }),
    draw("rect", { class: "current", y: 6, height: 7, width: percent(now) }),
  );
  return make(
    "tr",
    {},
    make("th", { scope: "row" }, name),
    make("td", { class: "n" }, shareText(before)),
    make("td", { class: "n" }, shareText(now)),
    make("td", { class: "picture" }, picture),
  );
}
