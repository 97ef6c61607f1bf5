import { Gauge, Registry } from "prom-client";
import type { Finding } from "../../kernel/index.ts";
import type { WatchReport, WindowReport } from "../../watch/index.ts";

/** What is exposed. */
export interface WatchMetricsInput {
  readonly model: string;
  readonly version: string;
  /** Content digest. */
  readonly digest: string;
  readonly report: WatchReport;
  readonly findings: readonly Finding[];
  readonly passed: boolean;
  /** The instant of judgement, in milliseconds since 1970. */
  readonly atMs: number;
}

type Labels = Readonly<Record<string, string>>;
type Sample = readonly [value: number | undefined, labels?: Labels];

/**
 * A report in Prometheus' text format 0.0.4, for node_exporter's textfile collector. Every series carries model and version;
 * the others are bounded by the contract: columns, metrics, percentiles, triggers. What is unknown has no sample.
 */
export async function watchMetrics(input: WatchMetricsInput): Promise<string> {
  const { model, version, digest, report, findings, passed, atMs } = input;
  const registry = new Registry();
  registry.setDefaultLabels({ model, version });
  const gauge = (name: string, help: string, samples: readonly Sample[]) => {
    const known = samples.filter(([value]) => value !== undefined && Number.isFinite(value));
    if (known.length === 0) return;
    const labelNames = [...new Set(known.flatMap(([, labels = {}]) => Object.keys(labels)))];
    const made = new Gauge({ name: `baton_watch_${name}`, help, labelNames, registers: [registry] });
    for (const [value, labels = {}] of known) made.set(labels, value!);
  };
  const { windows, freshness, alarms, triggers, errors } = report;
  const newest = windows.findLast(({ rows }) => rows > 0);
  const mature = windows.findLast(({ performance }) => performance?.metrics);

  gauge("info", "1; the content that was watched.", [[1, { digest }]]);
  gauge("timestamp_seconds", "The instant of judgement.", [[atMs / 1000]]);
  gauge("passed", "1 when no watched clause fails, as the exit code says.", [[passed ? 1 : 0]]);
  gauge(
    "findings",
    "Findings by severity.",
    (["blocking", "warning", "note"] as const).map((severity) => [
      findings.filter((finding) => finding.severity === severity).length,
      { severity },
    ]),
  );
  gauge("windows", "Windows of event time in the report.", [[windows.length]]);
  gauge("rows", "Rows in all windows, answered or not.", [
    [windows.reduce((sum, { rows }) => sum + rows, 0)],
  ]);
  gauge("newest_event_timestamp_seconds", "Newest event time of a row.", [[seconds(freshness?.newestEvent)]]);
  gauge("stale", "1 when no rows have come for longer than ever before.", [[flag(freshness?.stale)]]);
  gauge("window_start_timestamp_seconds", "Start of the newest window with rows.", [
    [seconds(newest?.start)],
  ]);
  gauge("window_rows", "Rows of the newest window with rows.", [[newest?.rows]]);
  gauge("window_rejected_ratio", "Share of its rows that got no answer.", [
    [newest && (newest.rows - newest.answered) / newest.rows],
  ]);
  columnGauges(gauge, newest);
  gauge("alarm_open", "1 while a drift alarm is open; no sample without calibrated thresholds.", [
    [alarms && flag(alarms.some(({ open }) => open))],
  ]);
  gauge("performance_window_start_timestamp_seconds", "Start of the newest mature window.", [
    [seconds(mature?.start)],
  ]);
  gauge(
    "performance",
    "Metrics on the labels of the newest mature window.",
    metricSamples(mature?.performance?.metrics),
  );
  gauge("label_coverage_ratio", "Share of its answered rows that have a label.", [
    [mature?.performance && mature.performance.labelled / mature.performance.answered],
  ]);
  gauge(
    "estimated_performance",
    "Metrics of the newest window with rows, estimated without labels; blind to concept drift.",
    metricSamples(newest?.estimated?.metrics),
  );
  gauge(
    "latency_over_bound_ratio",
    "Share of the calls of the newest window with rows that took longer than the bound of the budget.",
    (newest?.latency ?? []).map(({ percentile, calls, within }) => [1 - within / calls, { percentile }]),
  );
  gauge(
    "trigger_met",
    "1 when the condition of a trigger is met in the newest window.",
    (triggers ?? []).map(({ clause, state }) => [flag(state === "met"), { clause }]),
  );
  gauge("error_classes", "Kinds of errors by severity, each told once.", errorSamples(errors));
  return registry.metrics();
}

type Make = (name: string, help: string, samples: readonly Sample[]) => void;

function columnGauges(gauge: Make, newest: WindowReport | undefined): void {
  const columns = newest?.columns ?? [];
  gauge(
    "column_distance",
    "Jensen-Shannon distance (base 2) of a column to the reference in the newest window with rows.",
    columns.map(({ clause, distances }) => [distances.distances?.jensenShannon, { clause }]),
  );
  gauge(
    "column_missing_ratio",
    "Share of missing values of a column in the newest window with rows.",
    columns.map(({ clause, missing }) => [missing.now, { clause }]),
  );
  gauge(
    "column_drift",
    "1 when a column drifts by the calibrated thresholds; no sample where it cannot be told.",
    columns.map(({ clause }, at) => {
      const verdict = newest?.drift?.columns[at]?.verdict;
      return [
        verdict === undefined || verdict === "insufficient" ? undefined : flag(verdict === "drift"),
        { clause },
      ];
    }),
  );
}

function metricSamples(metrics: Readonly<Record<string, number>> | undefined): Sample[] {
  return Object.entries(metrics ?? {}).map(([metric, value]) => [value, { metric }]);
}

function errorSamples(errors: WatchReport["errors"]): Sample[] {
  if (!errors) return [];
  return (["blocking", "warning", "note"] as const).map((severity) => [
    errors.filter((group) => group.severity === severity).length,
    { severity },
  ]);
}

const flag = (value: boolean | undefined) => (value === undefined ? undefined : value ? 1 : 0);
const seconds = (instant: string | undefined) =>
  instant === undefined ? undefined : Date.parse(instant) / 1000;
