import type { Contract, Feature } from "../../contract/index.ts";
import type { Profile } from "../../profile/index.ts";
import { type ColumnCells, type ColumnCounters, toNumber } from "../../profile/index.ts";
import type { WindowCounts } from "../observe/window-counts.ts";
import { watchedColumns } from "../report/column-report.ts";
import { type PooledCounts, type Spread, spreadOfCounts, spreadOfValues } from "./spread.ts";

/** Values of some rows of a window, by feature: a sample. Sensitive features have none. */
export interface SampledWindow {
  /** Milliseconds since 1970. */
  readonly start: number;
  readonly columns: ReadonlyMap<string, SampledColumn>;
  /** A few values that the clause of a feature rejected, as they may be shown, by feature. */
  readonly rejected?: ReadonlyMap<string, readonly string[]>;
}

/** Sampled values of one feature; numbers or texts. */
export interface SampledColumn {
  readonly numbers?: Float64Array;
  readonly texts?: readonly string[];
  readonly missing: number;
}

/** One feature or output over all windows. */
export interface ColumnSeries {
  readonly clause: string;
  readonly cells: ColumnCells;
  /** Absent for outputs. */
  readonly feature?: Feature;
  /** Number of windows. */
  readonly length: number;
  /** True where a window has no rows at all. */
  isEmpty(window: number): boolean;
  readonly reference: PooledCounts;
  /** Counters of some windows added up. */
  counts(windows: readonly number[]): PooledCounts;
  /** Values of some windows that were sampled; none where there are too few to tell a spread. */
  values(windows: readonly number[]): Float64Array | undefined;
}

/** Columns of the profile with their counters by window. */
export function columnSeries(
  contract: Contract,
  profile: Profile,
  {
    windows,
    samples = [],
  }: { readonly windows: readonly WindowCounts[]; readonly samples?: readonly SampledWindow[] },
): ColumnSeries[] {
  const features = new Map(contract.features.map((feature) => [`features.${feature.name}`, feature]));
  const sampled = new Map(samples.map((window) => [window.start, window]));
  return watchedColumns(contract, profile).map((column) => {
    const reference = pooled(column.reference);
    const feature = features.get(column.clause);
    const found = windows.map(({ start }) => sampled.get(start)?.columns.get(column.cells.name));
    return {
      clause: column.clause,
      cells: column.cells,
      ...(feature && { feature }),
      length: windows.length,
      isEmpty: (window) => windows[window]!.rows === 0,
      reference,
      counts: adder(windows.map(column.of), reference),
      values: (chosen) => joined(chosen.map((at) => (feature ? found[at]?.numbers : undefined))),
    };
  });
}

function pooled({ counts, sums }: ColumnCounters): PooledCounts {
  return {
    counts: Float64Array.from(counts, toNumber),
    sums: Float64Array.from(sums ?? [], toNumber),
  };
}

/** Sums over windows in a row come from sums up to each window, so that a long stretch costs no more than a short one. */
function adder(byWindow: readonly ColumnCounters[], reference: PooledCounts): ColumnSeries["counts"] {
  const [cells, summed] = [reference.counts.length, reference.sums.length];
  const width = cells + summed;
  // One list for all windows: thousands of small ones keep the collector busy.
  const each = new Float64Array(byWindow.length * width);
  const upTo = new Float64Array((byWindow.length + 1) * width);
  for (const [window, { counts, sums }] of byWindow.entries()) {
    const at = window * width;
    for (let cell = 0; cell < cells; cell++) each[at + cell] = toNumber(counts[cell]!);
    for (let cell = 0; cell < summed; cell++) each[at + cells + cell] = toNumber(sums![cell]!);
    for (let cell = 0; cell < width; cell++) upTo[at + width + cell] = upTo[at + cell]! + each[at + cell]!;
  }
  const split = (both: Float64Array): PooledCounts => ({
    counts: both.subarray(0, cells),
    sums: both.subarray(cells),
  });
  return (windows) => {
    const [from, to] = [windows[0] ?? 0, windows.at(-1) ?? -1];
    if (windows.length === 1) return split(each.subarray(from * width, (from + 1) * width));
    const sum = new Float64Array(width);
    if (to - from + 1 === windows.length)
      for (let cell = 0; cell < width; cell++)
        sum[cell] = upTo[(to + 1) * width + cell]! - upTo[from * width + cell]!;
    else
      for (const window of windows)
        for (let cell = 0; cell < width; cell++) sum[cell]! += each[window * width + cell]!;
    return split(sum);
  };
}

/** Fewer values than this are no spread. */
const leastValues = 30;

function joined(lists: readonly (Float64Array | undefined)[]): Float64Array | undefined {
  const length = lists.reduce((sum, list) => sum + (list?.length ?? 0), 0);
  if (length < leastValues) return undefined;
  const all = new Float64Array(length);
  let at = 0;
  for (const list of lists)
    if (list) {
      all.set(list, at);
      at += list.length;
    }
  return all;
}

/** Spreads of a column of numbers in two sets of windows, by the same means: sampled values where both have some, else counters. */
export function spreadsOf(
  series: ColumnSeries,
  before: readonly number[] | "reference",
  after: readonly number[],
): readonly [Spread, Spread] {
  const { cells } = series;
  if (cells.kind !== "numeric") throw new TypeError("Categories have no spread.");
  const earlier = before === "reference" ? undefined : series.values(before);
  const later = earlier && series.values(after);
  if (earlier && later) return [spreadOfValues(earlier, 0), spreadOfValues(later, 0)];
  const counts = before === "reference" ? series.reference : series.counts(before);
  return [spreadOfCounts(cells, counts), spreadOfCounts(cells, series.counts(after))];
}
