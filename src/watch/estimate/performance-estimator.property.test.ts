import { describe, expect, it } from "vitest";
import type { Column, Contract } from "../../contract/index.ts";
import { metricOf, type Sample, seededIntegers } from "../../evidence/index.ts";
import {
  calibrationTally,
  countTable,
  emptyCounters,
  type Profile,
  profileColumns,
  profileOutputs,
} from "../../profile/index.ts";
import { isotonic } from "./isotonic.ts";
import { performanceEstimator } from "./performance-estimator.ts";

const threshold = 0.35;
const contract = {
  features: [],
  model: { name: "m", version: "1.0.0", task: "binary-classification" },
  data: { references: [] },
  outputs: [{ name: "p", type: "float32", shape: [], tensor: "p", threshold }],
} as unknown as Contract;

const random = seededIntegers("feedbeef".repeat(4));
const uniform = () => random(2 ** 30) / 2 ** 30;

/** Scores, more low ones than high; a larger `tilt` makes more of them high. */
const scoreOf = (tilt: number) => Math.fround(uniform() ** (2 / tilt));

interface World {
  readonly rows: number;
  readonly tilt?: number;
  /** Probability that a score stands for. */
  readonly means?: (score: number) => number;
}

function draw({ rows, tilt = 1, means = (score) => score }: World): Sample {
  const scores = Float32Array.from({ length: rows }, () => scoreOf(tilt));
  const labels = Float64Array.from(scores, (score) => Number(uniform() < means(score)));
  return { scores, labels, decisions: Uint8Array.from(scores, (score) => Number(score >= threshold)) };
}

const scoreColumn = ({ scores }: Sample): Column => ({
  type: "float32",
  shape: [],
  values: scores as Float32Array,
});
const tableOf = (sample: Sample) => ({
  rows: sample.labels.length,
  columns: new Map([["p", scoreColumn(sample)]]),
});

async function profiled(joint: World): Promise<Pick<Profile, "outputs" | "calibration">> {
  const outputs = await profileOutputs([tableOf(draw({ rows: 20_000 }))], profileColumns(contract).outputs);
  const tally = calibrationTally(outputs.cells.columns[0])!;
  const sample = draw(joint);
  const labels: Column = { type: "boolean", shape: [], values: Uint8Array.from(sample.labels) };
  tally.add(scoreColumn(sample), labels, new Uint8Array(joint.rows).fill(1));
  return { outputs, calibration: tally.calibration()! };
}

async function estimatorOf(joint: World) {
  const profile = await profiled(joint);
  const estimator = performanceEstimator(contract, profile)!;
  const { cells } = profile.outputs!;
  return {
    check: estimator.check,
    estimate: (sample: Sample) =>
      estimator.estimate(countTable(cells, emptyCounters(cells), tableOf(sample)).columns),
  };
}

const names = ["base_rate", "roc_auc", "brier", "accuracy", "precision", "recall", "f1"];

/** By metric: mean of estimated less measured, and the share of windows whose measured value the interval holds. */
async function errors(joint: World, window: World, calibrations = 8) {
  const seen = names.map(() => ({ bias: 0, inside: 0 }));
  const windows = calibrations * 20;
  let estimate: Awaited<ReturnType<typeof estimatorOf>>["estimate"] | undefined;
  for (let at = 0; at < windows; at++) {
    if (at % 20 === 0) ({ estimate } = await estimatorOf(joint));
    const sample = draw(window);
    const { metrics, intervals } = estimate!(sample)!;
    for (const [index, name] of names.entries()) {
      const measured = metricOf("binary-classification", name)!(sample)!;
      const [low, high] = intervals[name]!;
      seen[index]!.bias += (metrics[name]! - measured) / windows;
      seen[index]!.inside += Number(low <= measured && measured <= high) / windows;
    }
  }
  return Object.fromEntries(names.map((name, index) => [name, seen[index]!]));
}

