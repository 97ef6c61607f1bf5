import type { ColumnCells } from "../../profile/index.ts";
import { nextNumber } from "../../profile/index.ts";

/** What each counter of a column stands for, in order, short enough for the side of a chart. */
export function cellLabels(cells: ColumnCells): string[] {
  if (cells.kind === "categorical") return [...cells.values, "any other", "missing"];
  const { starts, type } = cells;
  const show = (value: number) => shortNumber(value, type === "float32");
  const inner = starts.slice(0, -1).map((start, index) => {
    const end = starts[index + 1]!;
    return nextNumber(type, start) === end ? `= ${show(start)}` : `${show(start)} to < ${show(end)}`;
  });
  return [
    starts.length > 0 ? `< ${show(starts[0]!)}` : "any number",
    ...inner,
    ...(starts.length > 0 ? [`≥ ${show(starts.at(-1)!)}`] : []),
    "missing",
    "not a number",
  ];
}

/** Float32 without the digits that only float64 has. */
function shortNumber(value: number, single: boolean): string {
  if (Number.isSafeInteger(value)) return String(value);
  return String(Number(value.toPrecision(single ? 6 : 7)));
}
