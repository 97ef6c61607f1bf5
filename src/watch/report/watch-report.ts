import type { Contract } from "../../contract/index.ts";
import { type Finding, parseDuration, worstFirst } from "../../kernel/index.ts";
import type { Profile } from "../../profile/index.ts";
import { classify } from "../classes/classify.ts";
import type { SampledWindow } from "../classes/column-series.ts";
import { errorFindings, unexplainedAlarms } from "../classes/error-findings.ts";
import type { ErrorGroup } from "../classes/error-group.ts";
import type { WindowJudgement } from "../detectors/judge-window.ts";
import type { DriftAlarm } from "../drift/drift-alarm.ts";
import { driftFindings } from "../drift/drift-findings.ts";
import { estimationReport, withError } from "../estimate/estimation-report.ts";
import { type PerformanceEstimator, performanceEstimator } from "../estimate/performance-estimator.ts";
import { type JudgedWindows, judgeWindows } from "../kept/judged-windows.ts";
import type { LabelCounts } from "../labels/labelled-predictions.ts";
import type { MeasuredPerformance } from "../labels/measure-performance.ts";
import type { ObservationPlan } from "../observe/observation-plan.ts";
import { triggerFindings } from "../triggers/trigger-findings.ts";
import type { TriggerReport } from "../triggers/trigger-report.ts";
import { triggerReports } from "../triggers/trigger-reports.ts";
import { watchFinding } from "../watch-findings.ts";
import type { MergedObservations } from "../windows/merge-observations.ts";
import type { ReplicaLife } from "../windows/replica-lives.ts";
import { classifyWrong } from "../wrong/classify-wrong.ts";
import type { EstimatedPerformance, EstimationReport } from "./estimated-performance.ts";
import { type FreshnessReport, freshnessReport, staleFindings } from "./freshness-report.ts";
import { latencyReports } from "./latency-report.ts";
import type { PerformanceReport } from "./performance-report.ts";
import type { SliceReport } from "./slice-report.ts";
import { gapFindings, withGaps } from "./window-gaps.ts";
import type { WindowReport } from "./window-report.ts";
import type { WrongReport, WrongUntold } from "./wrong-report.ts";

/** What a watch saw. */
export interface WatchReport {
  readonly windows: readonly WindowReport[];
  readonly replicas: readonly ReplicaLife[];
  /** Absent where there are no rows. */
  readonly freshness?: FreshnessReport;
  readonly labels?: LabelCounts;
  /** Alarms of the detectors, oldest first; absent without calibrated thresholds. */
  readonly alarms?: readonly DriftAlarm[];
  /** How far estimated performance may be believed; absent where none is estimated. */
  readonly estimation?: EstimationReport;
  /** Where labelled predictions are worst; absent without labels. */
  readonly slices?: readonly SliceReport[];
  /** What went wrong, by class; absent where it was not classified. */
  readonly errors?: readonly ErrorGroup[];
  /** Wrong predictions by class; absent without labels. */
  readonly wrong?: WrongReport | WrongUntold;
  /** Clauses `retrain.<id>`; absent where they were not evaluated. */
  readonly triggers?: readonly TriggerReport[];
  readonly findings: readonly Finding[];
}

/** Everything that a report is made from. */
export interface WatchInput {
  readonly contract: Contract;
  readonly profile: Profile;
  readonly plan: ObservationPlan;
  readonly merged: MergedObservations;
  readonly labels?: MeasuredPerformance;
  /** Values of rows that were sampled, by window. */
  readonly samples?: readonly SampledWindow[];
  /** The windows of `merged` up to `atMs`, judged; done where absent. */
  readonly judged?: JudgedWindows;
  /** Made from contract and profile where absent. */
  readonly estimator?: PerformanceEstimator | undefined;
  /** The instant at which it is asked what has matured, in milliseconds since 1970. */
  readonly atMs: number;
  /** Windows and alarms that ended before are not reported, though judged; in milliseconds since 1970. */
  readonly sinceMs?: number;
}

