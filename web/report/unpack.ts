import type { ColumnData, PageData } from "../../src/watch/page/page-data.ts";

/** A column with its packed numbers as arrays; NaN is what cannot be told. */
export interface Column
  extends Omit<
    ColumnData,
    "distance" | "low" | "high" | "missing" | "other" | "outside" | "counts" | "matching" | "worth"
  > {
  readonly distance: Float64Array;
  readonly low?: Float64Array;
  readonly high?: Float64Array;
  readonly missing: Float64Array;
  readonly other?: Float64Array;
  readonly outside?: Float64Array;
  readonly counts: Float64Array;
  readonly referenceRows: number;
  readonly matching?: Float64Array;
  readonly worth?: Float64Array;
}

/** The data of the page, ready to draw. */
export interface Page extends Omit<PageData, "columns"> {
  readonly columns: readonly Column[];
}

/** Reads the data that is embedded in the page. */
export function unpackPage(text: string): Page {
  const data = JSON.parse(text) as PageData;
  return { ...data, columns: data.columns.map(unpackColumn) };
}

function unpackColumn(column: ColumnData): Column {
  const { low, high, other, outside, matching, worth } = column;
  return {
    ...column,
    distance: shares(column.distance),
    missing: counts(column.missing),
    counts: counts(column.counts),
    referenceRows: column.reference.reduce((sum, count) => sum + count, 0),
    ...(low !== undefined && { low: shares(low) }),
    ...(high !== undefined && { high: shares(high) }),
    ...(other !== undefined && { other: counts(other) }),
    ...(outside !== undefined && { outside: counts(outside) }),
    ...(matching !== undefined && { matching: counts(matching) }),
    ...(worth !== undefined && { worth: counts(worth) }),
  } as Column;
}

function bytesOf(base64: string): Uint8Array {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}

/** Inverse of `packShares`. */
export function shares(base64: string): Float64Array {
  const bytes = bytesOf(base64);
  return Float64Array.from({ length: bytes.length / 2 }, (_, at) => {
    const steps = bytes[2 * at]! + 256 * bytes[2 * at + 1]!;
    return steps === 0xffff ? Number.NaN : steps / 10_000;
  });
}

/** Inverse of `packCounts`. */
export function counts(base64: string): Float64Array {
  const found: number[] = [];
  let [value, place] = [0, 1];
  for (const byte of bytesOf(base64)) {
    value += (byte & 127) * place;
    place *= 128;
    if (byte > 127) continue;
    found.push(value);
    [value, place] = [0, 1];
  }
  return Float64Array.from(found);
}
