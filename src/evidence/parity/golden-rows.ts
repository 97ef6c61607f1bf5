import { type Column, type Table, valueAt } from "../../contract/index.ts";

/** The part of the golden rows whose columns start with `raw.`, `features.` or `prediction.`, without that prefix. */
export function goldenLayer(golden: Table, layer: "raw" | "features" | "prediction"): Table {
  const prefix = `${layer}.`;
  const columns = new Map<string, Column>();
  for (const [name, column] of golden.columns)
    if (name.startsWith(prefix)) columns.set(name.slice(prefix.length), column);
  return { rows: golden.rows, columns };
}

/** Names a golden row for people: its number from 1, its key where there is one, and what it is about. */
export function goldenRowName(golden: Table, key: string | undefined, row: number): string {
  const parts = [key, "about"].flatMap((name) => {
    const column =
      name === undefined ? undefined : (golden.columns.get(name) ?? golden.columns.get(`raw.${name}`));
    const value = column && column.shape.length === 0 ? valueAt(column, row) : null;
    return value === null ? [] : [String(value).slice(0, 80)];
  });
  return parts.length === 0 ? `golden row ${row + 1}` : `golden row ${row + 1} (${parts.join(", ")})`;
}
