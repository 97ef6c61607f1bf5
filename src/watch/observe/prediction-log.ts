import { allocate, type Column, type ElementType, type Table } from "../../contract/index.ts";
import type { LogColumn, ObservationPlan } from "./observation-plan.ts";

/** One value of the log; null where there is none. */
export type LogValue = string | number | bigint | boolean | null;

/** Columns that say which prediction it is, when, and whether it got an answer. */
export const nameColumns: readonly LogColumn[] = [
  { name: "id", type: "string" },
  { name: "key", type: "string" },
  { name: "event_time_ms", type: "int64" },
  { name: "arrived_ms", type: "int64" },
  { name: "answered", type: "boolean" },
  { name: "rejected_by", type: "string" },
];

/** Columns of what was answered. */
export function answerColumns(plan: ObservationPlan): LogColumn[] {
  return [
    ...plan.answers.map(({ name, type }) => ({ name: `output.${name}`, type })),
    ...(plan.decides ? [{ name: "decision", type: "boolean" as const }] : []),
  ];
}

/** Columns of the log of a plan, in their order. Outputs, slices and what is ours never share a name. */
export function logColumns(plan: ObservationPlan): LogColumn[] {
  const slices = plan.slices.map((name) => ({ name: `slice.${name}`, type: "string" as const }));
  return [...nameColumns, ...answerColumns(plan), ...slices];
}

/** Rows of predictions held by column until they are written. */
export interface PredictionLog {
  readonly rows: number;
  /** One value a column, in the order of {@link logColumns}. */
  add(values: readonly LogValue[]): void;
  /** All rows, in tables of at most `chunkRows`, each made when it is asked for. */
  tables(chunkRows: number): Generator<Table>;
}

/** An empty log. */
export function predictionLog(columns: readonly LogColumn[]): PredictionLog {
  const held: LogValue[][] = columns.map(() => []);
  let rows = 0;
  return {
    get rows() {
      return rows;
    },
    add(values) {
      for (let index = 0; index < held.length; index++) held[index]!.push(values[index] ?? null);
      rows++;
    },
    *tables(chunkRows) {
      for (let from = 0; from < rows; from += chunkRows) {
        const to = Math.min(rows, from + chunkRows);
        yield {
          rows: to - from,
          columns: new Map(
            columns.map(({ name, type }, index) => [name, columnOf(type, held[index]!.slice(from, to))]),
          ),
        };
      }
    },
  };
}

const convert: {
  readonly [Type in ElementType]: (value: NonNullable<LogValue>) => string | number | bigint;
} = {
  float32: Number,
  float64: Number,
  int32: Number,
  int64: (value) => BigInt(typeof value === "bigint" ? value : Number(value)),
  string: String,
  boolean: Number,
};

function columnOf(type: ElementType, list: readonly LogValue[]): Column {
  // One loop serves six array types: `convert` gives what the array takes.
  const values = allocate(type, list.length);
  const target = values as { [index: number]: unknown };
  const missing = new Uint8Array(list.length);
  for (const [row, value] of list.entries())
    if (value === null) missing[row] = 1;
    else target[row] = convert[type](value);
  return { type, shape: [], values, missing } as Column;
}
