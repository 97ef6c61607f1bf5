import { countText, instantText, shareText, type WatchPage } from "../../watch/index.ts";
import { el, type Markup } from "./element.ts";
import { absent, dataTable, panel } from "./table.ts";

/** What went wrong, told once by class, with whose it is; and rejected rows by clause. */
export function errorSection(page: WatchPage): Markup {
  return panel("errors", "Errors by class and owner", errorTable(page), rejectionTable(page));
}

function errorTable({ report: { errors }, data: { windowMs } }: WatchPage): Markup {
  if (!errors) return absent("Not classified: this report was made without error classes.");
  if (errors.length === 0) return absent("Nothing went wrong that has a class.");
  return dataTable(
    "Errors, told once each",
    [
      { name: "Class" },
      { name: "Clause" },
      { name: "Owner" },
      { name: "Severity" },
      { name: "Rows", number: true },
      { name: "Rate", number: true },
      { name: "Windows", number: true },
      { name: "First" },
      { name: "Last" },
      { name: "What, and what to do" },
    ],
    errors.map((group) => [
      group.class,
      group.clause,
      group.owner,
      group.severity,
      countText(group.rows),
      shareText(group.rate),
      countText(group.windows),
      instantText(Date.parse(group.first), windowMs),
      instantText(Date.parse(group.last), windowMs),
      el(
        "div",
        { class: "prose" },
        el("p", {}, group.message),
        el("p", { class: "next" }, group.action),
        (group.consequences ?? []).length > 0 &&
          el("p", {}, `With it, and not told apart: ${group.consequences!.join(", ")}.`),
        el("p", { class: "meta" }, "Fingerprint: ", el("code", {}, group.fingerprint)),
        group.samples.length > 0 &&
          el(
            "p",
            { class: "meta" },
            "Seen: ",
            group.samples.map((one) => el("code", {}, one)),
          ),
      ),
    ]),
    "error-table",
  );
}

function rejectionTable({ report: { windows }, ownerOf }: WatchPage): Markup {
  const totals = new Map<string, { rows: number; windows: number }>();
  for (const { rejected } of windows)
    for (const [name, rows] of Object.entries(rejected)) {
      const total = totals.get(name) ?? { rows: 0, windows: 0 };
      totals.set(name, { rows: total.rows + rows, windows: total.windows + 1 });
    }
  if (totals.size === 0) return absent("No row was rejected.");
  const all = windows.reduce((sum, { rows }) => sum + rows, 0);
  return dataTable(
    "Rows that got no answer, by the clause that they broke",
    [
      { name: "Clause" },
      { name: "Code" },
      { name: "Owner" },
      { name: "Rows", number: true },
      { name: "Share", number: true },
      { name: "Windows", number: true },
    ],
    [...totals]
      .sort(([, a], [, b]) => b.rows - a.rows)
      .map(([name, { rows, windows: count }]) => {
        const space = name.lastIndexOf(" ");
        const [clause, code] = [name.slice(0, space), name.slice(space + 1)];
        return [clause, code, ownerOf(clause), countText(rows), shareText(rows / all), countText(count)];
      }),
    "rejected-table",
  );
}
