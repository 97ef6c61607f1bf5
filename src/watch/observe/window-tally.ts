import type { Column, Table } from "../../contract/index.ts";
import type { Prediction } from "../../inference/index.ts";
import { type Cells, createTally } from "../../profile/index.ts";
import { latencyCell } from "./latency.ts";
import type { ObservationPlan } from "./observation-plan.ts";
import type { WindowCounts } from "./window-counts.ts";

/** Rows of one call that are in one window. */
export interface WindowRows {
  /** Feature columns of these rows; absent where the call did not show them: then they count as missing. */
  readonly table: Table;
  readonly outputs: Table;
  readonly answered: Uint8Array;
  readonly untimed: number;
  /** Milliseconds since 1970; −∞ where no row has an event time. */
  readonly newestEvent: number;
  readonly arrivedMs: number;
}

/** Counts one window. */
export interface WindowTally {
  add(rows: WindowRows): void;
  /** Notes why a row got no answer. */
  reject(reason: string): void;
  /** Notes a call that got an error in place of an answer. */
  fail(code: string): void;
  /** Notes how long a call took. */
  time(ms: number): void;
  counts(): WindowCounts;
}

/** A window at zero. */
export function windowTally(plan: ObservationPlan, start: number): WindowTally {
  const features = createTally(plan.features);
  const outputs = createTally(plan.outputs);
  const latency = new Map<number, number>();
  const rejected = new Map<string, number>();
  const failed = new Map<string, number>();
  const outside = new Float64Array(plan.expected.length);
  const sums = { rows: 0, answered: 0, untimed: 0, calls: 0 };
  const newest = { event: -Infinity, arrival: -Infinity };
  return {
    add({ table, outputs: answers, answered, untimed, newestEvent, arrivedMs }) {
      features.add(complete(plan.features, table));
      outputs.add(complete(plan.outputs, onlyAnswered(answers, answered)));
      for (const [index, bounds] of plan.expected.entries())
        outside[index]! += countOutside(table.columns.get(bounds.name), table.rows, bounds);
      sums.rows += table.rows;
      for (const one of answered) sums.answered += one;
      sums.untimed += untimed;
      newest.event = Math.max(newest.event, newestEvent);
      newest.arrival = Math.max(newest.arrival, arrivedMs);
    },
    reject: (reason) => void rejected.set(reason, (rejected.get(reason) ?? 0) + 1),
    fail: (code) => void failed.set(code, (failed.get(code) ?? 0) + 1),
    time(ms) {
      const cell = latencyCell(plan.latencyEdges, ms);
      latency.set(cell, (latency.get(cell) ?? 0) + 1);
      sums.calls++;
    },
    counts: () => ({
      start,
      ...sums,
      latency: inOrder([...latency].map(([cell, calls]) => [String(cell), calls])),
      rejected: inOrder([...rejected]),
      ...(failed.size > 0 && { failed: inOrder([...failed]) }),
      outside: inOrder(plan.expected.map(({ name }, index) => [name, outside[index]!])),
      ...(newest.event > -Infinity && { newest_event: newest.event }),
      ...(newest.arrival > -Infinity && { newest_arrival: newest.arrival }),
      features: features.counters(),
      outputs: outputs.counters(),
    }),
  };
}

/** Names in one order, and only what was counted: the same counts are the same bytes. */
export function inOrder(entries: readonly (readonly [string, number])[]): Record<string, number> {
  return Object.fromEntries(
    entries.filter(([, count]) => count > 0).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)),
  );
}

/** A column that a file or call does not have is missing in every row. */
function complete(cells: Cells, table: Table): Table {
  const absent = cells.columns.filter(({ name }) => !table.columns.has(name));
  if (absent.length === 0) return table;
  const missing = new Uint8Array(table.rows).fill(1);
  const nothing: Column = { type: "boolean", shape: [], values: missing, missing };
  return {
    rows: table.rows,
    columns: new Map([...table.columns, ...absent.map(({ name }) => [name, nothing] as const)]),
  };
}

function onlyAnswered(outputs: Prediction["outputs"], answered: Uint8Array): Table {
  if (!answered.includes(0)) return outputs;
  const missing = answered.map((one) => 1 - one);
  return {
    rows: outputs.rows,
    columns: new Map([...outputs.columns].map(([name, column]) => [name, { ...column, missing }])),
  };
}

function countOutside(
  column: Column | undefined,
  rows: number,
  { low, high }: { readonly low: number; readonly high: number },
): number {
  if (!column || column.type === "string") return 0;
  const { values, missing } = column;
  let count = 0;
  for (let row = 0; row < rows; row++) {
    if (missing !== undefined && missing[row] === 1) continue;
    const value = Number(values[row]);
    if (value < low || value > high) count++;
  }
  return count;
}
