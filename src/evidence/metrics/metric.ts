import type { Task } from "../../contract/index.ts";
import { accuracy, f1, precision, recall } from "./decision.ts";
import { areProbabilities, brier, expectedCalibrationError, logLoss } from "./probability.ts";
import { averagePrecision, rocAuc } from "./ranking.ts";
import { coefficientOfDetermination, meanAbsoluteError, rootMeanSquaredError } from "./regression.ts";
import { meanOver, rowsOf, type Sample } from "./sample.ts";

/** A number about a sample; null where the metric is undefined for it. */
export type Metric = (sample: Sample) => number | null;

const counting = { rows: rowsOf } satisfies Record<string, Metric>;

const classification = {
  ...counting,
  base_rate: (sample) => meanOver(sample, (row) => sample.labels[row]!),
  roc_auc: rocAuc,
  average_precision: averagePrecision,
  log_loss: logLoss,
  brier,
  ece: expectedCalibrationError,
  accuracy,
  precision,
  recall,
  f1,
} satisfies Record<string, Metric>;

const regression = {
  ...counting,
  rmse: rootMeanSquaredError,
  mae: meanAbsoluteError,
  r2: coefficientOfDetermination,
} satisfies Record<string, Metric>;

const metrics: Readonly<Record<Task, Readonly<Record<string, Metric>>>> = {
  "binary-classification": classification,
  regression,
  other: counting,
};

/** Names that gates may use for a task, in the order in which they are shown. */
export function metricNames(task: Task): string[] {
  return Object.keys(metrics[task]);
}

/** The metric of that name, if the task has it. */
export function metricOf(task: Task, name: string): Metric | undefined {
  return Object.hasOwn(metrics[task], name) ? metrics[task][name] : undefined;
}

const errors = new Set(["log_loss", "brier", "ece", "rmse", "mae"]);

/** True for metrics that measure an error: smaller is better. */
export function lowerIsBetter(name: string): boolean {
  return errors.has(name);
}

/** Why a metric has no value for a sample, as the end of the sentence "… is undefined: ". */
export function whyUndefined(name: string, sample: Sample): string {
  if (rowsOf(sample) === 0) return "there are no rows";
  const positives = sample.labels.reduce((sum, label) => sum + label, 0);
  const oneClass = `all ${sample.labels.length} rows have the same label`;
  if (name === "roc_auc") return oneClass;
  if (name === "average_precision" || (name === "recall" && positives === 0)) return "there are no positives";
  if (["accuracy", "precision", "recall", "f1"].includes(name))
    return sample.decisions ? "nothing was decided positive" : "the first output has no threshold";
  if (name === "r2") return oneClass;
  if (!areProbabilities(sample)) return "some scores are outside [0, 1]";
  return "it has no value for these rows";
}
