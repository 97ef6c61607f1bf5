import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededIntegers } from "../../evidence/index.ts";
import type { ColumnCells } from "../../profile/index.ts";
import { aucEstimate } from "../intervals/auc-interval.ts";
import type { SliceReport } from "../report/slice-report.ts";
import { adjusted } from "./adjusted.ts";
import { sliceFinder } from "./slice-finder.ts";

const day = 86_400_000;
const columns: ColumnCells[] = [
  { kind: "categorical", name: "origin", type: "string", values: ["EWR", "JFK", "LGA"] },
  { kind: "categorical", name: "carrier", type: "string", values: ["AA", "B6", "DL", "EV", "UA"] },
  { kind: "numeric", name: "wind", type: "float32", starts: [0, 10, 20], unit: 1 },
];

interface Row {
  readonly window: number;
  /** Cell of origin, carrier and wind. */
  readonly cells: readonly [number, number, number];
}

interface World {
  /** Where to keep what each row was. */
  readonly seen?: { readonly score: number; readonly label: number; readonly origin: number }[];
  readonly windows?: number;
  /** Probability of a positive where the score says `score`. */
  readonly means?: (score: number, row: Row) => number;
  readonly seed?: number;
}

const rowsAWindow = 400;

function reportsIn({ windows = 40, means = (score) => score, seed = 1, seen }: World): SliceReport[] {
  const random = seededIntegers((seed * 2654435761).toString(16).padStart(32, "7").slice(0, 32));
  const uniform = () => random(2 ** 30) / 2 ** 30;
  const finder = sliceFinder("binary-classification", { columns, windowMs: day })!;
  for (let window = 0; window < windows; window++) {
    // Weather: all rows of a day are riskier or safer than their scores say.
    const weather = 0.75 + 0.5 * uniform();
    const rows = Array.from({ length: rowsAWindow }, () => {
      const cells = [random(3), random(5), 1 + random(2)] as const;
      const score = 0.05 + 0.5 * uniform() ** 2;
      const label = Number(uniform() < means(score, { window, cells }) * weather);
      seen?.push({ score, label, origin: cells[0] });
      return { cells, score, label };
    });
    finder.add({
      start: window * day,
      labels: Float64Array.from(rows, ({ label }) => label),
      scores: Float64Array.from(rows, ({ score }) => score),
      slices: columns.map((_, column) => Uint16Array.from(rows, ({ cells }) => cells[column]!)),
    });
  }
  return finder.reports();
}

const worse = (reports: readonly SliceReport[]) => reports.filter(({ significant }) => significant);
const worsened = (reports: readonly SliceReport[]) => reports.filter(({ change }) => change?.significant);