const crooked = (score: number) => 0.75 * score ** 1.3;

describe("performance estimated without labels", () => {
  it.each([
    ["scores mean what they say", {}, {}],
    ["scores say too much, as the calibration shows", { means: crooked }, { means: crooked }],
    ["more of the rows are risky", { means: crooked }, { means: crooked, tilt: 1.7 }],
  ])("is right where %s", async (_, joint, window) => {
    const seen = await errors({ rows: 20_000, ...joint }, { rows: 1000, ...window });
    for (const name of names)
      expect([name, seen[name], Math.abs(seen[name]!.bias) < 0.005, seen[name]!.inside > 0.9]).toEqual([
        name,
        seen[name],
        true,
        true,
      ]);
  });

  it("is blind to concept drift: scores that have come to mean nothing look as good as before", async () => {
    const seen = await errors({ rows: 20_000 }, { rows: 1000, means: () => 0.33 }, 1);
    expect(seen.roc_auc!.bias).toBeGreaterThan(0.2);
    expect(seen.roc_auc!.inside).toBe(0);
  });

  it("says nothing of few answers, and nothing of ranks where a class is hardly there", async () => {
    const { estimate } = await estimatorOf({ rows: 5000 });
    expect(estimate(draw({ rows: 199 }))).toBeUndefined();
    const rare = await estimatorOf({ rows: 5000, means: () => 0.01 });
    expect(rare.estimate(draw({ rows: 300 }))!.metrics).not.toHaveProperty("roc_auc");
  });

  it("is not there without a calibration, nor for other tasks", async () => {
    const profile = await profiled({ rows: 1000 });
    expect(performanceEstimator(contract, { outputs: profile.outputs! })).toBeUndefined();
    const other = { ...contract, model: { ...contract.model, task: "regression" as const } };
    expect(performanceEstimator(other, profile)).toBeUndefined();
  });

  it("says nothing of decisions where the threshold lies inside a cell", async () => {
    const profile = await profiled({ rows: 5000 });
    const moved = { ...contract, outputs: [{ ...contract.outputs[0]!, threshold: 0.5 }] };
    const { cells } = profile.outputs!;
    const { columns } = countTable(cells, emptyCounters(cells), tableOf(draw({ rows: 1000 })));
    const { metrics } = performanceEstimator(moved, profile)!.estimate(columns)!;
    expect(Object.keys(metrics)).toEqual(["base_rate", "roc_auc", "brier"]);
  });
});

describe("the check of calibration", () => {
  const share = async (joint: World, outcome: string) => {
    const outcomes = await Promise.all(
      Array.from({ length: 40 }, async () => (await estimatorOf(joint)).check.outcome),
    );
    return outcomes.filter((one) => one === outcome).length / outcomes.length;
  };

  it("passes scores that mean what they say, and fails those that do not", async () => {
    expect(await share({ rows: 8000 }, "pass")).toBeGreaterThan(0.95);
    expect(await share({ rows: 8000, means: (score) => Math.max(0, score - 0.07) }, "fail")).toBeGreaterThan(
      0.9,
    );
  });

  it("does not tell from few rows", async () => {
    expect(await share({ rows: 150 }, "not-run")).toBeGreaterThan(0.8);
    expect(await share({ rows: 150 }, "fail")).toBeLessThanOrEqual(0.05);
  });
});

it("isotonic regression pools what falls, and rises between the means of its blocks", () => {
  const means = isotonic([
    { score: 0.1, rows: 10, positives: 2 },
    { score: 0.2, rows: 10, positives: 1 },
    { score: 0.5, rows: 20, positives: 10 },
  ]);
  expect(means(0.15)).toBeCloseTo(0.15, 12);
  expect(means(0.5)).toBeCloseTo(0.5, 12);
  expect(means(0.325)).toBeCloseTo(0.325, 12);
  expect([means(0), means(1)]).toEqual([0.15, 0.5]);
});
