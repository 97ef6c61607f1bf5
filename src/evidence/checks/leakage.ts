import type { Feature } from "../../contract/index.ts";
import type { FeatureFacts, Separation, TableFacts } from "./data-probe.ts";

/** How well one feature alone tells the labels apart. */
export interface Apart {
  /** Each row's label follows from the feature. */
  readonly certain: boolean;
  /** ROC AUC, the better of both directions; 0.5 where it cannot be told. */
  readonly auc: number;
  /** The missing values, not the present ones, tell. */
  readonly byMissing: boolean;
}

/** Rows that a value must have on average before a value can be said to give the label, and not the row itself. */
const rowsPerValue = 20;

/** Judges one feature of a table whose label is known. */
export function tellsApart(feature: Feature, values: FeatureFacts, table: TableFacts): Apart {
  const separation = values.separation;
  if (!separation) return { certain: values.equalsLabel === table.rows, auc: 0.5, byMissing: false };
  const positive = separation.present.positive + separation.missing.positive;
  const negative = separation.present.negative + separation.missing.negative;
  if (positive === 0 || negative === 0) return { certain: false, auc: 0.5, byMissing: false };
  const missingAuc = bothWays(missingOnly(separation, positive, negative));
  const valueAuc = feature.type === "string" ? 0.5 : bestPlacement(separation, positive, negative);
  return {
    certain: isCertain(separation, positive + negative),
    auc: Math.max(valueAuc, missingAuc),
    byMissing: missingAuc >= valueAuc,
  };
}

/** Every value, and being missing, occurs with one label only, and values repeat often enough for that to mean something. */
function isCertain(separation: Separation, rows: number): boolean {
  const { missing } = separation;
  const missingRows = missing.positive + missing.negative;
  const pureMissing = missing.positive === 0 || missing.negative === 0 ? missingRows : 0;
  const values = separation.distinct + (missingRows > 0 ? 1 : 0);
  return separation.pureRows + pureMissing === rows && values * rowsPerValue <= rows;
}

/** ROC AUC with missing values placed below or above all others, whichever tells more. */
function bestPlacement(separation: Separation, positive: number, negative: number): number {
  const { present, missing, pairs } = separation;
  const tied = 0.5 * missing.positive * missing.negative;
  const below = pairs + present.positive * missing.negative + tied;
  const above = pairs + missing.positive * present.negative + tied;
  return Math.max(bothWays(below / (positive * negative)), bothWays(above / (positive * negative)));
}

function missingOnly({ missing }: Separation, positive: number, negative: number): number {
  const rate = missing.positive / positive - missing.negative / negative;
  return 0.5 + rate / 2;
}

function bothWays(auc: number): number {
  return Math.max(auc, 1 - auc);
}
