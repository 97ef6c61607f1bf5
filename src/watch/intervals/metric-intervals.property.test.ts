import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Task } from "../../contract/index.ts";
import { metricOf, type Sample, seededIntegers } from "../../evidence/index.ts";
import { aucEstimate, aucInterval } from "./auc-interval.ts";
import { metricIntervals } from "./metric-intervals.ts";
import { wilsonInterval } from "./wilson.ts";

interface Kind {
  readonly score: number;
  readonly label: number;
  readonly weight: number;
}

/** Scores in forty steps, more low ones than high, that rank well and say a little too much. */
const flights: Kind[] = Array.from({ length: 40 }, (_, step) => (step + 0.5) / 40).flatMap((score) => {
  const rows = 4000 * (1 - score) ** 1.5 + 200;
  return [
    { score, label: 1, weight: Math.round(rows * score ** 1.2) },
    { score, label: 0, weight: Math.round(rows * (1 - score ** 1.2)) },
  ];
});

/** A regression whose errors are skewed. */
const prices: Kind[] = Array.from({ length: 30 }, (_, step) => step).flatMap((score) =>
  [-1, -1, 0, 0, 1, 3].map((error) => ({ score, label: score + error, weight: 1 })),
);

const decide = (score: number) => Number(score >= 0.3);

function sampleOf(rows: readonly Kind[], weighted: boolean): Sample {
  return {
    labels: Float64Array.from(rows, ({ label }) => label),
    scores: Float64Array.from(rows, ({ score }) => score),
    decisions: Uint8Array.from(rows, ({ score }) => decide(score)),
    ...(weighted && { weights: Uint32Array.from(rows, ({ weight }) => weight) }),
  };
}

/** Share of samples of `rows` whose interval holds what the whole population has, by metric. */
function coverage(population: readonly Kind[], task: Task, rows: number): Record<string, number> {
  const random = seededIntegers("c0ffee00".repeat(4));
  const urn = population.flatMap((kind) => new Array<Kind>(kind.weight).fill(kind));
  const truth = sampleOf(population, true);
  const held: Record<string, number> = {};
  const samples = 600;
  for (let draw = 0; draw < samples; draw++) {
    const drawn = Array.from({ length: rows }, () => urn[random(urn.length)]!);
    for (const [name, [low, high]] of Object.entries(metricIntervals(sampleOf(drawn, false), task))) {
      const value = metricOf(task, name)!(truth)!;
      if (low <= value && value <= high) held[name] = (held[name] ?? 0) + 1 / samples;
    }
  }
  return held;
}

describe("95 % intervals hold the truth 95 times in 100", () => {
  it.each([
    { task: "binary-classification", population: flights, rows: 150 },
    { task: "binary-classification", population: flights, rows: 1500 },
    { task: "regression", population: prices, rows: 200 },
  ] as const)("$task, in samples of $rows", ({ task, population, rows }) => {
    const names = {
      "binary-classification": [
        ...["base_rate", "roc_auc", "average_precision", "log_loss", "brier"],
        ...["accuracy", "precision", "recall", "f1"],
      ],
      regression: ["rmse", "mae", "r2"],
    };
    const held = coverage(population, task, rows);
    expect(Object.keys(held).sort()).toEqual([...names[task]].sort());
    // Beyond three standard deviations of 600 draws on either side; F1 and average precision are approximations.
    for (const [name, share] of Object.entries(held))
      expect([name, share, share > 0.92 && share < 0.985]).toEqual([name, share, true]);
  });
});

describe("the variance of an AUC", () => {
  it("is DeLong's, by all pairs", () => {
    const row = fc.record({ score: fc.integer({ min: 0, max: 8 }), label: fc.integer({ min: 0, max: 1 }) });
    fc.assert(
      fc.property(fc.array(row, { minLength: 4, maxLength: 40 }), (rows) => {
        const estimate = aucEstimate(
          sampleOf(
            rows.map((one) => ({ ...one, weight: 1 })),
            false,
          ),
        );
        const [hits, misses] = [1, 0].map((label) => rows.filter((one) => one.label === label)) as [
          typeof rows,
          typeof rows,
        ];
        if (hits.length < 2 || misses.length < 2) {
          expect(estimate).toBeUndefined();
          return;
        }
        const psi = (x: number, y: number) => (x > y ? 1 : x === y ? 0.5 : 0);
        const mean = (list: readonly number[]) => list.reduce((a, b) => a + b, 0) / list.length;
        const spread = (list: readonly number[]) =>
          list.reduce((total, one) => total + (one - mean(list)) ** 2, 0) / (list.length - 1) / list.length;
        const above = hits.map(({ score }) => mean(misses.map((other) => psi(score, other.score))));
        const below = misses.map(({ score }) => mean(hits.map((other) => psi(other.score, score))));
        expect(estimate!.auc).toBeCloseTo(mean(above), 12);
        expect(estimate!.variance).toBeCloseTo(spread(above) + spread(below), 12);
      }),
    );
  });
});

describe("too few labels", () => {
  const rows = (count: number, label: (row: number) => number) =>
    sampleOf(
      Array.from({ length: count }, (_, row) => ({ score: (row % 7) / 7, label: label(row), weight: 1 })),
      false,
    );

  it("give no interval, and neither does one class", () => {
    const one = metricIntervals(
      rows(500, () => 0),
      "binary-classification",
    );
    expect([one.roc_auc, one.average_precision, one.recall]).toEqual([undefined, undefined, undefined]);
    expect(one.accuracy).toBeDefined();
    const few = metricIntervals(
      rows(18, (row) => row % 2),
      "binary-classification",
    );
    expect([few.roc_auc, few.brier]).toEqual([undefined, undefined]);
  });

  it("give none where all positives are above all negatives: the spread is not seen", () => {
    const split = sampleOf(
      Array.from({ length: 60 }, (_, row) => ({ score: row, label: Number(row > 30), weight: 1 })),
      false,
    );
    expect(aucInterval(aucEstimate(split))).toBeUndefined();
  });
});

it("Wilson's interval is the score interval of Newcombe (1998), table I: 15 of 148", () => {
  expect(wilsonInterval(15, 148)!.map((end) => end.toFixed(4))).toEqual(["0.0624", "0.1605"]);
  expect(wilsonInterval(0, 0)).toBeUndefined();
});
