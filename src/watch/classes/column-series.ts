import type { Contract, Feature } from "../../contract/index.ts";
import type { Profile } from "../../profile/index.ts";
import { type ColumnCells, toNumber } from "../../profile/index.ts";
import type { WindowCounts } from "../observe/window-counts.ts";
import { type WatchedColumn, watchedColumns } from "../report/column-report.ts";
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
    const byWindow = windows.map((window) => pooled(column.of(window)));
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
      counts: adder(byWindow, reference),
      values: (chosen) => joined(chosen.map((at) => (feature ? found[at]?.numbers : undefined))),
    };
  });
}

function pooled({ counts, sums }: ReturnType<WatchedColumn["of"]>): PooledCounts {
  return {
    counts: Float64Array.from(counts, toNumber),
    sums: Float64Array.from(sums ?? [], toNumber),
  };
}

/** Sums over windows in a row come from sums up to each window, so that a long stretch costs no more than a short one. */
function adder(byWindow: readonly PooledCounts[], reference: PooledCounts): ColumnSeries["counts"] {
  const upTo: PooledCounts[] = [zerosLike(reference)];
  for (const window of byWindow) upTo.push(combined(upTo.at(-1)!, window, 1));
  return (windows) => {
    const [from, to] = [windows[0] ?? 0, windows.at(-1) ?? -1];
    if (windows.length === 1) return byWindow[from]!;
    if (to - from + 1 === windows.length) return combined(upTo[to + 1]!, upTo[from]!, -1);
    return windows.reduce((sum, window) => combined(sum, byWindow[window]!, 1), zerosLike(reference));
  };
}

function zerosLike({ counts, sums }: PooledCounts): PooledCounts {
  return { counts: new Float64Array(counts.length), sums: new Float64Array(sums.length) };
}

function combined(a: PooledCounts, b: PooledCounts, sign: 1 | -1): PooledCounts {
  const add = (left: Float64Array, right: Float64Array) => {
    const sum = new Float64Array(left.length);
    for (let cell = 0; cell < sum.length; cell++) sum[cell] = left[cell]! + sign * right[cell]!;
    return sum;
  };
  return { counts: add(a.counts, b.counts), sums: add(a.sums, b.sums) };
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
