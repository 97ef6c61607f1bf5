import type {
  CalibrationCheck,
  EstimatedPerformance,
  EstimationError,
  EstimationReport,
} from "../report/estimated-performance.ts";
import type { PerformanceReport } from "../report/performance-report.ts";

/** A window in which performance was estimated, and measured where its labels have matured. */
export interface EstimatedWindow {
  readonly estimated?: EstimatedPerformance;
  readonly performance?: PerformanceReport;
}

/** An estimate with its error, where labels have shown it. */
export function withError(
  estimated: EstimatedPerformance,
  measured: PerformanceReport | undefined,
): EstimatedPerformance {
  if (!measured?.metrics) return estimated;
  const { metrics } = measured;
  const error = Object.entries(estimated.metrics).flatMap(([name, value]) =>
    metrics[name] === undefined ? [] : [[name, value - metrics[name]] as const],
  );
  return { ...estimated, error: Object.fromEntries(error) };
}

/** Estimates against what labels showed, over all windows that have both. */
export function estimationReport(
  calibration: CalibrationCheck,
  windows: readonly EstimatedWindow[],
): EstimationReport {
  const seen = windows.flatMap(({ estimated }) => (estimated?.error ? [estimated] : []));
  const names = new Set(seen.flatMap(({ error }) => Object.keys(error!)));
  return {
    calibration,
    errors: Object.fromEntries([...names].map((name) => [name, errorOf(name, seen)])),
  };
}

function errorOf(name: string, seen: readonly EstimatedPerformance[]): EstimationError {
  const known = seen.filter(({ error }) => error![name] !== undefined);
  const errors = known.map(({ error }) => error![name]!);
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const inside = known.map(({ metrics, intervals, error }) => {
    const [low, high] = intervals[name] ?? [Number.NaN, Number.NaN];
    const measured = metrics[name]! - error![name]!;
    return Number(low <= measured && measured <= high);
  });
  return {
    windows: known.length,
    meanAbsoluteError: mean(errors.map(Math.abs)),
    bias: mean(errors),
    inside: mean(inside),
  };
}
