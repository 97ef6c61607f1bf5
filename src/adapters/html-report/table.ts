import { type Child, el, type Markup } from "./element.ts";

/** A column of a table. */
export interface TableColumn {
  readonly name: string;
  /** Numbers stand right, which is what cells do that say nothing else: most are numbers. */
  readonly number?: boolean;
}

/** A table with a caption; the first cell of each row names it. Wide tables scroll by themselves, also by keyboard. */
export function dataTable(
  caption: string,
  columns: readonly TableColumn[],
  rows: readonly (readonly Child[])[],
  id?: string,
): Markup {
  const kind = ({ number }: TableColumn) => (number ? undefined : "t");
  return el(
    "div",
    { class: "scroll", tabindex: 0, role: "region", "aria-label": caption },
    el(
      "table",
      { id },
      el("caption", {}, caption),
      el(
        "thead",
        {},
        el(
          "tr",
          {},
          columns.map((column) => el("th", { scope: "col", class: kind(column) }, column.name)),
        ),
      ),
      el(
        "tbody",
        {},
        rows.map((row) =>
          el(
            "tr",
            {},
            row.map((cell, at) =>
              at === 0 ? el("th", { scope: "row" }, cell) : el("td", { class: kind(columns[at]!) }, cell),
            ),
          ),
        ),
      ),
    ),
  );
}

/** A table that is there for whoever wants it, and on paper. */
export function behind(summary: string, ...children: readonly Child[]): Markup {
  return el("details", {}, el("summary", {}, summary), children);
}

/** A part of the page under its own heading. */
export function panel(id: string, title: string, ...children: readonly Child[]): Markup {
  return el(
    "section",
    { id, "aria-labelledby": `${id}-title` },
    el("h2", { id: `${id}-title` }, title),
    children,
  );
}

/** What was not measured, and why: in place of an empty chart. */
export function absent(text: string): Markup {
  return el("p", { class: "absent" }, text);
}
