import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { seededIntegers } from "../../evidence/index.ts";
import { BatonError, canonicalJson } from "../../kernel/index.ts";
import { type ColumnCells, makeProfile, parseProfile } from "../../profile/index.ts";
import { profiledRows, type WatchedRow } from "../observe/test-observations.ts";
import { rowStrata } from "../strata/row-strata.ts";
import { type CalibrationInput, calibrate, calibrateInTurns } from "./calibrate.ts";
import { rowCounts } from "./row-counts.ts";
import { climbOf, solveThreshold } from "./solve-threshold.ts";
import { fileOrder, timeOrder } from "./time-order.ts";

const starts = Array.from({ length: 11 }, (_, edge) => edge);
const number: ColumnCells = { kind: "numeric", name: "x", type: "float64", starts, unit: 1 };
const letter: ColumnCells = { kind: "categorical", name: "c", type: "string", values: ["a", "b", "c"] };
const rows = 5000;

/** Cells 1 to 10, each row staying where the last one was with the given probability. */
function walk(seed: string, stay: number): Uint8Array {
  const below = seededIntegers(seed.repeat(64));
  let cell = 1 + below(10);
  return Uint8Array.from({ length: rows }, () => {
    if (below(1000) >= stay * 1000) cell = 1 + below(10);
    return cell;
  });
}

const input: CalibrationInput = {
  cells: [number, letter],
  rows: [walk("1", 0), walk("2", 0).map((cell) => Math.min(2, cell >> 2))],
  blockRows: 50,
  budget: { alarms: 1, windows: 100 },
  seed: "ab".repeat(32),
  windows: { sizes: [400, 100] },
  streams: 150,
};

describe("calibrate", () => {
  it("gives the same bytes for the same input, and others for another seed", () => {
    const once = canonicalJson(calibrate(input));
    expect(canonicalJson(calibrate(input))).toBe(once);
    expect(canonicalJson(calibrate({ ...input, seed: "cd".repeat(32) }))).not.toBe(once);
  });

  it("gives the same in turns, with a pause after each stream", async () => {
    let pauses = 0;
    const pause = async () => void pauses++;
    const table = await calibrateInTurns({ ...input, streams: 20 }, pause);
    expect(canonicalJson(table)).toBe(canonicalJson(calibrate({ ...input, streams: 20 })));
    expect(pauses).toBe(2 * 20);
  });

  it("tabulates sizes in order, with corrections near none where rows are independent", () => {
    const { sizes, columns, rate_threshold } = calibrate(input);
    expect(columns).toEqual(["x", "c"]);
    expect(sizes.map((size) => size.rows)).toEqual([100, 400]);
    for (const { threshold, shape, location, dispersion } of sizes) {
      expect(threshold).toBeGreaterThan(1.5);
      expect(threshold).toBeLessThan(4);
      for (const [, slope] of shape) expect(Math.abs(slope - 1)).toBeLessThan(0.3);
      expect(location[1]).toEqual([0, 1]);
      for (const ratio of dispersion) expect(ratio).toBeLessThan(1.3);
    }
    // 1 in 100, two of five detectors, six empty cells: underflow, overflow, missing, not-a-number; other, missing.
    expect(rate_threshold).toBeCloseTo(-Math.log10((0.01 * 2) / 5 / 6), 3);
  });

  it("asks more where fewer alarms are allowed, also where too few would be seen", () => {
    const threshold = (windows: number) =>
      calibrate({ ...input, windows: { sizes: [200] }, budget: { alarms: 1, windows } }).sizes[0]!.threshold;
    const [often, seldom, hardly] = [threshold(50), threshold(1000), threshold(1_000_000)];
    expect(seldom).toBeGreaterThan(often + 0.4);
    expect(hardly).toBeGreaterThan(seldom + 1);
    expect(hardly).toBeLessThan(seldom + 6);
  });

  it("corrects for rows that depend on each other", () => {
    const dependent = {
      ...input,
      rows: [walk("3", 0.8), input.rows[1]!],
      blockRows: 200,
      windows: { sizes: [200] },
    };
    const { location, shape, dispersion } = calibrate(dependent).sizes[0]!;
    expect(location[0]![1]).toBeLessThan(0.4);
    expect(shape[0]![1]).toBeLessThan(0.4);
    expect(dispersion[0]).toBeGreaterThan(3);
    expect(shape[1]![1]).toBeGreaterThan(0.7);
  });

  it("within strata asks less of a column that swings with the day, and writes what each day looks like", () => {
    const below = seededIntegers("6".repeat(64));
    // Days of 100 rows; on two days of seven values are four cells higher.
    const swinging = Uint8Array.from(
      { length: 14_000 },
      (_, row) => 1 + below(6) + (Math.floor(row / 100) % 7 > 4 ? 4 : 0),
    );
    const steady = Uint8Array.from({ length: 14_000 }, () => below(3));
    const day = 86_400_000;
    const times = Float64Array.from(swinging, (_, row) => Date.UTC(2024, 0, 1) + Math.floor(row / 100) * day);
    const own = { ...input, rows: [swinging, steady], blockRows: 1400, windows: { sizes: [100] } };
    const order = timeOrder(times, times.length);
    const strata = rowStrata({ by: "day-of-week", windowMs: day, order, cells: own.cells, rows: own.rows });
    const [within, whole] = [calibrate({ ...own, strata }), calibrate(own)];
    expect(whole.sizes[0]!.dispersion[0]).toBeGreaterThan(3);
    expect(within.sizes[0]!.dispersion[0]).toBeLessThan(1.3);
    expect(within.sizes[0]!.dispersion[1]).toBeLessThan(1.3);
    expect(whole.strata).toBeUndefined();
    const { by, known } = within.strata!;
    expect([by, known.map(({ at }) => at)]).toEqual(["day-of-week", [0, 1, 2, 3, 4, 5, 6]]);
    for (const { at, counts } of known) {
      const numbers = counts[0]!;
      expect(numbers.reduce((sum, count) => sum + count, 0)).toBe(2000);
      expect(numbers[1] === 0).toBe(at > 4);
    }
  });

  it("takes a feature that has the name of a cycle for any other feature", () => {
    const times = Float64Array.from({ length: rows }, (_, row) => Date.UTC(2024, 0, 1) + row * 3_600_000);
    const order = timeOrder(times, rows);
    const named = (name: string) => {
      const cells = [number, { ...letter, name }];
      const strata = rowStrata({ by: "day-of-week", windowMs: 86_400_000, order, cells, rows: input.rows });
      return calibrate({ ...input, cells, strata, streams: 20 }).sizes;
    };
    expect(named("day-of-week")).toEqual(named("c"));
  });

  it("compares the feature that strata are made by with the whole: within them it never differs", () => {
    const below = seededIntegers("7".repeat(64));
    const byDay = Uint8Array.from({ length: 14_000 }, (_, row) =>
      Math.floor(row / 100) % 7 > 4 ? 2 : below(2),
    );
    const own = {
      ...input,
      rows: [walk("8", 0), byDay].map((list) =>
        Uint8Array.from(byDay, (cell, row) => list[row % list.length] ?? cell),
      ),
      blockRows: 1400,
      windows: { sizes: [100] },
    };
    const order = fileOrder(14_000, 14_000);
    const strata = rowStrata({ by: "c", windowMs: 1, order, cells: own.cells, rows: own.rows });
    expect(strata.known).toEqual([0, 1, 2]);
    expect(calibrate({ ...own, strata }).sizes[0]!.dispersion[1]).toBeGreaterThan(3);
  });

  it.each<[string, (row: number) => WatchedRow]>([
    ["columns of one value", () => ({ wind: 1, origin: "EWR", age: 30, score: 0.5 })],
    ["columns without any value", () => ({ score: 0 })],
    ["blocks that are all alike", (row) => ({ wind: row % 2, origin: "EWR", age: row % 50, score: row % 2 })],
    ["one change in the middle", (row) => ({ wind: Number(row > 2000), origin: "XXX", score: 0 })],
  ])("writes what a profile may hold, of %s and for any budget", async (_, rowOf) => {
    const { columns, ...tables } = await profiledRows(Array.from({ length: 4000 }, (_, row) => rowOf(row)));
    const cells = [...tables.features.cells.columns, ...tables.outputs.cells.columns];
    for (const windows of [0.001, 100, 1e9]) {
      const budget = { alarms: 1, windows };
      const own = {
        blockRows: 400,
        budget,
        seed: "ab".repeat(32),
        windows: { sizes: [100, 400] },
        streams: 20,
      };
      const thresholds = calibrate({ cells, rows: columns, ...own });
      const profile = makeProfile({ ...tables, thresholds, reads: {} });
      expect(parseProfile(canonicalJson(profile), "p").thresholds).toEqual(thresholds);
    }
  });

  it.each([
    ["no rows", { rows: [new Uint8Array(0), new Uint8Array(0)] }],
    ["columns of other lengths", { rows: [input.rows[0]!, new Uint8Array(3)] }],
    ["no sizes", { windows: { sizes: [] } }],
    ["half a row", { windows: { sizes: [0.5] } }],
    ["no budget", { budget: { alarms: 0, windows: 500 } }],
  ])("refuses %s", (_, change) => {
    expect(() => calibrate({ ...input, ...change })).toThrow(BatonError);
  });
});

