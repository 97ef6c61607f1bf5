import { figureText, instantText, shareText } from "../../src/watch/page/words.ts";
import { byId, make, paperChanged } from "./dom.ts";
import { cellValue, usualOf } from "./measures.ts";
import type { Selection } from "./selection.ts";
import type { Page } from "./unpack.ts";

/** The picked column by window as a table: made when it is opened, since there may be a thousand windows. */
export function showColumnWindows(page: Page, selection: Selection): void {
  const place = byId("column-windows");
  const details = place?.closest("details");
  if (!place || !details) return;
  let shown = -1;
  const show = () => {
    const { column } = selection.now();
    if (!details.open || shown === column) return;
    shown = column;
    place.replaceChildren(table(page, column));
  };
  details.addEventListener("toggle", show);
  document.addEventListener(paperChanged, show);
  selection.follow(show);
}

function table(page: Page, at: number): HTMLElement {
  const column = page.columns[at]!;
  const names = ["Window", "JS distance", "Usual below", "Missing", "Other categories", "Outside expected"];
  const rows = page.windows.start.map((start, window) => [
    instantText(start, page.windowMs),
    figureText(column.distance[window]),
    figureText(usualOf(column, window, page)),
    ...(["missing", "other", "outside"] as const).map((measure) =>
      shareText(cellValue(measure, column, window, page)),
    ),
  ]);
  const caption = `${column.clause} by window`;
  return make(
    "div",
    { class: "scroll", tabindex: 0, role: "region", "aria-label": caption },
    make(
      "table",
      {},
      make("caption", {}, caption),
      make(
        "thead",
        {},
        make(
          "tr",
          {},
          ...names.map((name, place) =>
            make("th", { scope: "col", ...(place === 0 && { class: "t" }) }, name),
          ),
        ),
      ),
      make(
        "tbody",
        {},
        ...rows.map(([first, ...rest]) =>
          make("tr", {}, make("th", { scope: "row" }, first!), ...rest.map((text) => make("td", {}, text))),
        ),
      ),
    ),
  );
}
