import type { Contract, Feature } from "../../contract/index.ts";
import type { Profile } from "../../profile/index.ts";
import { type ColumnCells, type ColumnCounters, toNumber } from "../../profile/index.ts";
import type { WindowCounts } from "../observe/window-counts.ts";
import { watchedColumns } from "../report/column-report.ts";
import { pooledWindows } from "./pooled-windows.ts";
import { cellsApart } from "./shares.ts";
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
  /** How unlike two sets of windows are by their cells, in [0, 1]. */
  apart(before: readonly number[] | "reference", after: readonly number[]): number;
  /** The same of the windows from one up to another, and from there up to a third. */
  apartAt(from: number, at: number, to: number): number;
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
    const { counts, apart, apartAt } = pooledWindows(column.cells, windows.map(column.of), reference);
    const found = windows.map(({ start }) => sampled.get(start)?.columns.get(column.cells.name));
    return {
      clause: column.clause,
      cells: column.cells,
      ...(feature && { feature }),
      length: windows.length,
      isEmpty: (window) => windows[window]!.rows === 0,
      reference,
      counts,
      apart: (before, after) =>
        before === "reference" ? cellsApart(column.cells, reference, counts(after)) : apart(before, after),
      apartAt,
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
