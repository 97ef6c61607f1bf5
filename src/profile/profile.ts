import type { Table } from "../contract/index.ts";
import type { Cells, ColumnCells } from "./cells.ts";
import { type Counters, emptyCounters } from "./counters.ts";
import { type CategoryFacts, profileCategories } from "./profile-categories.ts";
import { type NumericFacts, profileNumbers } from "./profile-numbers.ts";
import { isCategorical, type ProfileColumn, type ProfileSource } from "./profile-source.ts";
import type { ScoreCalibration } from "./score-calibration.ts";
import { tableSource } from "./table-source.ts";
import type { ThresholdTable } from "./thresholds.ts";

/** How columns are cut into cells. */
export interface ProfileOptions {
  /** Quantile cells of numbers; 20 unless said otherwise. */
  readonly quantiles?: number;
  /** Most categories that get a cell where the contract lists none; 100 unless said otherwise. */
  readonly categories?: number;
}

/** Facts of one column, in the order of the cells' columns. */
export type ColumnFacts = { readonly name: string } & (NumericFacts | CategoryFacts);

/** The reference statistics of one table: cells, what it counts on them, and facts. */
export interface TableProfile {
  readonly cells: Cells;
  readonly counters: Counters;
  readonly facts: readonly ColumnFacts[];
}

/** `profile.json`: what the reference data looked like. Plain JSON; its canonical bytes are the same from run to run. */
export interface Profile {
  readonly format_version: 1;
  readonly quantiles: number;
  readonly features: TableProfile;
  readonly label?: TableProfile;
  /** The model's own outputs on the reference data. */
  readonly outputs?: TableProfile;
  /** Thresholds at which drift is called drift; absent before calibration. */
  readonly thresholds?: ThresholdTable;
  /** Absent where the score is no probability, or no labelled rows were there. */
  readonly calibration?: ScoreCalibration;
  /** Names of features that are not profiled because they are not scalars. */
  readonly left_out: readonly string[];
  /** Name of what was read (`data:data/train.parquet`) → SHA-256. */
  readonly reads: Readonly<Record<string, string>>;
}

/** Cells where nothing else is said. */
export const defaultQuantiles = 20;

/** What a profile is put together from. */
export interface ProfileParts {
  readonly quantiles?: number;
  readonly features: TableProfile;
  readonly label?: TableProfile | undefined;
  readonly outputs?: TableProfile | undefined;
  readonly calibration?: ScoreCalibration | undefined;
  readonly thresholds?: ThresholdTable | undefined;
  readonly leftOut?: readonly string[];
  readonly reads: Readonly<Record<string, string>>;
}

/** Puts `profile.json` together; write it with `canonicalJson`. */
export function makeProfile(parts: ProfileParts): Profile {
  const { quantiles, features, label, outputs, thresholds, calibration, leftOut, reads } = parts;
  return {
    format_version: 1,
    quantiles: quantiles ?? defaultQuantiles,
    features,
    ...(label && { label }),
    ...(outputs && { outputs }),
    ...(calibration && { calibration }),
    ...(thresholds && { thresholds }),
    left_out: leftOut ?? [],
    reads,
  };
}

/** Profiles columns of a source. The same data gives the same bytes, whatever the source, its threads or its order. */
export async function profileTable(
  source: ProfileSource,
  columns: readonly ProfileColumn[],
  options: ProfileOptions = {},
): Promise<TableProfile> {
  const rows = await source.rows();
  const profiled: ProfiledColumn[] = [];
  for (const column of columns) profiled.push(await profileColumn(source, column, options));
  const cells: Cells = { columns: profiled.map((column) => column.cells) };
  return {
    cells,
    counters: { ...emptyCounters(cells), rows, columns: profiled.map(({ counters }) => counters) },
    facts: profiled.map(({ cells: { name }, facts }) => ({ name, ...facts })),
  };
}

/** Profiles what the model answers: tables of outputs, passed once. */
export async function profileOutputs(
  tables: AsyncIterable<Table> | Iterable<Table>,
  columns: readonly ProfileColumn[],
  options: ProfileOptions = {},
): Promise<TableProfile> {
  return profileTable(await tableSource(tables, columns), columns, options);
}

interface ProfiledColumn {
  readonly cells: ColumnCells;
  readonly counters: Counters["columns"][number];
  readonly facts: NumericFacts | CategoryFacts;
}

async function profileColumn(
  source: ProfileSource,
  column: ProfileColumn,
  options: ProfileOptions,
): Promise<ProfiledColumn> {
  const { cells, ...rest } = isCategorical(column)
    ? profileCategories(await source.categories(column, options.categories ?? 100), column)
    : await profileNumbers(await source.numbers(column), {
        type: column.type,
        quantiles: options.quantiles ?? defaultQuantiles,
        cuts: column.cuts ?? [],
      });
  return { cells: { ...cells, name: column.name, type: column.type }, ...rest };
}
