import { allocate, type Column, type Table, type Violation } from "../../contract/index.ts";
import type { Prediction, Predictor } from "../../inference/index.ts";
import { rowRange } from "./table-rows.ts";

/** Rows given to the model at once. */
export const batchRows = 4096;

/** Predicts any number of rows in batches; the answer is as if they had been one call. */
export async function predictAll(predictor: Predictor, table: Table): Promise<Prediction> {
  const parts: Prediction[] = [];
  for (let from = 0; from < table.rows || from === 0; from += batchRows)
    parts.push(await predictor.predict(rowRange(table, from, Math.min(from + batchRows, table.rows))));
  return parts.length === 1 ? parts[0]! : joined(parts, table.rows);
}

function joined(parts: readonly Prediction[], rows: number): Prediction {
  const first = parts[0]!;
  const columns = new Map<string, Column>();
  for (const name of first.outputs.columns.keys())
    columns.set(name, joinColumns(parts.map((part) => part.outputs.columns.get(name)!)));
  return {
    rows,
    outputs: { rows, columns },
    answered: joinBytes(parts.map((part) => part.answered)),
    ...(first.decisions && { decisions: joinBytes(parts.map((part) => part.decisions!)) }),
    rejections: shifted(parts, (part) => part.rejections),
    warnings: shifted(parts, (part) => part.warnings),
    counts: {
      rejections: parts.reduce((sum, part) => sum + part.counts.rejections, 0),
      warnings: parts.reduce((sum, part) => sum + part.counts.warnings, 0),
    },
    ...(first.madeUp && { madeUp: true }),
  };
}

function joinColumns(columns: readonly Column[]): Column {
  const { type, shape } = columns[0]!;
  const values = allocate(
    type,
    columns.reduce((sum, column) => sum + column.values.length, 0),
  );
  let at = 0;
  for (const column of columns) for (const value of column.values) values[at++] = value;
  const missing = columns.some((column) => column.missing)
    ? joinBytes(columns.map((column) => column.missing ?? new Uint8Array(column.values.length)))
    : undefined;
  return { type, shape, values, ...(missing && { missing }) } as Column;
}

function joinBytes(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

function shifted(
  parts: readonly Prediction[],
  pick: (part: Prediction) => readonly Violation[],
): Violation[] {
  let offset = 0;
  return parts.flatMap((part) => {
    const moved = pick(part).map((violation) => ({ ...violation, row: violation.row + offset }));
    offset += part.rows;
    return moved;
  });
}

/** How many rows each clause rejected: the first rejection of each row counts. */
export function rejectedBy(prediction: Prediction): Map<string, number> {
  const counts = new Map<string, number>();
  const seen = new Set<number>();
  for (const { row, clause } of prediction.rejections) {
    if (seen.has(row)) continue;
    seen.add(row);
    counts.set(clause, (counts.get(clause) ?? 0) + 1);
  }
  return counts;
}

/** 1 for rows that the model did get, and whose answer was withheld. */
export function withheldRows(prediction: Prediction): Uint8Array {
  const rows = new Uint8Array(prediction.rows);
  for (const { row, clause } of prediction.rejections) if (clause.startsWith("outputs.")) rows[row] = 1;
  return rows;
}
