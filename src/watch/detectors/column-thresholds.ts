import type { Correction, ThresholdTable } from "../../profile/index.ts";

/** What holds for one column at one number of rows per window. */
export interface ColumnThresholds {
  readonly threshold: number;
  readonly location: Correction;
  readonly shape: Correction;
  readonly dispersion: number;
}

/** A corrected score, never below 0. */
export function corrected(score: number, [intercept, slope]: Correction): number {
  return Math.max(0, intercept + slope * score);
}

/** Thresholds between the tabulated sizes, linear in ln rows; those of the nearest size outside. */
export function thresholdsAt(table: ThresholdTable, rows: number, column: number): ColumnThresholds {
  const sizes = table.sizes;
  const next = sizes.findIndex((size) => size.rows >= rows);
  const above = sizes[next < 0 ? sizes.length - 1 : next]!;
  const below = sizes[next < 0 ? sizes.length - 1 : Math.max(0, next - 1)]!;
  const share =
    above.rows === below.rows || rows <= below.rows
      ? 0
      : Math.log(rows / below.rows) / Math.log(above.rows / below.rows);
  const between = (a: number, b: number) => a + (b - a) * share;
  const corrections = (a: Correction, b: Correction): Correction => [
    between(a[0], b[0]),
    between(a[1], b[1]),
  ];
  return {
    threshold: between(below.threshold, above.threshold),
    location: corrections(below.location[column]!, above.location[column]!),
    shape: corrections(below.shape[column]!, above.shape[column]!),
    dispersion: between(below.dispersion[column]!, above.dispersion[column]!),
  };
}
