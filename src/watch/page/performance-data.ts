import { metricDefinitions } from "../../contract/index.ts";
import type { WindowReport } from "../report/window-report.ts";
import type { LatencyData, MetricData, PerformanceData } from "./page-data.ts";

/** Performance on labels and without, by window; undefined where neither is there. */
export function performanceData(windows: readonly WindowReport[]): PerformanceData | undefined {
  const labelled = windows.some(({ performance }) => performance);
  if (!labelled && !windows.some(({ estimated }) => estimated)) return undefined;
  const known = new Set(
    windows.flatMap(({ performance, estimated }) => [
      ...Object.keys(performance?.metrics ?? {}),
      ...Object.keys(estimated?.metrics ?? {}),
    ]),
  );
  const shown = metricDefinitions.filter(({ name }) => name !== "rows" && known.has(name));
  return {
    ...(labelled && {
      labelled: windows.map(({ performance }) => performance?.labelled ?? 0),
      maturity: windows.map(({ performance }) => (performance?.mature ? "m" : "i")).join(""),
    }),
    metrics: shown.map((metric) => metricData(metric, windows)),
  };
}

function metricData(
  { name, meaning }: Pick<MetricData, "name" | "meaning">,
  windows: readonly WindowReport[],
): MetricData {
  const real = (end: 0 | 1) =>
    windows.map(({ performance }) => rounded(performance?.intervals?.[name]?.[end]));
  const guess = (end: 0 | 1) => windows.map(({ estimated }) => rounded(estimated?.intervals[name]?.[end]));
  return {
    name,
    meaning,
    ...known(
      "values",
      windows.map(({ performance }) => performance?.metrics?.[name] ?? null),
    ),
    ...known("low", real(0)),
    ...known("high", real(1)),
    ...known(
      "estimated",
      windows.map(({ estimated }) => estimated?.metrics[name] ?? null),
    ),
    ...known("estimatedLow", guess(0)),
    ...known("estimatedHigh", guess(1)),
  };
}

/** Ends of intervals carry six digits: what is printed, and half the bytes. */
function rounded(value: number | undefined): number | null {
  return value === undefined ? null : Number(value.toPrecision(6));
}

function known(
  name: Exclude<keyof MetricData, "name" | "meaning">,
  values: readonly (number | null)[],
): Partial<MetricData> {
  return values.some((value) => value !== null) ? { [name]: values } : {};
}

/** The latency bounds of the budget by window; empty where no call was timed. */
export function latencyData(windows: readonly WindowReport[]): LatencyData[] {
  const bounds = new Map(
    windows.flatMap(({ latency }) =>
      latency.map(({ percentile, boundMs }) => [percentile, boundMs] as const),
    ),
  );
  return [...bounds].map(([percentile, boundMs]) => {
    const reports = windows.map(({ latency }) => latency.find((one) => one.percentile === percentile));
    return {
      percentile,
      boundMs,
      calls: reports.map((report) => report?.calls ?? 0),
      within: reports.map((report) => report?.within ?? 0),
    };
  });
}
