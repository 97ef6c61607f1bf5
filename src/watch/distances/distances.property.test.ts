import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Column } from "../../contract/index.ts";
import { type ColumnCells, createTally, profileTable, tableSource } from "../../profile/index.ts";
import { chiSquare } from "./chi-square.ts";
import { columnDistances } from "./column-distances.ts";
import { comparedCells } from "./compared-cells.ts";
import vectors from "./fixtures/scipy-vectors.json" with { type: "json" };
import { hellingerDistance } from "./hellinger.ts";
import { jensenShannonDistance } from "./jensen-shannon.ts";
import { distanceAtEdges } from "./kolmogorov-smirnov.ts";
import { populationStability } from "./population-stability.ts";

const counts = (least: number) =>
  fc.array(fc.integer({ min: least, max: 5000 }), { minLength: 2, maxLength: 30 });
const pair = fc
  .tuple(counts(1), counts(0))
  .map(([a, b]) => [a, a.map((_, cell) => b[cell % b.length]!)] as const)
  .filter(([, b]) => b.some((count) => count > 0));

describe("laws of the distances", () => {
  it("a sample against a multiple of itself is at distance 0", () => {
    fc.assert(
      fc.property(counts(1), fc.integer({ min: 1, max: 9 }), (a, times) => {
        const [b, cells] = [a.map((count) => count * times), a.map((_, cell) => cell)];
        for (const distance of [jensenShannonDistance, hellingerDistance])
          expect(distance(a, b, cells)).toBeLessThan(1e-7);
        expect(populationStability(a, a, cells)).toBe(0);
        expect(distanceAtEdges(a, b, a.length)).toBeLessThan(1e-14);
        expect(chiSquare(a, b, cells).statistic).toBeLessThan(1e-9);
      }),
    );
  });

  it("distances are symmetric, never negative, and bounded by 1", () => {
    fc.assert(
      fc.property(pair, ([a, b]) => {
        const cells = a.map((_, cell) => cell);
        for (const distance of [jensenShannonDistance, hellingerDistance]) {
          expect(distance(a, b, cells)).toBeCloseTo(distance(b, a, cells), 12);
          expect(distance(a, b, cells)).toBeGreaterThanOrEqual(0);
          expect(distance(a, b, cells)).toBeLessThanOrEqual(1);
        }
        expect(populationStability(a, b, cells)).toBeGreaterThanOrEqual(0);
        expect(chiSquare(a, b, cells).statistic).toBeCloseTo(chiSquare(b, a, cells).statistic, 6);
      }),
    );
  });

  it("disjoint samples are at distance 1", () => {
    expect(jensenShannonDistance([5, 0], [0, 9], [0, 1])).toBe(1);
    expect(hellingerDistance([5, 0], [0, 9], [0, 1])).toBeCloseTo(1, 12);
    expect(distanceAtEdges([5, 0], [0, 9], 2)).toBe(1);
  });

  it("merging leaves cells that expect 5 rows, or none to compare", () => {
    expect(chiSquare([9990, 5, 5], [100, 0, 0], [0, 1, 2]).degreesOfFreedom).toBe(0);
    expect(chiSquare([500, 300, 200], [50, 30, 20], [0, 1, 2]).degreesOfFreedom).toBe(2);
    expect(chiSquare([900, 40, 60], [90, 4, 6], [1, 2, 0]).degreesOfFreedom).toBe(1);
  });
});

async function compare(reference: readonly number[], current: readonly number[]) {
  const table = (values: readonly number[]) => ({
    rows: values.length,
    columns: new Map<string, Column>([
      ["x", { type: "float64", shape: [], values: Float64Array.from(values) }],
    ]),
  });
  const wanted = [{ name: "x", column: "x", type: "float64" as const }];
  const profile = await profileTable(await tableSource([table(reference)], wanted), wanted);
  const tally = createTally(profile.cells);
  tally.add(table(current));
  const facts = profile.facts[0]!;
  return columnDistances({
    cells: profile.cells.columns[0]!,
    reference: profile.counters.columns[0]!,
    current: tally.counters().columns[0]!,
    referenceDeviation: "finite" in facts ? facts.finite?.standardDeviation : undefined,
  });
}

describe("intervals hold what raw rows give", () => {
  it.each(vectors.samples)(
    "KS $ks, Wasserstein $wasserstein",
    async ({ reference, current, ks, wasserstein }) => {
      const { distances } = await compare(reference, current);
      const [lower, upper] = distances!.kolmogorovSmirnov!.interval;
      expect(ks).toBeGreaterThanOrEqual(lower - 1e-12);
      expect(ks).toBeLessThanOrEqual(upper + 1e-12);
      expect(upper - lower).toBeLessThan(0.06);
      const w1 = distances!.wasserstein!;
      expect(wasserstein).toBeGreaterThanOrEqual(w1.distance - 1e-8);
      expect(wasserstein).toBeLessThanOrEqual(w1.distance + w1.error + 1e-8);
    },
  );

  it("for any samples, the exact KS distance lies in the interval", async () => {
    const sample = fc.array(fc.integer({ min: -30, max: 30 }), { minLength: 250, maxLength: 400 });
    await fc.assert(
      fc.asyncProperty(sample, sample, async (a, b) => {
        const { distances } = await compare(a, b);
        if (!distances) return;
        const share = (values: readonly number[], at: number) =>
          values.filter((value) => value <= at).length / values.length;
        const exact = Math.max(...[...a, ...b].map((at) => Math.abs(share(a, at) - share(b, at))));
        const [lower, upper] = distances.kolmogorovSmirnov!.interval;
        expect(exact).toBeGreaterThanOrEqual(lower - 1e-12);
        expect(exact).toBeLessThanOrEqual(upper + 1e-12);
      }),
      { numRuns: 25 },
    );
  });
});

describe("what cannot be told is not told", () => {
  const cells: ColumnCells = { kind: "categorical", name: "c", type: "string", values: ["a", "b"] };
  const at = (...values: number[]) => ({ counts: values });

  it("fewer than 200 rows, or fewer than two cells, are insufficient", () => {
    const told = (current: number[], reference = [600, 400, 0, 0]) =>
      columnDistances({ cells, reference: at(...reference), current: at(...current) });
    expect(told([120, 79, 0, 0])).toMatchObject({ rows: 199, sufficient: false });
    expect(told([120, 80, 0, 0])).toMatchObject({ sufficient: true });
    expect(told([300, 0, 0, 0], [99_999, 1, 0, 0])).toMatchObject({ sufficient: false });
    expect(told([300, 0, 0, 0], [99_999, 1, 0, 0]).distances).toBeUndefined();
  });

  it("rows in cells that are empty in the reference are named, and leave PSI and chi² alone", () => {
    const { unseen, distances } = columnDistances({
      cells,
      reference: at(6000, 4000, 0, 0),
      current: at(600, 400, 10, 0),
    });
    expect(unseen).toEqual([{ cell: 2, rows: 10, p: expect.closeTo((1010 / 11_010) ** 10, 15) }]);
    expect(distances!.chiSquare.statistic).toBeCloseTo(0, 12);
    expect(distances!.populationStability).toBeLessThan(1e-6);
    expect(distances!.jensenShannon).toBeGreaterThan(0.05);
    expect(distances!.kolmogorovSmirnov).toBeUndefined();
  });

  it("the rarest categories come first where cells are merged", () => {
    expect(comparedCells(cells, [5, 2, 0, 3])).toEqual({ held: [1, 3, 0], empty: [2], ordered: 0 });
  });
});
