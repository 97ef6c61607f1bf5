import { type Feature, type Table, valueAt, withheld } from "../../contract/index.ts";

/** Most slices that one feature may give. */
export const mostSlices = 200;

/** Rows by the value of a feature; `problem` where there are too many values or no such column. */
export type Slices =
  | { readonly slices: readonly { readonly slice: string; readonly rows: Uint8Array }[] }
  | { readonly problem: string };

/** Cuts rows into slices by the values of one feature, sorted by value; missing values are a slice of their own. */
export function slicesBy(feature: Feature | undefined, name: string, table: Table): Slices {
  const column = table.columns.get(name);
  if (!feature || !column) return { problem: `the joint set has no feature ${name} to slice by` };
  if (feature.shape.length > 0) return { problem: `${name} is not one value a row` };
  const masks = new Map<string, Uint8Array>();
  for (let row = 0; row < table.rows; row++) {
    const value = valueAt(column, row);
    const slice = value === null ? "missing" : String(value);
    let mask = masks.get(slice);
    if (!mask) {
      if (masks.size === mostSlices)
        return { problem: `${name} has more than ${mostSlices} values; slice by a feature with fewer` };
      mask = new Uint8Array(table.rows);
      masks.set(slice, mask);
    }
    mask[row] = 1;
  }
  const sorted = [...masks].sort(([a], [b]) => a.localeCompare(b, "en", { numeric: true }));
  return { slices: sorted.map(([slice, rows], at) => ({ slice: shownSlice(feature, slice, at), rows })) };
}

/** Values of a sensitive feature are shown only where the contract lists them: then they are not a person's. */
function shownSlice(feature: Feature, slice: string, at: number): string {
  if (feature.sensitive && slice !== "missing" && !feature.values?.includes(slice))
    return `${withheld} ${at + 1}`;
  return slice.length > 64 ? `${slice.slice(0, 63)}…` : slice;
}
