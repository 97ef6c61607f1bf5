import type { Task } from "../contract.ts";

/** One name that gates and triggers may use. */
export interface MetricDefinition {
  readonly name: string;
  readonly type: "double" | "int";
  readonly tasks: readonly Task[];
  /** What it is, its range, and which way is better. */
  readonly meaning: string;
}

const ranked: readonly Task[] = ["binary-classification"];
const measured: readonly Task[] = ["regression"];
const any: readonly Task[] = ["binary-classification", "regression", "other"];

/** Metrics of a task on labelled rows; each also as `previous.<name>` in gates and `mature.<name>`, `estimated.<name>` in triggers. */
export const metricDefinitions: readonly MetricDefinition[] = [
  { name: "rows", type: "int", tasks: any, meaning: "Rows that were judged." },
  {
    name: "roc_auc",
    type: "double",
    tasks: ranked,
    meaning: "Area under the ROC curve, 0 to 1, higher is better; ties count half.",
  },
  {
    name: "average_precision",
    type: "double",
    tasks: ranked,
    meaning: "Average precision, 0 to 1, higher is better.",
  },
  {
    name: "log_loss",
    type: "double",
    tasks: ranked,
    meaning: "Mean negative log likelihood in nats, lower is better.",
  },
  { name: "brier", type: "double", tasks: ranked, meaning: "Brier score, 0 to 1, lower is better." },
  {
    name: "ece",
    type: "double",
    tasks: ranked,
    meaning: "Expected calibration error, 0 to 1, lower is better.",
  },
  {
    name: "accuracy",
    type: "double",
    tasks: ranked,
    meaning: "Share of right decisions at the output's threshold.",
  },
  {
    name: "precision",
    type: "double",
    tasks: ranked,
    meaning: "Share of positive decisions that are right.",
  },
  { name: "recall", type: "double", tasks: ranked, meaning: "Share of positives that are found." },
  { name: "f1", type: "double", tasks: ranked, meaning: "Harmonic mean of precision and recall." },
  { name: "base_rate", type: "double", tasks: ranked, meaning: "Share of positives among the rows." },
  {
    name: "rmse",
    type: "double",
    tasks: measured,
    meaning: "Root mean squared error, in the unit of the output, lower is better.",
  },
  {
    name: "mae",
    type: "double",
    tasks: measured,
    meaning: "Mean absolute error, in the unit of the output, lower is better.",
  },
  {
    name: "r2",
    type: "double",
    tasks: measured,
    meaning: "Coefficient of determination, at most 1, higher is better.",
  },
];

/**
 * What triggers may name beside `mature.<metric>` and `estimated.<metric>`. Each is of one window, and unknown where it
 * says so: `src/watch/triggers/window-values.ts` computes them.
 */
export const watchDefinitions: readonly (Omit<MetricDefinition, "tasks" | "type"> & {
  readonly type: "double" | "int" | "bool";
})[] = [
  {
    name: "drift.share",
    type: "double",
    meaning:
      "Share of the features that the calibrated detectors call drifted, of those they can tell, 0 to 1. Unknown without thresholds, or where fewer than half of the features can be told.",
  },
  {
    name: "drift.max",
    type: "double",
    meaning:
      "Largest effect among the features: Jensen-Shannon distance to the reference (base 2, 0 to 1), freed from what sampling adds. Unknown without thresholds, or where no feature can be told.",
  },
  {
    name: "drift.score",
    type: "double",
    meaning:
      "The same distance for the first output. Unknown without thresholds, or where it cannot be told.",
  },
  {
    name: "quality.ok",
    type: "bool",
    meaning:
      "False where a class of errors of contract or feed (`contract.*`, `upstream.*`), more than a note and above `serving.traffic.invalid`, is open in the window. Unknown where errors were not classified.",
  },
  {
    name: "quality.rejected",
    type: "double",
    meaning: "Share of rows that got no answer, 0 to 1.",
  },
  {
    name: "quality.missing",
    type: "double",
    meaning: "Largest increase of a feature's share of missing values over the reference, 0 to 1.",
  },
  {
    name: "quality.unknown",
    type: "double",
    meaning: "Largest share, over the features, of rows with a category that the contract does not list.",
  },
  { name: "traffic.rows", type: "int", meaning: "Rows in the window, rejected ones with them." },
  {
    name: "labels.coverage",
    type: "double",
    meaning: "Share of the answered predictions whose label has come by now, 0 to 1. Unknown without labels.",
  },
];

/** Metric names that make sense for a task. */
export function metricsOf(task: Task): readonly MetricDefinition[] {
  return metricDefinitions.filter((metric) => metric.tasks.includes(task));
}
