import { type Column, type Contract, elementsPerRow, type Violation, valueAt } from "../contract/index.ts";
import { companions } from "./decode-records.ts";
import type { Prediction } from "./prediction.ts";

/** By what a caller knows a record. */
export type RecordId = string | number | null;

/** One output value in JSON: nested lists where it has a shape. */
export type AnswerValue = string | number | boolean | null | readonly AnswerValue[];

/** A violation without its row: it stands in the record it belongs to. */
export type RecordViolation = Omit<Violation, "row">;

/** A record that got an answer. */
export interface AnsweredRecord {
  readonly id: RecordId;
  readonly outputs: Readonly<Record<string, AnswerValue>>;
  /** By the first output's threshold. */
  readonly decision?: boolean;
  readonly warnings: readonly RecordViolation[];
}

/** A record that got none, and why. */
export interface RejectedRecord {
  readonly id: RecordId;
  readonly rejections: readonly RecordViolation[];
}

/** A prediction as records, in the order they came. `ids` beside them, null where there is none. */
export function recordsOf(
  prediction: Prediction,
  ids: readonly RecordId[] = [],
): (AnsweredRecord | RejectedRecord)[] {
  const rejections = groupByRow(prediction.rejections);
  const warnings = groupByRow(prediction.warnings);
  const columns = [...prediction.outputs.columns];
  return Array.from({ length: prediction.rows }, (_, row) => {
    const id = ids[row] ?? null;
    if (prediction.answered[row] !== 1) return { id, rejections: rejections.get(row) ?? [] };
    const outputs = Object.fromEntries(columns.map(([name, column]) => [name, answerAt(column, row)]));
    const decision = prediction.decisions && { decision: prediction.decisions[row] === 1 };
    return { id, outputs, ...decision, warnings: warnings.get(row) ?? [] };
  });
}

/** The id of each record: its `id`, else the key that labels or data are joined by; null where it has none of them. */
export function idsOf(contract: Contract, records: readonly unknown[]): RecordId[] {
  const keys = companions(contract).filter((key) => key !== contract.watch?.time);
  return records.map((record) => {
    if (typeof record !== "object" || record === null) return null;
    const key = keys.find((name) => Object.hasOwn(record, name));
    const id = key === undefined ? null : (record as Record<string, unknown>)[key];
    return typeof id === "string" || typeof id === "number" ? id : null;
  });
}

function answerAt(column: Column, row: number): AnswerValue {
  const perRow = elementsPerRow(column.shape);
  return nested(column, column.shape, row * perRow);
}

function nested(column: Column, shape: readonly number[], from: number): AnswerValue {
  const [size, ...rest] = shape;
  if (size === undefined) return valueAt(column, from);
  const step = elementsPerRow(rest);
  return Array.from({ length: size }, (_, index) => nested(column, rest, from + index * step));
}

function groupByRow(violations: readonly Violation[]): ReadonlyMap<number, RecordViolation[]> {
  const groups = new Map<number, RecordViolation[]>();
  for (const { row, ...violation } of violations) {
    const group = groups.get(row);
    if (group) group.push(violation);
    else groups.set(row, [violation]);
  }
  return groups;
}
