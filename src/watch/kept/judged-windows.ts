import type { Contract } from "../../contract/index.ts";
import type { Profile } from "../../profile/index.ts";
import type { WindowJudgement } from "../detectors/judge-window.ts";
import { type DriftRun, type DriftState, judgeDrift } from "../drift/judge-drift.ts";
import type { PerformanceEstimator } from "../estimate/performance-estimator.ts";
import type { WindowCounts } from "../observe/window-counts.ts";
import { type ColumnReport, columnReport, watchedColumns } from "../report/column-report.ts";
import type { EstimatedPerformance } from "../report/estimated-performance.ts";
import { windowMix } from "../strata/window-strata.ts";
import { checkpointsAt } from "./checkpoints.ts";

/** What the counters of one window say, by itself and after the windows before it. */
export interface JudgedWindow {
  readonly columns: readonly ColumnReport[];
  readonly estimated: EstimatedPerformance | undefined;
  /** Absent without calibrated thresholds, and without rows. */
  readonly drift: WindowJudgement | undefined;
}

/** The state of the judges after so many windows with rows. */
export interface Checkpoint {
  readonly windows: number;
  readonly state: DriftState;
}

/** Results of an earlier watch, of windows whose counters are the same. */
export interface KnownResults {
  /** In the order in which they were judged. */
  readonly windows: readonly WindowCounts[];
  readonly of: (window: WindowCounts) => JudgedWindow | undefined;
  /** Ascending. */
  readonly checkpoints: readonly Checkpoint[];
}

/** Windows that were judged, and what to go on from. */
export interface JudgedWindows {
  /** Windows with rows, in the order of time. */
  readonly windows: readonly WindowCounts[];
  readonly of: (window: WindowCounts) => JudgedWindow;
  /** Absent without calibrated thresholds. */
  readonly drift: DriftRun | undefined;
  readonly checkpoints: readonly Checkpoint[];
  /** So many of the first windows are those of before, and verdicts on so many were taken over. */
  readonly same: number;
  readonly unchanged: number;
}

/** What windows are judged by. */
export interface Judges {
  readonly contract: Contract;
  readonly profile: Profile;
  readonly windowMs: number;
  readonly estimator: PerformanceEstimator | undefined;
}

/** Which windows are judged, and what is known of them. */
export interface JudgeOptions {
  /** Windows that begin later are left out; in milliseconds since 1970. */
  readonly atMs: number;
  readonly known?: KnownResults | undefined;
}

/**
 * Judges windows in the order of time. Of those that are known only what came after the first that changed is judged again by
 * the detectors, which remember; the rest of a window comes from its counters alone.
 */
export function judgeWindows(
  judges: Judges,
  all: readonly WindowCounts[],
  { atMs, known }: JudgeOptions,
): JudgedWindows {
  const windows = all.filter(({ rows, start }) => rows > 0 && start < atMs);
  const columns = watchedColumns(judges.contract, judges.profile);
  const changed = windows.findIndex((window, at) => window !== known?.windows[at]);
  const same = changed < 0 ? windows.length : changed;
  const { drift, checkpoints, unchanged } = driftOver(judges, windows, known && { ...known, same });
  const judgements = new Map(drift?.judgements.map((judgement, at) => [windows[at]!, judgement]));
  const made = new Map<WindowCounts, JudgedWindow>();
  const { strata } = judges.profile.thresholds ?? {};
  const mixOf = strata && windowMix(strata, judges.profile);
  const reportsOf = (window: WindowCounts) => {
    const mix = mixOf?.(window);
    return columns.map((column) => columnReport(column, window, mix));
  };
  const judge = (window: WindowCounts): JudgedWindow => {
    const before = known?.of(window);
    const reports = once(() => before?.columns ?? reportsOf(window));
    const estimate = once(() =>
      before ? before.estimated : judges.estimator?.estimate(window.outputs.columns),
    );
    return {
      get columns() {
        return reports();
      },
      get estimated() {
        return estimate();
      },
      drift: judgements.get(window),
    };
  };
  return {
    windows,
    of(window) {
      const judged = made.get(window) ?? judge(window);
      made.set(window, judged);
      return judged;
    },
    drift,
    checkpoints,
    same,
    unchanged,
  };
}

/** The verdicts of the detectors, from the last checkpoint before the first window that is not what it was. */
function driftOver(
  judges: Judges,
  windows: readonly WindowCounts[],
  known: (KnownResults & { readonly same: number }) | undefined,
) {
  if (!judges.profile.thresholds) return { drift: undefined, checkpoints: [], unchanged: 0 };
  const start = known?.checkpoints.findLast((one) => one.windows <= known.same);
  const wanted = checkpointsAt(windows.length);
  const unchanged = start?.windows ?? 0;
  const judgements = windows.slice(0, unchanged).map((window) => known!.of(window)!.drift!);
  const checkpoints = (known?.checkpoints ?? []).filter(
    (one) => one.windows <= unchanged && wanted.includes(one.windows),
  );
  let [at, state] = [unchanged, start?.state];
  for (const end of [...wanted.filter((one) => one > unchanged), windows.length]) {
    const run = judgeDrift(judges, windows.slice(at, end), state)!;
    judgements.push(...run.judgements);
    if (end > at) checkpoints.push({ windows: end, state: run.state });
    [at, state] = [end, run.state];
  }
  return { drift: { judgements, state: state! }, checkpoints, unchanged };
}

/** Makes a value when it is first asked for. */
export function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}
