import { allocate, type Column, type Contract, elementsPerRow, type Violation } from "../contract/index.ts";
import type { Prediction } from "./prediction.ts";
import { resolveShape } from "./read-nested.ts";

/**
 * Record numbers in groups of the same size, where features have a variable one: what a row is answered must not
 * depend on the rows beside it. One group where all sizes are fixed.
 */
export function groupByShape(contract: Contract, records: readonly unknown[]): Int32Array[] {
  const open = contract.features.filter((feature) => feature.shape.includes(-1));
  const groups = new Map<string, number[]>();
  for (const [row, record] of records.entries()) {
    const key = open.map(({ name, shape }) => String(resolveShape(shape, ownValue(record, name)))).join(";");
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return [...groups.values()].map((rows) => Int32Array.from(rows));
}

function ownValue(record: unknown, name: string): unknown {
  if (typeof record !== "object" || record === null || !Object.hasOwn(record, name)) return undefined;
  return (record as Record<string, unknown>)[name];
}

/** One part of a call, and the rows of the call that it holds. */
export interface Part {
  readonly prediction: Prediction;
  readonly rows: Int32Array;
}

/** Puts parts together again, each row in its place; violations already carry the call's row numbers. */
export function mergePredictions(contract: Contract, rows: number, parts: readonly Part[]): Prediction {
  const outputs = contract.outputs.map(({ name, type, shape }) => {
    const perRow = elementsPerRow(shape);
    const values = allocate(type, rows * perRow) as unknown[];
    for (const part of parts) {
      const from = (part.prediction.outputs.columns.get(name) as Column).values;
      scatter(from as readonly unknown[], values, part.rows, perRow);
    }
    return [name, { type, shape, values } as unknown as Column] as const;
  });
  const decided = parts.every(({ prediction }) => prediction.decisions) && parts.length > 0;
  return {
    rows,
    outputs: { rows, columns: new Map(outputs) },
    answered: flags(rows, parts, (prediction) => prediction.answered),
    ...(decided && { decisions: flags(rows, parts, (prediction) => prediction.decisions as Uint8Array) }),
    rejections: byRow(parts.flatMap(({ prediction }) => prediction.rejections)),
    warnings: byRow(parts.flatMap(({ prediction }) => prediction.warnings)),
    counts: {
      rejections: sum(parts, (prediction) => prediction.counts.rejections),
      warnings: sum(parts, (prediction) => prediction.counts.warnings),
    },
    ...(parts[0]?.prediction.madeUp && { madeUp: true as const }),
  };
}

/** Sorts violations by row; those of one row keep their order. */
export function byRow(violations: Violation[]): Violation[] {
  return violations.sort((a, b) => a.row - b.row);
}

function flags(
  rows: number,
  parts: readonly Part[],
  read: (prediction: Prediction) => Uint8Array,
): Uint8Array {
  const all = new Uint8Array(rows);
  for (const part of parts) scatter(read(part.prediction), all, part.rows, 1);
  return all;
}

function scatter<T>(from: ArrayLike<T>, to: { [index: number]: T }, rows: Int32Array, perRow: number): void {
  for (let i = 0; i < rows.length; i++)
    for (let element = 0; element < perRow; element++)
      to[(rows[i] as number) * perRow + element] = from[i * perRow + element] as T;
}

function sum(parts: readonly Part[], read: (prediction: Prediction) => number): number {
  return parts.reduce((total, part) => total + read(part.prediction), 0);
}
