import Table from "cli-table3";
import { cellLine } from "./format/visible.ts";
import { paint, type Session } from "./session.ts";

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
