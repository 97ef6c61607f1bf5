import fc from "fast-check";
import type { ColumnCells } from "../../profile/index.ts";
import type { LabelledWindow } from "../labels/labelled-predictions.ts";
import { wrongNames } from "./wrong-names.ts";

/* Labelled predictions that are made up, and the slices that they lie in. */

/** Slices of the made-up predictions: five cells by origin, four by wind. */
export const madeSlices: readonly ColumnCells[] = [
  { kind: "categorical", name: "origin", type: "string", values: ["EWR", "JFK", "LGA"] },
  { kind: "numeric", name: "wind", type: "float32", starts: [10], unit: 1 },
];

/** One made-up prediction. */
export interface MadeRow {
  readonly name: string;
  readonly score: number;
  readonly label: 0 | 1;
  readonly contradicted: boolean;
  /** Cell of each slice. */
  readonly cells: readonly [origin: number, wind: number];
}

/** From so much on the decision is yes. */
export const madeThreshold = 0.5;

/** Any prediction. */
export const anyRow: fc.Arbitrary<MadeRow> = fc.record({
  name: fc.string({ minLength: 1, maxLength: 4 }),
  score: fc.integer({ min: 0, max: 16 }).map((n) => n / 16),
  label: fc.constantFrom(0, 1),
  contradicted: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
  cells: fc.tuple(fc.nat(4), fc.nat(3)),
});

/** Decided otherwise than its label says. */
export function isWrong({ score, label }: MadeRow): boolean {
  return score >= madeThreshold !== (label === 1);
}

/** A window of made-up predictions, as adapters give it. */
export function labelledWindow(start: number, rows: readonly MadeRow[]): LabelledWindow {
  const names = wrongNames();
  for (const [at, row] of rows.entries()) if (isWrong(row)) names.add(at, row.name, row.contradicted);
  return {
    ...{ start, answered: rows.length },
    labels: Float64Array.from(rows, ({ label }) => label),
    scores: Float64Array.from(rows, ({ score }) => score),
    decisions: Uint8Array.from(rows, ({ score }) => Number(score >= madeThreshold)),
    arrived: new Float64Array(rows.length),
    contradicted: Uint8Array.from(rows, ({ contradicted }) => Number(contradicted)),
    wrongNames: names.names(),
    slices: [0, 1].map((column) => Uint16Array.from(rows, ({ cells }) => cells[column]!)),
  };
}
