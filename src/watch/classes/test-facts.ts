import { createTally, type Profile } from "../../profile/index.ts";
import {
  observedTables,
  randomRows,
  type WatchedRow,
  watched,
  watchedProfile,
} from "../observe/test-observations.ts";
import type { WindowCounts } from "../observe/window-counts.ts";
import type { WindowReport } from "../report/window-report.ts";
import { type ClassifyInput, type Facts, factsOf } from "./facts.ts";

/** What is special about one window of a made-up model: the rest is 300 rows of one law, all answered. */
export interface MadeWindow {
  readonly rows?: readonly WatchedRow[];
  readonly rejected?: WindowCounts["rejected"];
  readonly failed?: WindowCounts["failed"];
  readonly performance?: WindowReport["performance"];
  /** Columns that the detectors call drifting: `features.wind`. */
  readonly drifting?: readonly string[];
}

const day = 86_400_000;
const first = Date.UTC(2026, 0, 1);
const profile = await watchedProfile();

/** Facts of so many daily windows of the watched model; `made` says what is special about some. */
export function madeFacts(
  length: number,
  made: (window: number) => MadeWindow,
  rest: Partial<ClassifyInput> = {},
): Facts {
  const windows = Array.from({ length }, (_, window) => made(window));
  const contract = rest.contract ?? watched;
  const counts = windows.map((one, window) => countsOf(profile, one, window));
  const drawn = factsOf({ contract, profile, counts, windows: [] });
  const clauses = drawn.series.map(({ clause }) => clause);
  return factsOf({
    ...{ contract, profile, counts },
    windows: windows.map((one, window) => reportOf(one, counts[window]!, clauses)),
    ...rest,
  });
}

/** Three hundred rows of one law; other rows for each window. */
export function usualRows(window: number, change: Partial<WatchedRow> = {}): WatchedRow[] {
  return randomRows(`window ${window}`, 300, change);
}

function countsOf({ features, outputs }: Profile, made: MadeWindow, window: number): WindowCounts {
  const rows = made.rows ?? usualRows(window);
  const [seen, answers] = observedTables(rows);
  const [tally, answerTally] = [createTally(features.cells), createTally(outputs!.cells)];
  tally.add(seen);
  answerTally.add(answers);
  const { rejected = {}, failed } = made;
  const lost = Object.values(rejected).reduce((sum, count) => sum + count, 0);
  return {
    ...{ start: first + window * day, rows: rows.length, answered: rows.length - lost, untimed: 0 },
    ...{ calls: rows.length, latency: {}, rejected, outside: {} },
    ...(failed && { failed }),
    ...{ features: tally.counters(), outputs: answerTally.counters() },
  };
}

function reportOf(
  { performance, drifting = [] }: MadeWindow,
  counts: WindowCounts,
  clauses: readonly string[],
): WindowReport {
  const { start, rows, answered, rejected, untimed } = counts;
  const columns = clauses.map((clause) => ({ verdict: drifting.includes(clause) ? "drift" : "quiet" }));
  return {
    ...{ start: new Date(start).toISOString(), end: new Date(start + day).toISOString() },
    ...{ rows, answered, rejected, untimed, latency: [], columns: [] },
    drift: { columns } as unknown as NonNullable<WindowReport["drift"]>,
    ...(performance && { performance }),
  };
}
