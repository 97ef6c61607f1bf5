export { alarmBudget } from "./alarm-budget.ts";
export { type CellIndices, cellFinder, roomForCells } from "./cell-indices.ts";
export {
  type CategoricalCells,
  type Cells,
  type ColumnCells,
  cellCount,
  cellNames,
  cellOf,
  type NumericCells,
  nextNumber,
  unitCap,
  unitsOf,
} from "./cells.ts";
export { addCounts, type Count, countOf, isCount, toNumber } from "./count.ts";
export { countSource } from "./count-source.ts";
export { countTable, createTally, type Tally } from "./count-table.ts";
export {
  type ColumnCounters,
  type CounterSum,
  type Counters,
  counterSum,
  emptyCounters,
  mergeCounters,
} from "./counters.ts";
export { type ColumnDescription, describeProfile } from "./describe-profile.ts";
export { parseProfile } from "./parse-profile.ts";
export {
  type ColumnFacts,
  makeProfile,
  type Profile,
  type ProfileOptions,
  type ProfileParts,
  profileOutputs,
  profileTable,
  type TableProfile,
} from "./profile.ts";
export type { CategoryFacts } from "./profile-categories.ts";
export { type ProfileColumns, profileColumns } from "./profile-columns.ts";
export type { NumericFacts } from "./profile-numbers.ts";
export type {
  CategoryValues,
  NumberValues,
  ProfileColumn,
  ProfileSource,
} from "./profile-source.ts";
export { type CalibrationTally, calibrationTally, type ScoreCalibration } from "./score-calibration.ts";
export { tableSource } from "./table-source.ts";
export type { Correction, SizeThresholds, Strata, Stratum, ThresholdTable } from "./thresholds.ts";
