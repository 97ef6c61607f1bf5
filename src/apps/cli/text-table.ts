import { stripVTControlCharacters } from "node:util";
import Table from "cli-table3";
import { cellLine } from "./format/visible.ts";
import { paint, type Session } from "./session.ts";

/**
 * A table that fits the terminal (100 characters where there is none): of the `optional` columns, dearest first, stand those
 * that there is room for, and a line below names the others. A table whose other columns are too wide stays so.
 */
export function fittingTable(
  session: Session,
  head: readonly string[],
  rows: readonly (readonly string[])[],
  optional: readonly string[],
): string {
  const left = new Set(optional);
  const drawn = () => {
    const pick = (cells: readonly string[]) => cells.filter((_, index) => !left.has(head[index]!));
    return textTable(session, pick(head), rows.map(pick));
  };
  let table = drawn();
  for (const title of optional) {
    left.delete(title);
    const wider = drawn();
    if (widthOf(wider) <= session.width) table = wider;
    else left.add(title);
  }
  const missed = head.filter((title) => left.has(title));
  if (missed.length === 0) return table;
  return `${table}${paint(session, "dim", `No room here for: ${missed.join(", ")}. All is in --json.\n`)}`;
}

function widthOf(table: string): number {
  return Math.max(...table.split("\n").map((line) => stripVTControlCharacters(line).length));
}

/** A table without frames, for terminals and pipes alike. Cells may hold colours. */
export function textTable(
  session: Session,
  head: readonly string[],
  rows: readonly (readonly string[])[],
): string {
  const blank = {
    top: "",
    "top-mid": "",
    "top-left": "",
    "top-right": "",
    bottom: "",
    "bottom-mid": "",
    "bottom-left": "",
    "bottom-right": "",
    left: "",
    "left-mid": "",
    mid: "",
    "mid-mid": "",
    right: "",
    "right-mid": "",
    middle: "  ",
  };
  const table = new Table({
    head: head.map((title) => paint(session, "dim", title)),
    chars: blank,
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0 },
  });
  table.push(...rows.map((row) => row.map(cellLine)));
  return table
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .filter((line) => line !== "")
    .join("\n")
    .concat("\n");
}