describe("counts of stretches", () => {
  it("equal counting row by row, round the end too", () => {
    const columns = [walk("4", 0.5).subarray(0, 300), walk("5", 0).subarray(0, 300)];
    const counts = rowCounts(columns, [14, 11]);
    fc.assert(
      fc.property(fc.nat(299), fc.integer({ min: 1, max: 900 }), (start, length) => {
        const expected = new Float64Array(25);
        for (let row = start; row < start + length; row++) {
          expected[columns[0]![row % 300]!]!++;
          expected[14 + columns[1]![row % 300]!]!++;
        }
        const counted = new Float64Array(25);
        counts.add(counted, start, length);
        expect(counted).toEqual(expected);
      }),
    );
  });
});

describe("solving for the threshold", () => {
  const below = seededIntegers("6".repeat(64));
  const streams = (count: number, windows: number) =>
    Array.from({ length: count }, () =>
      climbOf(Float64Array.from({ length: windows }, () => -Math.log10((below(2 ** 32) + 0.5) / 2 ** 32))),
    );

  it("finds 2 for one in a hundred of independent p-values, and continues to 5 for one in 100,000", () => {
    const climbs = streams(400, 200);
    expect(Math.abs(solveThreshold(climbs, 0.01) - 2)).toBeLessThan(0.1);
    expect(Math.abs(solveThreshold(climbs, 0.000_01) - 5)).toBeLessThan(0.5);
  });

  it("does not let quiet windows after a lasting alarm make it cheap", () => {
    // Half of the streams are in alarm from the start and for good: no threshold below their level keeps 1 in 100.
    const climbs = [
      ...streams(100, 200),
      ...Array.from({ length: 100 }, () => climbOf(new Float64Array(200).fill(9))),
    ];
    expect(solveThreshold(climbs, 0.004)).toBeGreaterThanOrEqual(9);
  });

  it("counts alarms that no threshold can hold back", () => {
    const climbs = Array.from({ length: 100 }, () => climbOf(Float64Array.of(0.5, Number.POSITIVE_INFINITY)));
    expect(solveThreshold(climbs, 0.6)).toBe(0.5);
  });
});
