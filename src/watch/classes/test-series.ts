import type { Feature, Table } from "../../contract/index.ts";
import { seededIntegers } from "../../evidence/index.ts";
import { sha256 } from "../../kernel/index.ts";
import { createTally, makeProfile, profileTable, tableSource } from "../../profile/index.ts";
import { watched } from "../observe/test-observations.ts";
import type { WindowCounts } from "../observe/window-counts.ts";
import { type ColumnSeries, columnSeries, type SampledWindow } from "./column-series.ts";

/** Laws that values are drawn from. */
export type SeriesShape = "normal" | "skewed" | "two-peaks" | "rounded";

/** One feature of numbers over windows of 400 rows. */
export interface SyntheticSeries {
  readonly unit?: string | undefined;
  readonly shape: SeriesShape;
  readonly middle: number;
  readonly spread: number;
  readonly windows: number;
  readonly seed: string;
  /** What becomes of a value in a window. */
  readonly change: (value: number, window: number) => number;
  /** Every so-manieth row is sampled; none where absent. */
  readonly sampleEvery?: number;
}

const rows = 400;
const day = 86_400_000;

/** A made-up feature, counted on cells of 4,000 rows of its own law. */
export async function syntheticSeries(made: SyntheticSeries): Promise<ColumnSeries> {
  const draw = drawer(made);
  const column = { name: "x", column: "x", type: "float64" } as const;
  const features = await profileTable(
    await tableSource([tableOf(Array.from({ length: 4000 }, draw))], [column]),
    [column],
  );
  const profile = makeProfile({ features, reads: {} });
  const feature = { ...watched.features[0]!, name: "x", type: "float64" } as const;
  const contract = {
    ...watched,
    features: [(made.unit === undefined ? feature : { ...feature, unit: made.unit }) satisfies Feature],
  };
  const values = Array.from({ length: made.windows }, (_, window) =>
    Array.from({ length: rows }, () => made.change(draw(), window)),
  );
  const windows = values.map((list, window) => windowOf(window, list, features.cells));
  const [series] = columnSeries(contract, profile, { windows, samples: samplesOf(made, values) });
  return series!;
}

function samplesOf({ sampleEvery }: SyntheticSeries, values: readonly number[][]): SampledWindow[] {
  if (sampleEvery === undefined) return [];
  return values.map((list, window) => ({
    start: window * day,
    columns: new Map([
      ["x", { numbers: Float64Array.from(list.filter((_, row) => row % sampleEvery === 0)), missing: 0 }],
    ]),
  }));
}

function windowOf(
  window: number,
  values: readonly number[],
  cells: Parameters<typeof createTally>[0],
): WindowCounts {
  const tally = createTally(cells);
  tally.add(tableOf(values));
  const none = { cells: "", rows: 0, columns: [] };
  return {
    ...{ start: window * day, rows, answered: rows, untimed: 0, calls: 0 },
    ...{ latency: {}, rejected: {}, outside: {} },
    features: tally.counters(),
    outputs: none,
  };
}

function tableOf(values: readonly number[]): Table {
  return {
    rows: values.length,
    columns: new Map([["x", { type: "float64", shape: [], values: Float64Array.from(values) }]]),
  };
}

function drawer({ shape, middle, spread, seed }: SyntheticSeries): () => number {
  const below = seededIntegers(sha256(seed));
  const uniform = () => (below(2 ** 31) + 0.5) / 2 ** 31;
  const normal = () => Math.sqrt(-2 * Math.log(uniform())) * Math.cos(2 * Math.PI * uniform());
  const laws: Readonly<Record<SeriesShape, () => number>> = {
    normal: () => middle + spread * normal(),
    skewed: () => middle + spread * (-Math.log(uniform()) - 1),
    "two-peaks": () => middle + spread * (0.4 * normal() + (uniform() < 0.5 ? -1 : 1)),
    rounded: () => Math.round(middle + spread * normal()),
  };
  return laws[shape];
}
