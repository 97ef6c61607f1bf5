import { type Column, type Table, type Violation, valueAt } from "../../contract/index.ts";
import type { Prediction, RecordId } from "../../inference/index.ts";
import { readEventTime, windowStart } from "./event-time.ts";
import type { ObservationPlan } from "./observation-plan.ts";
import { type LogValue, logColumns, type PredictionLog, predictionLog } from "./prediction-log.ts";
import { pickRows } from "./row-subset.ts";
import type { WindowCounts } from "./window-counts.ts";
import { type WindowTally, windowTally } from "./window-tally.ts";

/** One call of the model, as its observer sees it. */
export interface ObservedCall {
  /** Feature columns; absent where the call does not show them. */
  readonly table?: Table;
  readonly prediction: Prediction;
  readonly ids: readonly RecordId[];
  /** Values of the plan's key by row. */
  readonly keys?: readonly RecordId[];
  /** What stands in the plan's time field, by row, where that is no feature. */
  readonly times?: readonly unknown[];
  /** Milliseconds since 1970. */
  readonly arrivedMs: number;
  /** How long the caller's request took; absent for batches, which are no requests. */
  readonly durationMs?: number;
}

/** What is observed between two writes. */
export interface Segment {
  readonly rows: number;
  readonly windows: number;
  add(call: ObservedCall): void;
  /** Windows by their start. */
  counts(): WindowCounts[];
  readonly log: PredictionLog;
}

/** Longest text of an id, key or slice that is kept. */
const longestKept = 256;

/**
 * An empty segment. Event times that would make more than `mostWindows` windows are not believed: arrival time counts, as
 * for rows without one, so that a caller who makes them up cannot fill the memory.
 */
export function openSegment(plan: ObservationPlan, mostWindows = Number.POSITIVE_INFINITY): Segment {
  const tallies = new Map<number, WindowTally>();
  const log = predictionLog(logColumns(plan));
  const tallyOf = (start: number) => {
    const known = tallies.get(start);
    if (known) return known;
    const fresh = windowTally(plan, start);
    tallies.set(start, fresh);
    return fresh;
  };
  return {
    get rows() {
      return log.rows;
    },
    get windows() {
      return tallies.size;
    },
    add(shown) {
      const call = { ...shown, arrivedMs: Math.floor(shown.arrivedMs) };
      const seen = whenOf(plan, call, believing(tallies, mostWindows));
      countRows(call, seen, tallyOf);
      const reasons = firstReasons(call.prediction.rejections);
      for (const [row, { clause, code }] of reasons) tallyOf(seen.starts[row]!).reject(`${clause} ${code}`);
      if (call.durationMs !== undefined && seen.starts.length > 0)
        tallyOf(seen.starts[0]!).time(call.durationMs);
      logRows(plan, call, { ...seen, reasons, log });
    },
    counts: () => [...tallies].sort(([a], [b]) => a - b).map(([, tally]) => tally.counts()),
    log,
  };
}

interface Seen {
  /** Event time by row, and the start of its window. */
  readonly times: Float64Array;
  readonly starts: Float64Array;
  /** 1 where arrival time stands in for an event time. */
  readonly untimed: Uint8Array;
}

/** True for windows that are there, and for new ones while there is room. */
function believing(there: ReadonlyMap<number, unknown>, most: number): (start: number) => boolean {
  const fresh = new Set<number>();
  return (start) => {
    if (there.has(start) || fresh.has(start)) return true;
    if (there.size + fresh.size >= most) return false;
    fresh.add(start);
    return true;
  };
}

function whenOf(plan: ObservationPlan, call: ObservedCall, believes: (start: number) => boolean): Seen {
  const { table, times, arrivedMs, prediction } = call;
  const { rows } = prediction;
  const when = new Float64Array(rows);
  const starts = new Float64Array(rows);
  const untimed = new Uint8Array(rows);
  const column = plan.time?.isFeature ? table?.columns.get(plan.time.name) : undefined;
  let [last, lastMs]: [unknown, number | undefined] = [undefined, undefined];
  for (let row = 0; row < rows; row++) {
    const value = column ? valueAt(column, row) : times?.[row];
    if (value !== last) {
      const read = readEventTime(value);
      const believed = read !== undefined && believes(windowStart(read, plan.windowMs));
      [last, lastMs] = [value, believed ? read : undefined];
    }
    if (lastMs === undefined && plan.time) untimed[row] = 1;
    when[row] = lastMs ?? arrivedMs;
    starts[row] = windowStart(when[row]!, plan.windowMs);
    if (plan.time?.sensitive) when[row] = starts[row]!;
  }
  return { times: when, starts, untimed };
}

function countRows(
  { table = { rows: 0, columns: new Map() }, prediction }: ObservedCall,
  { starts, untimed }: Seen,
  tallyOf: (start: number) => WindowTally,
): void {
  const { rows, outputs, answered } = prediction;
  const features = { rows, columns: table.columns };
  const byWindow = rowsByWindow(starts);
  for (const [start, list] of byWindow) {
    const whole = byWindow.size === 1;
    const late = list.reduce((sum, row) => sum + untimed[row]!, 0);
    tallyOf(start).add({
      table: whole ? features : pickRows(features, list),
      outputs: whole ? outputs : pickRows(outputs, list),
      answered: whole ? answered : Uint8Array.from(list, (row) => answered[row]!),
      untimed: late,
    });
  }
}

function rowsByWindow(starts: Float64Array): Map<number, number[]> {
  const groups = new Map<number, number[]>();
  for (let row = 0; row < starts.length; row++) {
    const group = groups.get(starts[row]!);
    if (group) group.push(row);
    else groups.set(starts[row]!, [row]);
  }
  return groups;
}

function firstReasons(rejections: readonly Violation[]): ReadonlyMap<number, Violation> {
  const first = new Map<number, Violation>();
  for (const violation of rejections) if (!first.has(violation.row)) first.set(violation.row, violation);
  return first;
}

interface Logged extends Seen {
  readonly reasons: ReadonlyMap<number, Violation>;
  readonly log: PredictionLog;
}

function logRows(plan: ObservationPlan, call: ObservedCall, { times, reasons, log }: Logged): void {
  const { prediction, table, ids, keys, arrivedMs } = call;
  const answers = plan.answers.map(({ name }) => prediction.outputs.columns.get(name));
  const slices = plan.slices.map((name) => table?.columns.get(name));
  for (let row = 0; row < prediction.rows; row++) {
    const answered = prediction.answered[row] === 1;
    const told = (column: Column | undefined): LogValue =>
      answered && column ? rawValue(column, row) : null;
    log.add([
      plan.keepIds ? short(ids[row] ?? null) : null,
      plan.key === undefined ? null : short(keys?.[row] ?? null),
      times[row]!,
      arrivedMs,
      answered,
      reasons.get(row)?.clause ?? null,
      ...answers.map(told),
      ...(plan.decides ? [answered ? prediction.decisions?.[row] === 1 : null] : []),
      // What was rejected may hold anything in the place of a category.
      ...slices.map((column) => short(told(column))),
    ]);
  }
}

function rawValue(column: Column, row: number): LogValue {
  if (column.missing?.[row]) return null;
  const value = column.values[row] ?? null;
  return column.type === "boolean" ? value === 1 : value;
}

function short(value: LogValue): string | null {
  return value === null ? null : String(value).slice(0, longestKept);
}
