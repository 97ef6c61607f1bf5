import { describe, expect, it } from "vitest";
import vectors from "./fixtures/sklearn-vectors.json" with { type: "json" };
import { decide, metricOf, type Sample } from "./index.ts";

const near = (received: number | null | undefined, expected: number) => {
  expect(received).toBeTypeOf("number");
  expect(Math.abs(received! - expected)).toBeLessThanOrEqual(1e-9);
};

describe("classification metrics agree with scikit-learn", () => {
  it.each(vectors.classification)("$name", (vector) => {
    const sample: Sample = {
      labels: Float64Array.from(vector.y_true),
      scores: Float64Array.from(vector.y_score),
    };
    for (const name of ["roc_auc", "average_precision", "log_loss", "brier", "ece", "base_rate"] as const)
      near(metricOf("binary-classification", name)?.(sample), vector[name]);
    for (const at of vector.at) {
      const decided = { ...sample, decisions: decide(sample.scores, at.threshold) };
      for (const name of ["accuracy", "recall", "f1"] as const)
        near(metricOf("binary-classification", name)?.(decided), at[name]);
      const precision = metricOf("binary-classification", "precision")?.(decided);
      if (at.precision_undefined) expect(precision).toBeNull();
      else near(precision, at.precision);
    }
  });
});

describe("regression metrics agree with scikit-learn", () => {
  it.each(vectors.regression)("$name", (vector) => {
    const sample: Sample = {
      labels: Float64Array.from(vector.y_true),
      scores: Float64Array.from(vector.y_pred),
    };
    for (const name of ["rmse", "mae", "r2"] as const)
      near(metricOf("regression", name)?.(sample), vector[name]);
  });
});
