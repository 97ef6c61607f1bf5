import type { DuckDBDataChunk, DuckDBVector } from "@duckdb/node-api";
import { allocate, type Column, type ElementType, type Table } from "../../contract/index.ts";
import { BatonError } from "../../kernel/index.ts";
import { type ColumnRequest, explain, openRelation } from "./relation.ts";
import type { Session } from "./session.ts";

/** Which columns, and how many rows a table may have. */
export interface ReadRequest {
  readonly columns: readonly ColumnRequest[];
  /** Rows in every table but the last; 8192 unless said otherwise. */
  readonly batchRows?: number;
}

/** Reads a file in its own order, in constant memory. @throws BatonError `data-unreadable` with column and row */
export async function* readTables(
  session: Session,
  path: string,
  request: ReadRequest,
): AsyncGenerator<Table> {
  const batchRows = request.batchRows ?? 8192;
  if (!Number.isSafeInteger(batchRows) || batchRows < 1)
    throw new BatonError("usage", `A batch of ${batchRows} rows cannot be read.`);
  const connection = await session.connect();
  try {
    const relation = await openRelation(connection, path, request.columns);
    try {
      const result = await connection.stream(relation.sql);
      yield* batches(result, request.columns, batchRows);
    } catch (thrown) {
      throw await session.withConnection((other) => explain(other, relation, thrown));
    }
  } finally {
    connection.closeSync();
  }
}

/** Fills tables of `batchRows` rows out of a result's chunks. */
export async function* batches(
  result: { fetchChunk(): Promise<DuckDBDataChunk | null> },
  columns: readonly { readonly name: string; readonly type: ElementType }[],
  batchRows: number,
): AsyncGenerator<Table> {
  let batch = newBatch(columns, batchRows);
  for (;;) {
    const chunk = await result.fetchChunk();
    const rows = chunk?.rowCount ?? 0;
    if (!chunk || rows === 0) break;
    for (let from = 0; from < rows; ) {
      const count = Math.min(rows - from, batchRows - batch.rows);
      batch.take(chunk, from, count);
      from += count;
      if (batch.rows < batchRows) continue;
      yield batch.table();
      batch = newBatch(columns, batchRows);
    }
  }
  if (batch.rows > 0) yield batch.table();
}

function newBatch(
  columns: readonly { readonly name: string; readonly type: ElementType }[],
  batchRows: number,
) {
  const fills = columns.map(({ type }) => newFill(type, batchRows));
  let rows = 0;
  return {
    get rows() {
      return rows;
    },
    take(chunk: DuckDBDataChunk, from: number, count: number) {
      for (const [index, fill] of fills.entries()) fill.take(chunk.getColumnVector(index), from, count, rows);
      rows += count;
    },
    table: (): Table => ({
      rows,
      columns: new Map(columns.map(({ name }, index) => [name, fills[index]!.column(rows)])),
    }),
  };
}

interface Fill {
  take(vector: DuckDBVector, from: number, count: number, at: number): void;
  column(rows: number): Column;
}

/** What a missing value leaves in the array. */
const blank = {
  float32: Number.NaN,
  float64: Number.NaN,
  int32: 0,
  int64: 0n,
  string: "",
  boolean: 0,
} as const;

function newFill(type: ElementType, capacity: number): Fill {
  const values = allocate(type, capacity);
  // One loop serves six array types: what a vector holds and what the array takes agree by the SQL cast.
  const target = values as { [index: number]: unknown };
  const mask = new Uint8Array(capacity);
  let missing = false;
  return {
    take(vector, from, count, at) {
      for (let index = 0; index < count; index++) {
        const value: unknown = vector.getItem(from + index);
        if (value === null) {
          mask[at + index] = 1;
          missing = true;
          target[at + index] = blank[type];
        } else target[at + index] = type === "boolean" ? Number(value) : value;
      }
    },
    column(rows) {
      const whole = rows === capacity;
      const column = {
        type,
        shape: [],
        values: whole ? values : values.slice(0, rows),
        ...(missing ? { missing: whole ? mask : mask.slice(0, rows) } : {}),
      };
      return column as Column;
    },
  };
}
