import type { Task } from "../../contract/index.ts";
import { metricNames, metricOf, type Sample } from "../../evidence/index.ts";
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
  /** 95 % intervals of metrics, where one can be given. */
  readonly intervals?: Readonly<Record<string, readonly [low: number, high: number]>>;
}

/** The performance of a window as seen at an instant. */
export function performanceReport(
  window: LabelledWindow | undefined,
  { task, mature }: { readonly task: Task; readonly mature: boolean },
): PerformanceReport {
  const [answered, labelled] = [window?.answered ?? 0, window?.labels.length ?? 0];
  if (!mature || !window || labelled === 0) return { answered, labelled, mature };
  return { answered, labelled, mature, metrics: metricsOf(window, task) };
}

function metricsOf(sample: Sample, task: Task): Record<string, number> {
  return Object.fromEntries(
    metricNames(task).flatMap((name) => {
      const value = metricOf(task, name)?.(sample) ?? null;
      return value === null ? [] : [[name, value] as const];
    }),
  );
}
