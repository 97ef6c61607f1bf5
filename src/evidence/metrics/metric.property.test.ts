import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { metricsOf } from "../../contract/index.ts";
import { decide, metricNames, metricOf, ranked, type Sample, subset } from "./index.ts";

const rows = fc.array(
  fc.tuple(
    fc.boolean(),
    fc.oneof(
      fc.integer({ min: 0, max: 10 }).map((tenth) => tenth / 10),
      fc.double({ min: 0, max: 1, noNaN: true }),
    ),
  ),
  { minLength: 1, maxLength: 40 },
);

function sampleOf(pairs: readonly (readonly [boolean, number])[]): Sample {
  const scores = Float64Array.from(pairs, ([, score]) => score);
  return {
    labels: Float64Array.from(pairs, ([label]) => Number(label)),
    scores,
    decisions: decide(scores, 0.5),
  };
}

const value = (name: string, sample: Sample) =>
  metricOf("binary-classification", name)!(sample) ?? metricOf("regression", name)?.(sample) ?? null;

describe("metrics", () => {
  it("count a weighted row as that many rows", () => {
    const weighted = fc.array(fc.tuple(fc.boolean(), fc.integer({ min: 0, max: 8 }), fc.nat({ max: 3 })), {
      minLength: 1,
      maxLength: 25,
    });
    fc.assert(
      fc.property(weighted, (list) => {
        const pairs = list.map(([label, score]) => [label, score / 8] as const);
        const sample = ranked({
          ...sampleOf(pairs),
          weights: Uint32Array.from(list, ([, , weight]) => weight),
        });
        const repeated = sampleOf(pairs.flatMap((pair, row) => new Array(list[row]![2]).fill(pair)));
        for (const task of ["binary-classification", "regression"] as const)
          for (const name of metricNames(task)) {
            const [a, b] = [metricOf(task, name)!(sample), metricOf(task, name)!(repeated)];
            if (a === null || b === null) expect(a).toBe(b);
            else expect(a).toBeCloseTo(b, 10);
          }
      }),
    );
  });

  it("do not depend on the order of rows", () => {
    fc.assert(
      fc.property(rows, (pairs) => {
        const [sample, turned] = [sampleOf(pairs), sampleOf([...pairs].reverse())];
        for (const name of metricNames("binary-classification")) {
          const [a, b] = [value(name, sample), value(name, turned)];
          if (a === null || b === null) expect(a).toBe(b);
          else expect(a).toBeCloseTo(b, 10);
        }
      }),
    );
  });

  it("ROC AUC is the share of pairs in the right order, ties half", () => {
    fc.assert(
      fc.property(rows, (pairs) => {
        const positives = pairs.filter(([label]) => label);
        const negatives = pairs.filter(([label]) => !label);
        const won = positives.flatMap(([, p]) => negatives.map(([, n]) => (p > n ? 1 : p === n ? 0.5 : 0)));
        const auc = metricOf("binary-classification", "roc_auc")!(sampleOf(pairs));
        if (won.length === 0) expect(auc).toBeNull();
        else expect(auc).toBeCloseTo(won.reduce((a: number, b) => a + b, 0) / won.length, 12);
      }),
    );
  });
});

describe("calibration bins", () => {
  const ece = (scores: number[], labels: number[]) =>
    metricOf("binary-classification", "ece")!({
      labels: Float64Array.from(labels),
      scores: Float64Array.from(scores),
    });

  it("are closed on the right: a score on an edge and one just above it are apart", () => {
    for (let edge = 1; edge < 15; edge++) {
      const on = edge / 15;
      const above = on + 2 ** -53;
      const apart = (1 - on + above) / 2;
      expect(ece([on, on], [1, 0])).toBeCloseTo(Math.abs(1 - 2 * on) / 2, 9);
      if (above > on) expect(ece([on, above], [1, 0]), `edge ${edge}`).toBeCloseTo(apart, 9);
    }
  });
});

describe("names", () => {
  it("are those that contracts may use in gates", () => {
    for (const task of ["binary-classification", "regression", "other"] as const)
      expect(new Set(metricNames(task))).toEqual(new Set(metricsOf(task).map(({ name }) => name)));
  });
});

describe("what is undefined", () => {
  const none = sampleOf([]);
  it("is null without rows, never a number", () => {
    for (const task of ["binary-classification", "regression"] as const)
      for (const name of metricNames(task).filter((n) => n !== "rows"))
        expect(metricOf(task, name)!(none), name).toBeNull();
  });

  it("is null for scores that are no probabilities, and for decisions that nobody makes", () => {
    const odds: Sample = { labels: Float64Array.of(0, 1), scores: Float64Array.of(-2, 3) };
    for (const name of ["log_loss", "brier", "ece", "accuracy", "precision", "recall", "f1"])
      expect(value(name, odds), name).toBeNull();
    expect(value("roc_auc", odds)).toBe(1);
  });

  it("clips log loss by the type of the scores", () => {
    const loss = (scores: Sample["scores"]) =>
      metricOf("binary-classification", "log_loss")!({ labels: Float64Array.of(1), scores });
    expect(loss(Float64Array.of(0))).toBeCloseTo(-Math.log(2 ** -52), 12);
    expect(loss(Float32Array.of(0))).toBeCloseTo(-Math.log(2 ** -23), 12);
  });

  it("a name of Object.prototype is no metric", () => {
    expect(metricOf("regression", "constructor")).toBeUndefined();
  });

  it("a subset keeps labels, scores and decisions together", () => {
    const sample = sampleOf([
      [true, 0.9],
      [false, 0.2],
      [true, 0.4],
    ]);
    const part = subset(sample, Uint32Array.of(2, 0));
    expect([...part.labels, ...part.scores, ...part.decisions!]).toEqual([1, 1, 0.4, 0.9, 0, 1]);
  });
});
