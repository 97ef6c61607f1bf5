import type { Task } from "../../contract/index.ts";
import { metricNames, metricOf, ranked, type Sample } from "../../evidence/index.ts";
import { metricIntervals } from "../intervals/metric-intervals.ts";
import type { LabelledWindow } from "../labels/labelled-predictions.ts";

/** How good the answers of one window were. */
export interface PerformanceReport {
  /** Answered predictions of the window, and how many of them have a label. */
  readonly answered: number;
  readonly labelled: number;
  /** All labels of the window must have come by now; before that its quality is unknown, never good. */
  readonly mature: boolean;
  /** By metric, where it is defined; absent while immature. */
  readonly metrics?: Readonly<Record<string, number>>;
  /** 95 % intervals of metrics; absent for a metric for which the labels are too few, or all of one class. */
  readonly intervals?: Readonly<Record<string, readonly [low: number, high: number]>>;
}

/** The performance of a window as seen at an instant. */
export function performanceReport(
  window: LabelledWindow,
  { task, mature }: { readonly task: Task; readonly mature: boolean },
): PerformanceReport {
  const seen = { answered: window.answered, labelled: window.labels.length, mature };
  if (!mature || seen.labelled === 0) return seen;
  const sample = task === "binary-classification" ? ranked(window) : window;
  return { ...seen, metrics: metricsOf(sample, task), intervals: metricIntervals(sample, task) };
}

function metricsOf(sample: Sample, task: Task): Record<string, number> {
  return Object.fromEntries(
    metricNames(task).flatMap((name) => {
      const value = metricOf(task, name)?.(sample) ?? null;
      return value === null ? [] : [[name, value] as const];
    }),
  );
}