/** Judges all windows. */
export function watchReport(input: WatchInput): WatchReport {
  const { labels } = input;
  const merged = { ...input.merged, windows: input.merged.windows.filter(({ start }) => start < input.atMs) };
  const estimator = input.estimator ?? performanceEstimator(input.contract, input.profile);
  const judges = {
    contract: input.contract,
    profile: input.profile,
    windowMs: input.plan.windowMs,
    estimator,
  };
  const judged = input.judged ?? judgeWindows(judges, merged.windows, input);
  const counts = withGaps(merged.windows, input.plan);
  const windows = counts.map((window): WindowReport => {
    const { plan, contract } = input;
    const end = window.start + plan.windowMs;
    const delayMs = parseDuration(contract.labels?.arriveAfter ?? "0ms");
    const mature = end + delayMs <= input.atMs;
    const one = judged.of(window);
    return {
      start: isoOf(window.start),
      end: isoOf(end),
      rows: window.rows,
      answered: window.answered,
      rejected: window.rejected,
      ...(window.failed && { failed: window.failed }),
      untimed: window.untimed,
      ...(window.newest_event !== undefined && { newestEvent: isoOf(window.newest_event) }),
      ...(window.newest_arrival !== undefined && { newestArrival: isoOf(window.newest_arrival) }),
      latency: latencyReports(window, plan.latencyEdges, contract.budget),
      // Many reports are made without a look at all columns of all windows.
      get columns() {
        return one.columns;
      },
      ...driftOf(one.drift),
      ...qualityOf(one.estimated, {
        measured: labels && (labels.windows.get(window.start) ?? { answered: 0, labelled: 0, mature }),
      }),
    };
  });
  const { contract, plan, atMs } = input;
  const freshness = freshnessReport(merged.windows, { windowMs: plan.windowMs, atMs });
  const alarms = judged.drift?.state.alarms;
  const errors = classify({
    contract,
    profile: input.profile,
    counts,
    windows,
    ...(labels && { labels: labels.counts }),
    ...(labels?.slices && { slices: labels.slices }),
    ...(input.samples && { samples: input.samples }),
  });
  const seen = {
    windows,
    replicas: merged.replicas,
    ...(freshness && { freshness }),
    ...(labels && { labels: labels.counts }),
    ...(labels?.slices && { slices: labels.slices }),
    ...(estimator && { estimation: estimationReport(estimator.check, windows) }),
    ...(alarms && { alarms }),
    errors,
  };
  const triggers = triggerReports({ contract, windowMs: plan.windowMs, atMs, seen });
  const { sinceMs = -Infinity } = input;
  const shown = windows.filter(({ end }) => Date.parse(end) > sinceMs);
  const newer = alarms?.filter(({ until }) => Date.parse(until) > sinceMs);
  const newErrors = errors.filter(({ last }) => Date.parse(last) > sinceMs);
  const wrong = labels && classifyWrong({ contract, windows: shown, errors, counted: labels.wrong });
  return {
    ...seen,
    windows: shown,
    ...(newer && { alarms: newer }),
    errors: newErrors,
    ...(wrong && { wrong: wrong.report }),
    triggers,
    findings: worstFirst([
      ...merged.findings,
      ...findingsOf(shown),
      ...errorFindings([...newErrors, ...(wrong?.groups ?? [])]),
      ...(shown.length > 0 ? driftFindings(contract, newer && unexplainedAlarms(newer, errors)) : []),
      ...insufficientFindings(shown),
      ...staleFindings(freshness),
      ...aheadFindings(input),
      ...gapFindings(
        merged.windows.filter(({ start }) => start + plan.windowMs > sinceMs),
        plan.windowMs,
      ),
      ...labelFindings(labels?.counts),
      ...triggerFindings(triggers),
    ]),
  };
}

