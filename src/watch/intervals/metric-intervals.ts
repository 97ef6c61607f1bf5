import type { Task } from "../../contract/index.ts";
import { metricOf, type Sample } from "../../evidence/index.ts";
import { aucEstimate, aucInterval } from "./auc-interval.ts";
import { type Interval, logitInterval, z95 } from "./normal.ts";
import { wilsonInterval } from "./wilson.ts";

type MetricInterval = (sample: Sample) => Interval | undefined;

/** Fewer terms do not have a mean that is nearly normal. */
const fewestRows = 30;
const fewestPositives = 10;

/**
 * 95 % intervals of metrics as estimates of what the model does on rows like these, which are taken to be independent. A
 * metric without one is absent: too few labels, one class, or (ECE) an estimate that few rows bias upward.
 */
export function metricIntervals(sample: Sample, task: Task): Record<string, Interval> {
  const found: Record<string, Interval> = {};
  for (const [name, intervalOf] of Object.entries(intervals[task])) {
    if ((metricOf(task, name)?.(sample) ?? null) === null) continue;
    const interval = intervalOf(sample);
    if (interval) found[name] = interval;
  }
  return found;
}

const intervals: Readonly<Record<Task, Readonly<Record<string, MetricInterval>>>> = {
  "binary-classification": {
    base_rate: ({ labels }) => wilsonInterval(sum(labels), labels.length),
    roc_auc: (sample) => aucInterval(aucEstimate(sample)),
    average_precision: averagePrecisionInterval,
    log_loss: (sample) => meanInterval(lossesOf(sample)),
    brier: ({ labels, scores }) => meanInterval(labels.map((label, row) => (scores[row]! - label) ** 2)),
    accuracy: share((label, decision) => [label === decision, true]),
    precision: share((label, decision) => [label === 1 && decision === 1, decision === 1]),
    recall: share((label, decision) => [label === 1 && decision === 1, label === 1]),
    f1: f1Interval,
  },
  regression: {
    rmse: (sample) => rooted(meanInterval(squaresOf(sample))),
    mae: ({ labels, scores }) => meanInterval(labels.map((label, row) => Math.abs(scores[row]! - label))),
    r2: determinationInterval,
  },
  other: {},
};

function share(
  of: (label: number, decision: number) => readonly [hit: boolean, counts: boolean],
): MetricInterval {
  return ({ labels, decisions }) => {
    if (!decisions) return undefined;
    let [hits, rows] = [0, 0];
    for (let row = 0; row < labels.length; row++) {
      const [hit, counts] = of(labels[row]!, decisions[row]!);
      if (counts) rows++;
      if (hit) hits++;
    }
    return wilsonInterval(hits, rows);
  };
}

/** F1 = 2J/(1 + J) rises with J = TP/(TP + FP + FN), a share of the rows that are positive or decided so: Wilson's ends, carried over. */
function f1Interval(sample: Sample): Interval | undefined {
  const jaccard = share((label, decision) => [label + decision === 2, label + decision > 0])(sample);
  return jaccard && [f1Of(jaccard[0]), f1Of(jaccard[1])];
}

function f1Of(jaccard: number): number {
  return (2 * jaccard) / (1 + jaccard);
}

/** On the logit scale with the positives as the sample size (Boyd, Eng and Page 2013, section 3). */
function averagePrecisionInterval(sample: Sample): Interval | undefined {
  const value = metricOf("binary-classification", "average_precision")!(sample)!;
  const positives = sum(sample.labels);
  if (positives < fewestPositives || value <= 0 || value >= 1) return undefined;
  return logitInterval(value, 1 / Math.sqrt(positives * value * (1 - value)));
}

/** A mean with its standard error (central limit). */
function meanInterval(terms: Float64Array): Interval | undefined {
  if (terms.length < fewestRows) return undefined;
  const mean = sum(terms) / terms.length;
  const squares = terms.reduce((total, term) => total + (term - mean) ** 2, 0);
  const half = z95 * Math.sqrt(squares / (terms.length - 1) / terms.length);
  return half === 0 ? undefined : [Math.max(0, mean - half), mean + half];
}

function rooted(interval: Interval | undefined): Interval | undefined {
  return interval && [Math.sqrt(interval[0]), Math.sqrt(interval[1])];
}

/** A ratio of means, 1 − MSE/variance, to first order (delta method; Casella and Berger 2002, section 5.5.4). */
function determinationInterval(sample: Sample): Interval | undefined {
  const { labels } = sample;
  if (labels.length < fewestRows) return undefined;
  const mean = sum(labels) / labels.length;
  const variance = labels.reduce((total, label) => total + (label - mean) ** 2, 0) / labels.length;
  const unexplained = sum(squaresOf(sample)) / labels.length / variance;
  const terms = squaresOf(sample).map((square, row) => square - unexplained * (labels[row]! - mean) ** 2);
  const error = Math.sqrt(terms.reduce((total, term) => total + term * term, 0)) / labels.length / variance;
  return [1 - unexplained - z95 * error, Math.min(1, 1 - unexplained + z95 * error)];
}

function squaresOf({ labels, scores }: Sample): Float64Array {
  return labels.map((label, row) => (scores[row]! - label) ** 2);
}

function lossesOf({ labels, scores }: Sample): Float64Array {
  const least = 2 ** -52;
  return labels.map((label, row) => {
    const score = Math.min(Math.max(scores[row]!, least), 1 - least);
    return label === 1 ? -Math.log(score) : -Math.log1p(-score);
  });
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}
