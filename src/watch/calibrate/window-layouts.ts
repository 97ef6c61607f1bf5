import type { CellIndices } from "../../profile/index.ts";
import { memoryOf } from "../detectors/decayed-counters.ts";
import { leastRows } from "../distances/column-distances.ts";
import type { RowStrata } from "../strata/row-strata.ts";

/** Windows that streams are made of: the reference's own, by the rows at which they begin and the number of rows; or of sizes. */
export type ReferenceWindows = { readonly edges: ArrayLike<number> } | { readonly sizes: readonly number[] };

/** Reference rows, in windows of one kind. */
export interface WindowLayout {
  /** Rows per window at which the table says what holds for such windows, ascending. */
  readonly sizes: readonly number[];
  /** Cell of each row, per column. */
  readonly rows: readonly CellIndices[];
  readonly strata?: RowStrata | undefined;
  /** Absent where all windows have the (one) size. */
  readonly edges?: ArrayLike<number>;
}

/** Reference rows in their order. */
export type LaidRows = Pick<WindowLayout, "rows" | "strata">;

/** Of a quarter of the rows is what the table says of less traffic than the reference had. */
const thinning = 4;

/**
 * All windows that thresholds are calibrated for, smallest first. The reference's own windows differ in rows, and hold from what
 * the decayed counters see in few hours to the largest window; less traffic than that is one row of each four.
 */
export function windowLayouts(windows: ReferenceWindows, all: LaidRows, decay: number): WindowLayout[] {
  if ("sizes" in windows)
    return [...new Set(windows.sizes)].sort((a, b) => a - b).map((size) => ({ ...all, sizes: [size] }));
  const { edges } = windows;
  const natural = naturalSizes(edges, decay);
  const thin = Math.ceil(natural.middle / thinning);
  const own = { ...all, edges, sizes: [...new Set([natural.least, natural.largest])] };
  // Where so few rows are never judged, nothing is known of their scores.
  if (thin >= natural.least || thin * memoryOf(decay) < leastRows) return [own];
  return [{ ...thinned(all, edges), sizes: [thin] }, own];
}

/** Mean rows of the windows that the decayed counters hold: what one in twenty is below, the median, and the largest window. */
function naturalSizes(edges: ArrayLike<number>, decay: number) {
  const means: number[] = [];
  let [rows, windows, largest] = [0, 0, 0];
  for (let at = 0; at + 1 < edges.length; at++) {
    const own = edges[at + 1]! - edges[at]!;
    [rows, windows] = [rows * (1 - decay) + own, windows * (1 - decay) + 1];
    largest = Math.max(largest, own);
    means.push(rows / windows);
  }
  means.sort((a, b) => a - b);
  const least = Math.max(1, Math.round(means[Math.floor(means.length / 20)]!));
  return { least, middle: means[means.length >> 1]!, largest };
}

/** Every fourth row, in the same windows; those that lose all their rows are gone. */
function thinned({ rows, strata }: LaidRows, edges: ArrayLike<number>): Omit<WindowLayout, "sizes"> {
  const fewer = new Set(Array.from(edges, (edge) => Math.ceil(edge / thinning)));
  return {
    rows: rows.map((cells) => cells.filter((_, row) => row % thinning === 0)),
    ...(strata && { strata: { ...strata, of: strata.of.filter((_, row) => row % thinning === 0) } }),
    edges: Int32Array.from(fewer),
  };
}
