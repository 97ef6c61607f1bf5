import { columnName, instantText } from "../../src/watch/page/words.ts";
import { byId, make, onLook } from "./dom.ts";
import { paintMap } from "./heat-paint.ts";
import { cellText, classTexts, type Measure } from "./measures.ts";
import type { Picked, Selection } from "./selection.ts";
import type { Page } from "./unpack.ts";

/** Height of a row, and of the dates above the rows, in pixels. */
export const rowHeight = 20;
const headHeight = 20;

/** Draws the map and lets mouse and keyboard pick a cell of it. */
export function showHeatMap(page: Page, selection: Selection): void {
  const place = byId("heat-map");
  if (!place) return;
  const height = headHeight + page.columns.length * rowHeight;
  const canvas = make("canvas", { "aria-hidden": "true" });
  const cursor = make("div", { role: "gridcell", tabindex: 0, class: "cursor" });
  const row = make("div", { role: "row" }, cursor);
  const grid = make(
    "div",
    {
      role: "grid",
      class: "grid",
      "aria-label": "Features and outputs by window, worst first",
      "aria-rowcount": page.columns.length,
      "aria-colcount": page.windows.start.length,
    },
    row,
  );
  const plot = make("div", { class: "plot" }, canvas, grid);
  place.replaceChildren(labels(page, selection), plot);

  let width = 0;
  let measure: Measure = "distance";
  const paint = () => {
    if (width > 0) paintMap(canvas, { page, measure, width, height, headHeight, rowHeight });
  };
  const slotWidth = () => width / page.slots.length;
  const placeCursor = ({ column, window }: Picked) => {
    const slot = page.slots.indexOf(window);
    const size = Math.max(4, slotWidth());
    const left = Math.min(width - size, Math.max(0, (slot + 0.5) * slotWidth() - size / 2));
    Object.assign(cursor.style, {
      left: `${left}px`,
      top: `${headHeight + column * rowHeight}px`,
      width: `${size}px`,
      height: `${rowHeight}px`,
    });
    row.setAttribute("aria-rowindex", String(column + 1));
    cursor.setAttribute("aria-colindex", String(window + 1));
    cursor.setAttribute("aria-label", sentence(page, { column, window }));
  };
  const cellAt = (event: MouseEvent): Picked | undefined => {
    const box = canvas.getBoundingClientRect();
    const slot = Math.floor(((event.clientX - box.left) / box.width) * page.slots.length);
    const column = Math.floor((event.clientY - box.top - headHeight) / rowHeight);
    const window = page.slots[slot] ?? -1;
    return window < 0 || column < 0 || column >= page.columns.length ? undefined : { column, window };
  };
  const readout = byId("readout");
  const say = (picked: Picked) => {
    if (readout) readout.textContent = sentence(page, picked);
  };
  plot.addEventListener("mousemove", (event) => say(cellAt(event) ?? selection.now()));
  plot.addEventListener("mouseleave", () => say(selection.now()));
  plot.addEventListener("click", (event) => {
    const picked = cellAt(event);
    if (!picked) return;
    selection.pick(picked);
    cursor.focus({ preventScroll: true });
  });
  cursor.addEventListener("keydown", (event) => {
    const next = moved(event, selection.now(), page);
    if (!next) return;
    event.preventDefault();
    selection.pick(next);
    cursor.scrollIntoView({ block: "nearest", inline: "nearest" });
  });
  byId<HTMLSelectElement>("measure")?.addEventListener("change", (event) => {
    measure = (event.target as HTMLSelectElement).value as Measure;
    showLegend(measure, page);
    paint();
  });
  showLegend(measure, page);
  onLook(plot, (now) => {
    width = now;
    paint();
    placeCursor(selection.now());
  });
  selection.follow((picked) => {
    placeCursor(picked);
    say(picked);
    for (const label of place.querySelectorAll(".labels > *"))
      label.classList.toggle("picked", label.getAttribute("data-column") === String(picked.column));
  });
  const live = byId("live");
  let first = true;
  selection.follow((picked) => {
    if (live && !first) live.textContent = sentence(page, picked);
    first = false;
  });
}

function sentence(page: Page, { column, window }: Picked): string {
  const found = page.columns[column]!;
  const when = instantText(page.windows.start[window]!, page.windowMs);
  return `${columnName(found.clause)}, ${when}: ${cellText(found, window, page)}`;
}

/** Names of the rows. The grid says them too, and the table below the map holds them. */
function labels(page: Page, selection: Selection): HTMLElement {
  const list = make("div", { class: "labels", "aria-hidden": "true" });
  for (const [column, { clause }] of page.columns.entries()) {
    const output = clause.startsWith("outputs.");
    const label = make(
      "div",
      { title: clause, "data-column": column },
      `${output ? "→ " : ""}${columnName(clause)}`,
    );
    label.addEventListener("click", () => selection.pick({ ...selection.now(), column }));
    list.append(label);
  }
  return list;
}

function moved({ key, ctrlKey }: KeyboardEvent, { column, window }: Picked, page: Page): Picked | undefined {
  const [lastColumn, lastWindow] = [page.columns.length - 1, page.windows.start.length - 1];
  const to = (toColumn: number, toWindow: number): Picked => ({
    column: Math.min(lastColumn, Math.max(0, toColumn)),
    window: Math.min(lastWindow, Math.max(0, toWindow)),
  });
  switch (key) {
    case "ArrowLeft":
      return to(column, window - 1);
    case "ArrowRight":
      return to(column, window + 1);
    case "ArrowUp":
      return to(column - 1, window);
    case "ArrowDown":
      return to(column + 1, window);
    case "Home":
      return to(ctrlKey ? 0 : column, 0);
    case "End":
      return to(ctrlKey ? lastColumn : column, lastWindow);
    case "PageUp":
      return to(column - 10, window);
    case "PageDown":
      return to(column + 10, window);
    default:
      return undefined;
  }
}

function showLegend(measure: Measure, page: Page): void {
  const keys = classTexts(measure).map((text, level) => make("span", { class: `key heat-${level}` }, text));
  const judged = page.columns.some(({ verdicts }) => verdicts);
  byId("legend")?.replaceChildren(
    make("span", { class: "key heat-none" }, measure === "distance" ? "too few rows" : "not measured"),
    ...keys,
    ...(judged ? [make("span", { class: "key heat-drift" }, "drift")] : []),
  );
}
