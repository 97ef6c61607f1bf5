import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ColumnCells } from "../../profile/index.ts";
import { fileOrder, timeOrder } from "../calibrate/time-order.ts";
import { calendars } from "./calendar.ts";
import { matchingCounts, strataShares, worthOfMix } from "./matching-reference.ts";
import { rowStrata } from "./row-strata.ts";

const day = 86_400_000;
const carrier: ColumnCells = { kind: "categorical", name: "carrier", type: "string", values: ["a", "b"] };

describe("calendars", () => {
  it("say of any instant what the clock and the calendar say in UTC", () => {
    const instants = fc.integer({ min: Date.UTC(1800, 0, 1), max: Date.UTC(2200, 0, 1) });
    fc.assert(
      fc.property(instants, (ms) => {
        const date = new Date(ms);
        const [weekday, hour] = [(date.getUTCDay() + 6) % 7, date.getUTCHours()];
        const at = Object.fromEntries(Object.entries(calendars).map(([name, own]) => [name, own.at(ms)]));
        expect(at).toEqual({
          "hour-of-day": hour,
          "day-of-week": weekday,
          "hour-of-week": weekday * 24 + hour,
          "month-of-year": date.getUTCMonth(),
        });
      }),
    );
  });

  it("name each stratum", () => {
    expect(calendars["hour-of-week"].names).toHaveLength(168);
    expect(calendars["hour-of-week"].names[31]).toBe("Tuesday 07:00");
    expect(calendars["day-of-week"].names[calendars["day-of-week"].at(Date.UTC(2026, 10, 26))]).toBe(
      "Thursday",
    );
    expect(calendars["month-of-year"].names[calendars["month-of-year"].at(Date.UTC(2026, 10, 26))]).toBe(
      "November",
    );
  });
});

describe("the matching reference", () => {
  const counts = fc.array(fc.nat(1000), { minLength: 4, maxLength: 4 });
  const strata = fc.array(
    counts.filter((own) => own.some((count) => count > 0)),
    { minLength: 1, maxLength: 6 },
  );
  const sum = (list: readonly number[]) => list.reduce((a, b) => a + b, 0);

  it("of a mix like the reference's own is the whole reference, with the worth of all its rows", () => {
    fc.assert(
      fc.property(strata, (all) => {
        const whole = [0, 1, 2, 3].map((cell) => sum(all.map((own) => own[cell]!)));
        const shares = strataShares(all, whole);
        const mix = [...all.map(sum), 0];
        const matched = matchingCounts(mix, shares);
        for (const [cell, count] of whole.entries()) expect(matched[cell]).toBeCloseTo(count, 6);
        expect(worthOfMix(mix, shares.rows)).toBeCloseTo(sum(whole), 6);
      }),
    );
  });

  it("of one stratum alone is that stratum, of none that is known, or of no rows, the whole", () => {
    fc.assert(
      fc.property(strata, fc.nat(), fc.integer({ min: 1, max: 1e6 }), (all, pick, rows) => {
        const whole = [0, 1, 2, 3].map((cell) => 5 + sum(all.map((own) => own[cell]!)));
        const shares = strataShares(all, whole);
        const at = pick % (all.length + 1);
        const mix = new Array<number>(all.length + 1).fill(0);
        const close = (expected: readonly number[]) => {
          const matched = matchingCounts(mix, shares);
          for (const [cell, count] of expected.entries()) expect(matched[cell]).toBeCloseTo(count, 6);
        };
        close(whole);
        mix[at] = rows;
        close(all[at] ?? whole);
      }),
    );
  });

  it("of any mix has the shares that its strata make, and is worth no more than strata and weights allow", () => {
    const mixes = fc.array(fc.nat(1000), { minLength: 7, maxLength: 7 });
    fc.assert(
      fc.property(strata, mixes, (all, weights) => {
        const whole = [0, 1, 2, 3].map((cell) => sum(all.map((own) => own[cell]!)));
        const mix = weights.slice(0, all.length + 1);
        fc.pre(sum(mix) > 0);
        const shares = strataShares(all, whole);
        const matched = matchingCounts(mix, shares);
        const worth = worthOfMix(mix, shares.rows);
        expect(sum([...matched])).toBeCloseTo(worth, 6);
        const parts = [...all, whole];
        for (let cell = 0; cell < 4; cell++) {
          const share = sum(mix.map((rows, at) => (rows / sum(mix)) * (parts[at]![cell]! / sum(parts[at]!))));
          expect(matched[cell]! / worth).toBeCloseTo(share, 9);
        }
        const used = parts.map(sum).filter((_, at) => mix[at]! > 0);
        expect(worth).toBeGreaterThanOrEqual(Math.min(...used) - 1e-6);
        expect(worth).toBeLessThanOrEqual(sum(used) + 1e-6);
      }),
    );
  });
});

describe("strata of reference rows", () => {
  const cells = [carrier];
  const days = (count: number) =>
    Float64Array.from({ length: count }, (_, at) => Date.UTC(2024, 0, 1) + at * day);

  it("by the day are known where eight windows hold them", () => {
    const times = days(52);
    const order = timeOrder(times, times.length);
    const rows = [new Uint8Array(times.length)];
    const { known, seen, of } = rowStrata({ by: "day-of-week", windowMs: day, order, cells, rows });
    // 52 days from a Monday: Mondays to Wednesdays come eight times.
    expect([known, seen]).toEqual([[0, 1, 2], 7]);
    expect([...of.subarray(0, 7)]).toEqual([0, 1, 2, 3, 3, 3, 3]);
  });

  it("by the month want the same month of two years", () => {
    const of = (count: number) => {
      const order = timeOrder(days(count), count);
      return rowStrata({ by: "month-of-year", windowMs: day, order, cells, rows: [new Uint8Array(count)] });
    };
    expect(of(366).known).toEqual([]);
    expect(of(366).seen).toBe(12);
    expect(of(366 + 31).known).toEqual([0]);
  });

  it("by a feature leave other and missing to the whole, and without times want 200 rows", () => {
    const rows = [
      Uint8Array.from({ length: 1000 }, (_, row) => (row < 150 ? 0 : row < 900 ? 1 : row < 950 ? 2 : 3)),
    ];
    const order = fileOrder(1000, 1000);
    const strata = rowStrata({ by: "carrier", windowMs: day, order, cells, rows });
    expect([strata.known, strata.seen]).toEqual([[1], 2]);
    expect([0, 200, 920, 980].map((row) => strata.of[row])).toEqual([1, 0, 1, 1]);
  });

  it("by the calendar cannot be told without times, and says so", () => {
    const order = fileOrder(10, 10);
    const strata = rowStrata({
      by: "hour-of-day",
      windowMs: 3_600_000,
      order,
      cells,
      rows: [new Uint8Array(10)],
    });
    expect(strata).toMatchObject({ known: [], why: "the training data has no event time" });
  });
});
