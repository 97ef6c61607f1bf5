import { toNumber } from "../../../profile/index.ts";
import type { SliceChange, SliceReport } from "../../report/slice-report.ts";
import { allRows, dayOf, type Facts } from "../facts.ts";
import type { FoundFault } from "../scan-column.ts";
import type { Suspicion } from "../suspicion.ts";
import { type Level, type LevelStep, levelSteps } from "./level-steps.ts";

/** By which metric performance is judged, and whether more of it is better. */
const judged = {
  "binary-classification": { metric: "roc_auc", sign: 1 },
  regression: { metric: "rmse", sign: -1 },
} as const;

/** A fall that matters: of ROC AUC, or of RMSE as a share of what it was. */
const leastFall = { roc_auc: 0.03, rmse: 0.1 } as const;
/** Probabilities that are off by less do not matter. */
const leastGap = 0.03;

/** Where mature performance fell: on a slice, as a whole, or only in its level. */
export function poorAnswers(facts: Facts): Suspicion[] {
  const { task } = facts.contract.model;
  if (task === "other" || !facts.windows.some(({ performance }) => performance?.metrics)) return [];
  const falls = performanceFalls(facts, task);
  const slices = worseSlices(facts, falls);
  const outside = falls.filter(
    ({ windows }) => !slices.some(({ rows }) => windows.some((window) => rows.has(window))),
  );
  return [
    ...slices,
    ...outside.map((found) => concept(facts, task, found)),
    ...(task === "binary-classification" ? uncalibrated(facts) : []),
  ];
}

function performanceFalls(facts: Facts, task: keyof typeof judged): FoundFault<LevelStep>[] {
  const { metric, sign } = judged[task];
  const levels = facts.windows.map(({ performance }): Level | undefined => {
    const [value, interval] = [performance?.metrics?.[metric], performance?.intervals?.[metric]];
    return value === undefined || !interval
      ? undefined
      : { value, error: (interval[1] - interval[0]) / (2 * 1.96) };
  });
  const least = leastFall[metric];
  return levelSteps(
    levels,
    (before, after) => sign * (before - after) >= (sign > 0 ? least : least * before),
  );
}

function concept(
  facts: Facts,
  task: keyof typeof judged,
  { fault, windows }: FoundFault<LevelStep>,
): Suspicion {
  const { metric } = judged[task];
  const clause = facts.contract.outputs[0] ? `outputs.${facts.contract.outputs[0].name}` : "outputs";
  return {
    class: "drift.concept",
    clause,
    clauses: [clause],
    rows: allRows(facts, windows),
    about: metric,
    vague: featuresDrift(facts, windows[0]!),
    tell: () =>
      `Since ${dayOf(facts, windows[0]!)} ${metric} is ${fault.after.toFixed(3)}, ${fault.before.toFixed(3)} before: more than it ever moved, and more than chance makes it.`,
    samples: [],
  };
}

/** Where features drift too, that may be why: it takes features that stay to show that their meaning changed. */
function featuresDrift({ windows, series }: Facts, window: number): boolean {
  return windows
    .slice(Math.max(0, window - 1), window + 2)
    .some(({ drift }) =>
      drift?.columns.some(({ verdict }, at) => verdict === "drift" && series[at]!.feature),
    );
}

/** The slice that costs most of those that became worse than the rest; the others are mostly its shadows. */
function worseSlices(facts: Facts, falls: readonly FoundFault<LevelStep>[]): Suspicion[] {
  const worse = (facts.slices ?? [])
    .filter((slice) => slice.change?.significant && isItsOwn(slice.change))
    .sort((a, b) => costOf(b) - costOf(a));
  const [first, ...others] = worse;
  if (!first?.change) return [];
  const { from, until, now, before } = first.change;
  const stretch = facts.windows.flatMap(({ start, end }, window) =>
    start >= from && end <= until ? [window] : [],
  );
  const fall = falls.find(({ windows }) => windows.some((window) => stretch.includes(window)));
  const windows = fall?.windows ?? stretch;
  return [
    {
      class: "quality.slice-regression",
      clause: first.clauses[0]!,
      clauses: first.clauses,
      rows: new Map(
        [...allRows(facts, windows)].map(([window, rows]) => [window, Math.round(rows * first.share)]),
      ),
      about: first.slice,
      slice: first.slice,
      tell: (rows) =>
        `Where ${first.slice}, ${first.metric} is ${now.toFixed(3)}, ${before.toFixed(3)} before, since ${dayOf(facts, Math.min(...rows.keys()))}; on the rest it changed by less.`,
      samples: others.map(({ slice }) => `worse too: ${slice}`),
    },
  ];
}

/** The rest became worse by less than half as much: else it is not the slice that changed. */
function isItsOwn({ now, before, difference: [low, high] }: SliceChange): boolean {
  return (low + high) / 2 > (now - before) / 2;
}

/** Error that a slice brought beyond what the rest did. */
function costOf({ change }: SliceReport): number {
  return change ? (change.rows * (change.difference[0] + change.difference[1])) / 2 : 0;
}

/** Steps of mean score less share of positives. */
function uncalibrated(facts: Facts): Suspicion[] {
  const output = facts.series.find(({ feature }) => !feature);
  if (output?.cells.kind !== "numeric") return [];
  const { unit } = output.cells;
  const levels = facts.windows.map(({ performance }, window): Level | undefined => {
    const rate = performance?.metrics?.base_rate;
    if (rate === undefined) return undefined;
    const { counts, sums } = output.counts([window]);
    const rows = counts.subarray(0, -2).reduce((sum, count) => sum + toNumber(count), 0);
    if (rows === 0) return undefined;
    const mean = (sums.reduce((sum, units) => sum + units, 0) * unit) / rows;
    return {
      value: mean - rate,
      error: Math.sqrt(Math.max(rate * (1 - rate), 0.01) / performance!.labelled),
    };
  });
  return levelSteps(levels, (before, after) => Math.abs(after - before) >= leastGap).map(
    ({ fault, windows }): Suspicion => ({
      class: "output.calibration",
      clause: output.clause,
      clauses: [output.clause],
      rows: allRows(facts, windows),
      vague: featuresDrift(facts, windows[0]!),
      tell: () =>
        `Since ${dayOf(facts, windows[0]!)} the mean score less the share of positives is ${fault.after.toFixed(3)}, ${fault.before.toFixed(3)} before.`,
      samples: [],
    }),
  );
}
