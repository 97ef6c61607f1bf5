import { type Column, type Table, type Violation, valueAt } from "../../contract/index.ts";
import type { Prediction, RecordId } from "../../inference/index.ts";
import { readEventTime, windowStart } from "./event-time.ts";
import type { ObservationPlan } from "./observation-plan.ts";
import { type LogValue, logColumns, type PredictionLog, predictionLog } from "./prediction-log.ts";
import { type RowSampler, rowSampler, sampleColumns } from "./row-sample.ts";
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
  /** Notes a call that got an error in place of an answer: its code, and when it came. */
  fail(code: string, arrivedMs: number): void;
  /** Windows by their start. */
  counts(): WindowCounts[];
  readonly log: PredictionLog;
  /** Full rows that were chosen. */
  readonly sample: PredictionLog;
}

/** What a segment keeps of what it is shown. */
export interface SegmentOptions {
  /** Event times that would make more windows are not believed; no limit unless said otherwise. */
  readonly mostWindows?: number;
  /** Chooses full rows, over all segments of one life. */
  readonly chosen?: RowSampler;
}

/** Longest text of an id, key or slice that is kept. */
const longestKept = 256;

/**
 * An empty segment. Where an event time is not believed, arrival time counts, as for rows without one, so that a caller
 * who makes event times up cannot fill the memory.
 */
export function openSegment(
  plan: ObservationPlan,
  { mostWindows = Number.POSITIVE_INFINITY, chosen = rowSampler(plan.sample, "") }: SegmentOptions = {},
): Segment {
  const tallies = new Map<number, WindowTally>();
  const log = predictionLog(logColumns(plan));
  const sample = predictionLog(sampleColumns(plan));
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
      logRows(plan, call, { ...seen, reasons, log, sample, chosen });
    },
    fail: (code, arrivedMs) => tallyOf(windowStart(Math.floor(arrivedMs), plan.windowMs)).fail(code),
    counts: () => [...tallies].sort(([a], [b]) => a - b).map(([, tally]) => tally.counts()),
    log,
    sample,
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
  { table = { rows: 0, columns: new Map() }, prediction, arrivedMs }: ObservedCall,
  { times, starts, untimed }: Seen,
  tallyOf: (start: number) => WindowTally,
): void {
  const { rows, outputs, answered } = prediction;
  const features = { rows, columns: table.columns };
  const byWindow = rowsByWindow(starts);
  for (const [start, list] of byWindow) {
    const whole = byWindow.size === 1;
    let [late, newestEvent] = [0, -Infinity];
    for (const row of list)
      if (untimed[row] === 1) late++;
      else if (times[row]! > newestEvent) newestEvent = times[row]!;
    tallyOf(start).add({
      table: whole ? features : pickRows(features, list),
      outputs: whole ? outputs : pickRows(outputs, list),
      answered: whole ? answered : Uint8Array.from(list, (row) => answered[row]!),
      untimed: late,
      newestEvent,
      arrivedMs,
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
  readonly sample: PredictionLog;
  readonly chosen: RowSampler;
}

function logRows(plan: ObservationPlan, call: ObservedCall, seen: Logged): void {
  const { prediction, table, ids, keys, arrivedMs } = call;
  const { times, reasons, log, sample, chosen } = seen;
  const columnOf = ({ name }: { readonly name: string }) => table?.columns.get(name);
  const answers = plan.answers.map(({ name }) => prediction.outputs.columns.get(name));
  const slices = plan.slices.map((name) => columnOf({ name }));
  const features = plan.sample?.features.map(columnOf);
  for (let row = 0; row < prediction.rows; row++) {
    const answered = prediction.answered[row] === 1;
    const told = (column: Column | undefined): LogValue => (answered ? rawValue(column, row) : null);
    const id = short(ids[row] ?? null);
    const key = short(keys?.[row] ?? null);
    const common = [
      plan.keepIds ? id : null,
      plan.key === undefined ? null : key,
      times[row]!,
      arrivedMs,
      answered,
      reasons.get(row)?.clause ?? null,
      ...answers.map(told),
      ...(plan.decides ? [answered ? prediction.decisions?.[row] === 1 : null] : []),
    ];
    // What was rejected may hold anything in the place of a category.
    log.add([...common, ...slices.map((column) => short(told(column)))]);
    if (features && chosen(id ?? key))
      sample.add([...common, ...features.map((column) => featureValue(column, row))]);
  }
}

function featureValue(column: Column | undefined, row: number): LogValue {
  const value = rawValue(column, row);
  if (typeof value === "string") return short(value);
  return Number.isNaN(value) ? null : value;
}

function rawValue(column: Column | undefined, row: number): LogValue {
  if (!column || column.missing?.[row]) return null;
  const value = column.values[row] ?? null;
  return column.type === "boolean" ? value === 1 : value;
}

function short(value: LogValue): string | null {
  return value === null ? null : String(value).slice(0, longestKept);
}