describe("the slice finder", () => {
  it("is silent where slices do not matter: false in at most the share of worlds that it allows", () => {
    const worlds = Array.from({ length: 120 }, (_, seed) => reportsIn({ seed: seed + 1 }));
    // 5 in 100, and two standard deviations of 120 worlds.
    expect(worlds.filter((reports) => worse(reports).length > 0).length).toBeLessThanOrEqual(10);
    expect(worlds.filter((reports) => worsened(reports).length > 0).length).toBeLessThanOrEqual(10);
    expect(worlds[0]!.map(({ clauses }) => clauses.length)).toEqual(new Array(10).fill(1));
  });

  it("finds a slice where the scores mean nothing, first, and tells its parts no more than once", () => {
    for (let seed = 1; seed <= 10; seed++) {
      const found = reportsIn({ seed, means: (score, { cells }) => (cells[1] === 3 ? 0.6 : score) });
      expect(found[0]!.slice).toBe('carrier = "EV"');
      expect(worse(found).map(({ slice }) => slice)).toEqual(['carrier = "EV"']);
      const [low, high] = found[0]!.difference;
      expect(low).toBeGreaterThan(0);
      expect(high).toBeGreaterThan(found[0]!.inside - found[0]!.outside);
    }
  });

  it("finds a slice of two columns, which either of them hides", () => {
    for (let seed = 1; seed <= 10; seed++) {
      const bad = ({ cells }: Row) => cells[0] === 2 && cells[1] === 1;
      const found = worse(reportsIn({ seed, means: (score, row) => (bad(row) ? 0.7 : score) }));
      expect(found.map(({ slice }) => slice)).toContain('origin = "LGA" and carrier = "B6"');
      expect(found.filter(({ clauses }) => clauses.length === 2)).toHaveLength(1);
    }
  });

  it("finds what has become bad on one slice, and tells it from what always was harder", () => {
    for (let seed = 1; seed <= 10; seed++) {
      const found = reportsIn({
        seed,
        means: (score, { window, cells }) => {
          if (cells[0] === 0) return Math.min(1, score + 0.25);
          return cells[2] === 2 && window >= 30 ? 0.5 : score;
        },
      });
      const harder = found.find(({ slice }) => slice === 'origin = "EWR"')!;
      expect([harder.significant, harder.change!.significant]).toEqual([true, false]);
      expect(worsened(found).map(({ clauses }) => clauses)).toContainEqual(["features.wind"]);
      const change = worsened(found).find(({ slice }) => slice === "wind from 10 to below 20")!.change!;
      expect(change.now).toBeGreaterThan(change.before);
      expect([change.from, change.until]).toEqual([
        new Date(26 * day).toISOString(),
        new Date(40 * day).toISOString(),
      ]);
    }
  });

  it("does not blame a slice for what befell all", () => {
    let blamed = 0;
    for (let seed = 1; seed <= 20; seed++)
      blamed += Number(
        worsened(reportsIn({ seed, means: (score, { window }) => (window >= 30 ? 0.5 : score) })).length > 0,
      );
    expect(blamed).toBeLessThanOrEqual(3);
  });

  it("adds windows up so that memory does not grow, and counts every row once", () => {
    const found = reportsIn({ windows: 300 });
    const origins = found.filter(({ clauses }) => clauses.join() === "features.origin");
    expect(origins.reduce((sum, { rows }) => sum + rows, 0)).toBe(300 * rowsAWindow);
    expect(origins.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 12);
  });

  it("ranks each slice of one column, as all of its rows at once would", () => {
    const seen: NonNullable<World["seen"]> = [];
    const found = reportsIn({ seen });
    for (const [cell, name] of ["EWR", "JFK", "LGA"].entries()) {
      const rows = seen.filter(({ origin }) => origin === cell);
      const { auc, variance } = aucEstimate({
        labels: Float64Array.from(rows, ({ label }) => label),
        scores: Float64Array.from(rows, ({ score }) => score),
      })!;
      const { rocAuc } = found.find(({ slice }) => slice === `origin = "${name}"`)!;
      expect(rocAuc!.value).toBeCloseTo(auc, 3);
      const [low, high] = rocAuc!.interval!;
      expect(high - low).toBeCloseTo(2 * 1.96 * Math.sqrt(variance), 3);
    }
    expect(found.filter(({ rocAuc }) => rocAuc).every(({ clauses }) => clauses.length === 1)).toBe(true);
  });

  it("does not look at few rows, nor at scores that are no probabilities", () => {
    expect(reportsIn({ windows: 1 }).every(({ rows }) => rows >= 200)).toBe(true);
    const finder = sliceFinder("binary-classification", { columns, windowMs: day })!;
    finder.add({
      start: 0,
      labels: Float64Array.of(1),
      scores: Float64Array.of(3),
      slices: columns.map(() => Uint16Array.of(0)),
    });
    expect(finder.reports()).toEqual([]);
  });
});

it("adjusted p-values are those of Benjamini and Hochberg: at most a rate where they reject at it", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1, maxLength: 30 }),
      (pValues) => {
        const ascending = [...pValues].sort((a, b) => a - b);
        const last = ascending.findLastIndex((p, rank) => p <= (0.05 * (rank + 1)) / pValues.length);
        const rejected = pValues.map((p) => last >= 0 && p <= ascending[last]!);
        expect(adjusted(pValues).map((p) => p <= 0.05 + 1e-15)).toEqual(rejected);
      },
    ),
  );
});
