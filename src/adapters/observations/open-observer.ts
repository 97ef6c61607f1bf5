import type { Table } from "../../contract/index.ts";
import { messageOf } from "../../kernel/index.ts";
import {
  type LogColumn,
  logColumns,
  type ObservationPlan,
  type ObservedCall,
  openSegment,
  planFields,
  rowSampler,
  type Segment,
  sampleColumns,
  segmentNames,
} from "../../watch/index.ts";
import { pause, writeWhole } from "./write-whole.ts";

/** Where and how often observations are written. */
export interface ObserverOptions {
  readonly plan: ObservationPlan;
  /** Made where it is not there. */
  readonly folder: string;
  readonly replica: string;
  /** One life of the process. */
  readonly boot: string;
  /** Time between two files. */
  readonly rollMs: number;
  /** Rows in one file; as many more wait while one is written, and what comes beyond that is dropped and counted. */
  readonly rollRows: number;
  /**
   * Most windows in one file. `strangers`: callers may make event times up, and those beyond the limit are not believed.
   */
  readonly windows: { readonly most: number; readonly strangers: boolean };
  /** Writes rows as Parquet; the file appears whole or not at all. */
  readonly writeTables: (
    path: string,
    tables: AsyncIterable<Table>,
    columns: readonly LogColumn[],
  ) => Promise<unknown>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Told once, when observation ends early, in one line. */
  readonly stopped: (why: string) => void;
}

/** What became of the rows that were shown. */
export interface ObserverSummary {
  /** Rows that stand in files. */
  readonly written: number;
  /** Rows that were shown and are in no file. */
  readonly lost: number;
  readonly files: number;
  /** Why observation ended before its time. */
  readonly failure?: string;
}

/** Counts and logs predictions beside serving. Nothing here throws, waits or blocks for longer than counting takes. */
export interface Observer {
  /** Takes a call; false where it was not counted because the buffer is full, or because observation has ended. */
  observe(call: ObservedCall): boolean;
  /** Counts a call that got an error in place of an answer, by its code. */
  failed(code: string, arrivedMs: number): void;
  /** Resolves when so many rows find room: for callers that may wait, which a server may not. */
  room(rows: number): Promise<void>;
  /** Writes what is left, as the last file of this life. */
  close(): Promise<ObserverSummary>;
}

/** Rows that are turned into columns in one go: between two goes requests are answered. */
const rowsAtOnce = 512;

/** Starts observing. A folder that cannot be written ends observation, not serving. */
export function openObserver(options: ObserverOptions): Observer {
  const { plan, rollMs, rollRows, windows, now } = options;
  const chosen = rowSampler(plan.sample, `${options.replica}.${options.boot}`);
  const open = () => openSegment(plan, { chosen, ...(windows.strangers && { mostWindows: windows.most }) });
  let segment = open();
  let openedMs = now();
  let sequence = 0;
  let dropped = 0;
  let writing: Promise<void> | undefined;
  let failure: string | undefined;
  const totals = { written: 0, lost: 0, files: 0 };

  const full = (rows = 0) =>
    segment.rows > 0 &&
    (segment.rows >= rollRows || segment.rows + rows > rollRows || segment.windows >= windows.most);

  const lose = (rows: number) => {
    dropped += rows;
    totals.lost += rows;
    return false;
  };

  const roll = (last = false) => {
    if (writing || failure !== undefined || (segment.windows === 0 && !last)) return;
    const taken: Taken = { segment, openedMs, sequence: sequence++, dropped, last };
    segment = open();
    openedMs = now();
    dropped = 0;
    writing = writeSegment(options, taken)
      .then(() => {
        totals.written += taken.segment.rows;
        totals.files++;
      })
      .catch((thrown: unknown) => {
        failure = messageOf(thrown);
        totals.lost += taken.segment.rows + segment.rows;
        segment = open();
        options.stopped(failure);
      })
      .finally(() => {
        writing = undefined;
        if (full() || now() - openedMs >= rollMs) roll();
      });
  };

  const timer = setInterval(roll, rollMs);
  timer.unref();

  return {
    observe(call) {
      const { rows } = call.prediction;
      if (full(rows)) roll();
      if (failure !== undefined || full(rows)) return lose(rows);
      try {
        segment.add(call);
      } catch {
        return lose(rows);
      }
      if (full()) roll();
      return true;
    },
    failed(code, arrivedMs) {
      if (failure === undefined) segment.fail(code, arrivedMs);
    },
    async room(rows) {
      while (writing && full(rows)) await writing;
    },
    async close() {
      clearInterval(timer);
      while (writing) await writing;
      roll(true);
      while (writing) await writing;
      return { ...totals, ...(failure !== undefined && { failure }) };
    },
  };
}

interface Taken {
  readonly segment: Segment;
  readonly openedMs: number;
  readonly sequence: number;
  readonly dropped: number;
  readonly last: boolean;
}

/** First log and rows, then the counters: a log without counters is what a death in between leaves, and does not count. */
async function writeSegment(options: ObserverOptions, taken: Taken): Promise<void> {
  const { plan, folder, replica, boot, rollMs, rollRows, now } = options;
  const { segment, sequence, dropped, last } = taken;
  const names = segmentNames({ replica, boot, sequence });
  const logged = segment.rows > 0;
  const sampled = segment.sample.rows;
  const text = JSON.stringify({
    format_version: 1,
    kind: "baton-observation",
    ...planFields(plan),
    replica,
    boot,
    sequence,
    last,
    opened_at: new Date(taken.openedMs).toISOString(),
    rolled_at: new Date(now()).toISOString(),
    may_lose: { seconds: (2 * rollMs) / 1000, rows: 2 * rollRows },
    dropped,
    ...(logged && { log: { file: names.log, rows: segment.rows } }),
    ...(sampled > 0 && { rows: { file: names.rows, rows: sampled } }),
    windows: segment.counts(),
  });
  await writeWhole(folder, names.counters, `${text}\n`, async (pathOf) => {
    if (logged) await options.writeTables(pathOf(names.log), inTurns(segment.log), logColumns(plan));
    if (sampled > 0)
      await options.writeTables(pathOf(names.rows), inTurns(segment.sample), sampleColumns(plan));
  });
}

async function* inTurns(log: Segment["log"]): AsyncGenerator<Table> {
  for (const table of log.tables(rowsAtOnce)) {
    yield table;
    await pause();
  }
}
