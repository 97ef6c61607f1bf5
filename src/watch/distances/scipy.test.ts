import { describe, expect, it } from "vitest";
import { chiSquare, lnChiSquareP } from "./chi-square.ts";
import { lnEmptyCellP } from "./empty-cell-rate.ts";
import vectors from "./fixtures/scipy-vectors.json" with { type: "json" };
import { chiSquareUpperQuantile, lnChiSquareTail, lnUpperGamma } from "./gamma-tail.ts";
import { hellingerDistance } from "./hellinger.ts";
import { jensenShannonDistance } from "./jensen-shannon.ts";
import { distanceAtEdges, lnKolmogorovSmirnovP } from "./kolmogorov-smirnov.ts";
import { kolmogorovUpperQuantile, lnKolmogorovTail } from "./kolmogorov-tail.ts";
import { nullQuantiles } from "./null-quantiles.ts";
import { populationStability } from "./population-stability.ts";
import { wasserstein } from "./wasserstein.ts";

const near = (received: number, expected: number, relative = 1e-12) =>
  expect(Math.abs(received - expected)).toBeLessThanOrEqual(relative * Math.abs(expected));

const total = (counts: readonly number[]) => counts.reduce((sum, count) => sum + count, 0);

describe("tails agree with scipy and mpmath", () => {
  it.each(vectors.upperGamma)("ln Q($a, $x)", ({ a, x, q, lnQ }) => {
    const received = lnUpperGamma(a, x);
    // A logarithm right to 1e-12 of itself, or a probability right to 1e-12: near 1 the first is more than float64 holds.
    expect(Math.abs(received - lnQ)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(lnQ)));
    if (q > 1e-290) near(Math.exp(received), q, 1e-11);
  });

  it.each(vectors.chiSquareTail)("chi² tail of ($x, df $df)", ({ x, df, p }) => {
    near(Math.exp(lnChiSquareTail(x, df)), p);
  });

  it("keeps far tails that 1 − cdf rounds to zero", () => {
    near(Math.exp(lnChiSquareTail(200, 10)), 1.6e-37, 0.02);
    expect(lnChiSquareTail(1e6, 19)).toBeGreaterThan(-500_100);
    expect(lnChiSquareTail(1e6, 19)).toBeLessThan(-499_800);
  });

  it.each(vectors.chiSquareQuantile)("chi² quantile at $p, df $df", ({ p, df, x }) => {
    near(chiSquareUpperQuantile(p, df), x, 1e-11);
  });

  it.each(vectors.kolmogorov)("Kolmogorov tail at $x", ({ x, p }) => {
    near(Math.exp(lnKolmogorovTail(x)), p);
  });

  it.each(vectors.kolmogorovQuantile)("Kolmogorov quantile at $p", ({ p, x }) => {
    near(kolmogorovUpperQuantile(p), x, 1e-11);
  });

  it("meets at the joint of its two series", () => {
    near(lnKolmogorovTail(1 - 1e-15), lnKolmogorovTail(1), 1e-11);
  });
});

describe("distances agree with scipy", () => {
  it.each(vectors.counts)("$reference against $current", (vector) => {
    const { reference, current } = vector;
    const cells = reference.map((_, cell) => cell);
    near(populationStability(reference, current, cells), vector.psi);
    near(jensenShannonDistance(reference, current, cells), vector.js);
    near(hellingerDistance(reference, current, cells), vector.hellinger);
    const chi = chiSquare(reference, current, cells);
    near(chi.statistic, vector.chiSquare.statistic);
    expect(chi.degreesOfFreedom).toBe(vector.chiSquare.degreesOfFreedom);
    near(Math.exp(lnChiSquareP(chi)), vector.chiSquare.p, 1e-11);
    const distance = distanceAtEdges(reference, current, cells.length);
    near(distance, vector.ks);
    near(Math.exp(lnKolmogorovSmirnovP(distance, total(reference), total(current))), vector.ksP, 1e-11);
    // The samples hold each cell's number itself: cells of width 1 between underflow and overflow.
    const moments = (counts: readonly number[]) => ({
      counts: [0, ...counts, 0],
      sums: [0, ...counts.map((count, cell) => count * cell), 0],
    });
    const starts = [...cells, cells.length];
    const w1 = wasserstein({ starts, unit: 1 }, moments(reference), moments(current), vector.std);
    expect(w1.distance).toBeLessThanOrEqual(vector.wasserstein + 1e-12);
    expect(w1.distance + w1.error).toBeGreaterThanOrEqual(vector.wasserstein - 1e-12);
  });

  it.each(vectors.emptyCell)("$seen unseen rows in $rows bound the exact test", (vector) => {
    const bound = Math.exp(lnEmptyCellP(vector.seen, vector.rows, vector.referenceRows));
    expect(bound).toBeGreaterThan(vector.exact * (1 - 1e-12));
    expect(bound).toBeLessThan(vector.exact * 1.1);
  });

  it("knows the null law of PSI: 0.0332 for N 10,000, n 1,000 and 20 cells", () => {
    const usual = nullQuantiles({ cells: 20, referenceRows: 10_000, rows: 1000, confidence: 0.95 });
    expect(usual.populationStability).toBeCloseTo(0.0332, 4);
  });
});