function qualityOf(
  estimated: EstimatedPerformance | undefined,
  { measured }: { readonly measured: PerformanceReport | undefined },
): Pick<WindowReport, "estimated" | "performance"> {
  return {
    ...(measured && { performance: measured }),
    ...(estimated && { estimated: withError(estimated, measured) }),
  };
}

/** Windows after the instant at which it is judged: a look back in time, or clocks that are wrong. */
function aheadFindings({ merged, atMs }: WatchInput): Finding[] {
  const ahead = merged.windows.filter(({ start }) => start >= atMs);
  if (ahead.length === 0) return [];
  const rows = ahead.reduce((sum, window) => sum + window.rows, 0);
  return [
    watchFinding("watch.ahead", {
      clause: "watch",
      message: `${rows} rows in ${ahead.length} windows are later than ${isoOf(atMs)}, as of which this is judged; they are left out.`,
    }),
  ];
}

const driftOf = (drift: WindowJudgement | undefined) => (drift ? { drift } : {});
const isoOf = (ms: number) => new Date(ms).toISOString();

function findingsOf(windows: readonly WindowReport[]): Finding[] {
  if (windows.length === 0)
    return [
      watchFinding("watch.nothing-observed", {
        clause: "watch",
        message: "The folders hold no counters of this content, or none of the time that is asked about.",
      }),
    ];
  return [...budgetFindings(windows), ...untimedFindings(windows)];
}

function budgetFindings(windows: readonly WindowReport[]): Finding[] {
  const failed = windows.flatMap(({ start, latency }) =>
    latency.filter(({ verdict }) => verdict === "fail").map((report) => ({ start, ...report })),
  );
  const percentiles = [...new Set(failed.map(({ percentile }) => percentile))];
  return percentiles.map((percentile) => {
    const list = failed.filter((one) => one.percentile === percentile);
    const worst = list.reduce((a, b) => (b.within / b.calls < a.within / a.calls ? b : a));
    return watchFinding("watch.over-budget", {
      clause: "budget",
      expected: `${percentile} ≤ ${worst.boundMs} ms`,
      received: `${worst.within} of ${worst.calls} calls within it`,
      message: `${percentile} is over its bound of ${worst.boundMs} ms in ${list.length} windows; worst in the one from ${worst.start}: ${worst.within} of ${worst.calls} calls kept it.`,
    });
  });
}

function insufficientFindings(windows: readonly WindowReport[]): Finding[] {
  const small = windows.filter(({ columns, drift }) =>
    drift
      ? drift.columns.some(({ verdict }) => verdict === "insufficient")
      : columns.some(({ distances }) => !distances.sufficient),
  );
  if (small.length === 0) return [];
  return [
    watchFinding("watch.insufficient", {
      clause: "watch",
      message: `${small.length} of ${windows.length} windows have columns with too few rows to tell.`,
    }),
  ];
}

function untimedFindings(windows: readonly WindowReport[]): Finding[] {
  const untimed = windows.reduce((sum, window) => sum + window.untimed, 0);
  if (untimed === 0) return [];
  return [
    watchFinding("watch.untimed", {
      clause: "watch",
      message: `${untimed} rows had no event time that can be read; they stand in the window of their arrival.`,
    }),
  ];
}

function labelFindings(counts: LabelCounts | undefined): Finding[] {
  const findings: Finding[] = [];
  if (counts && counts.unmatched > 0)
    findings.push(
      watchFinding("watch.labels-unmatched", {
        message: `${counts.unmatched} labels have no prediction; ${counts.matched} have one.`,
      }),
    );
  if (counts && counts.empty > 0 && counts.matched + counts.unmatched === 0)
    findings.push(watchFinding("watch.labels-empty", { message: `All ${counts.empty} labels are empty.` }));
  if (counts && counts.corrected > 0)
    findings.push(
      watchFinding("watch.labels-contradict", {
        message: `${counts.corrected} labels were contradicted by a later one.`,
      }),
    );
  return findings;
}
