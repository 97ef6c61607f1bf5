import { describe, expect, it } from "vitest";
import { BatonError } from "../../kernel/index.ts";
import type { ColumnCells, ColumnCounters, ThresholdTable } from "../../profile/index.ts";
import { thresholdsAt } from "./column-thresholds.ts";
import { createDetectors } from "./judge-window.ts";

const score: ColumnCells = {
  kind: "numeric",
  name: "score",
  type: "float64",
  starts: [0, 1, 2, 3, 4],
  unit: 1,
};
const city: ColumnCells = { kind: "categorical", name: "city", type: "string", values: ["a", "b", "c"] };
const columns = [score, city];
const at = (...counts: number[]): ColumnCounters => ({ counts });
// underflow, 4 cells, overflow, missing, not-a-number; a, b, c, other, missing
const reference = [at(0, 5000, 5000, 5000, 5000, 0, 0, 0), at(10_000, 6000, 4000, 0, 0)];
const calm = [at(0, 100, 100, 100, 100, 0, 0, 0), at(200, 120, 80, 0, 0)];
const moved = [at(0, 40, 80, 120, 160, 0, 0, 0), at(200, 120, 80, 0, 0)];
const table: ThresholdTable = {
  format_version: 1,
  budget: { alarms: 1, windows: 500 },
  decay: 0.2,
  reference_rows: 20_000,
  block_rows: 100,
  seed: "00",
  effect_floor: 0,
  rate_threshold: 5,
  absent_dispersion: 1,
  columns: ["score", "city"],
  sizes: [
    {
      rows: 100,
      threshold: 3,
      location: [
        [0, 1],
        [0, 1],
      ],
      shape: [
        [0, 1],
        [0, 1],
      ],
      dispersion: [1, 1],
    },
    {
      rows: 1000,
      threshold: 2,
      location: [
        [0, 0.5],
        [0, 1],
      ],
      shape: [
        [0.2, 1],
        [0, 1],
      ],
      dispersion: [2, 1],
    },
  ],
};

const detectors = createDetectors({ columns, reference, thresholds: table });
const play = (windows: readonly (readonly ColumnCounters[])[], own = detectors) => {
  let state = own.start();
  return windows.map((window) => {
    const judged = own.judge(state, window);
    // What is kept between runs is JSON.
    state = JSON.parse(JSON.stringify(judged.state));
    return judged;
  });
};
const repeated = <Value>(value: Value, times: number) => new Array<Value>(times).fill(value);

describe("detectors", () => {
  it("pass what looks like the reference, with readings of all detectors", () => {
    const [first] = play([calm]);
    expect(first!.judgement.alarm).toBe("none");
    const [ofScore, ofCity] = first!.judgement.columns;
    expect(ofScore).toMatchObject({
      name: "score",
      verdict: "pass",
      rows: 400,
      effectiveRows: 400,
      marked: false,
    });
    expect(ofScore!.readings.map(({ detector }) => detector)).toEqual(["location", "shape", "rate"]);
    expect(ofScore!.effect).toMatchObject({ distance: 0 });
    expect(ofScore!.effect!.interval[1]).toBeGreaterThan(0);
    // Categories have no order, so nothing has moved up or down.
    expect(ofCity!.readings.map(({ detector }) => detector)).toEqual(["shape", "rate"]);
  });

  it("tell the column that drifts, its effect with an interval, and the alarm once", () => {
    const played = play([...repeated(calm, 5), ...repeated(moved, 4), ...repeated(calm, 30)]);
    const phases = played.map(({ judgement }) => judgement.alarm);
    expect(phases.filter((phase) => phase === "begins")).toHaveLength(1);
    expect(phases[5]).toBe("begins");
    expect(phases[6]).toBe("lasts");
    expect(phases.indexOf("fades")).toBeGreaterThan(8);
    expect(phases.slice(phases.indexOf("fades")).filter((phase) => phase === "fades")).toHaveLength(8);
    expect(phases.at(-1)).toBe("none");
    const [ofScore, ofCity] = played[8]!.judgement.columns;
    expect([ofScore!.verdict, ofCity!.verdict]).toEqual(["drift", "pass"]);
    expect([ofScore!.marked, ofCity!.marked]).toEqual([true, false]);
    const { distance, interval } = ofScore!.effect!;
    expect(interval[0]).toBeLessThan(distance);
    expect(interval[1]).toBeGreaterThan(distance);
    expect(interval[0]).toBeGreaterThan(0.05);
  });

  it("weigh older windows less: effective rows grow to nine windows' worth", () => {
    const played = play(repeated(calm, 60));
    expect(played[0]!.judgement.columns[0]!.effectiveRows).toBe(400);
    expect(played.at(-1)!.judgement.columns[0]!.effectiveRows).toBeCloseTo(3600, 0);
  });

  it("widen small windows until they can tell, and say insufficient before", () => {
    const small = [at(0, 10, 10, 10, 10, 0, 0, 0), at(20, 12, 8, 0, 0)];
    const verdicts = play(repeated(small, 12)).map(({ judgement }) => judgement.columns[0]!.verdict);
    expect(verdicts[0]).toBe("insufficient");
    expect(verdicts[3]).toBe("insufficient");
    expect(verdicts.at(-1)).toBe("pass");
  });

  it("call a window without rows insufficient, and forget nothing over it", () => {
    const none = [at(0, 0, 0, 0, 0, 0, 0, 0), at(0, 0, 0, 0, 0)];
    const [before, after] = play([moved, none]);
    expect(after!.judgement.columns.map(({ verdict }) => verdict)).toEqual(["insufficient", "insufficient"]);
    expect(after!.state.columns).toEqual(before!.state.columns);
  });

  it("judge values that the reference never had by their rate alone", () => {
    const strange = (other: number) => [calm[0]!, at(200, 120, 80 - other, other, 0)];
    const judge = (other: number) => play([strange(other)])[0]!.judgement.columns[1]!;
    expect(judge(1).verdict).toBe("pass");
    expect(judge(5).verdict).toBe("drift");
    expect(judge(5).readings.at(-1)).toMatchObject({ detector: "rate", cell: 3 });
    // Five among very few rows are news too: the exact test needs no 200 rows. One may be somebody's slip.
    const few = (other: number) =>
      play([[calm[0]!, at(3, 1, 0, other, 0)]])[0]!.judgement.columns[1]!.verdict;
    expect([few(5), few(4), few(1)]).toEqual(["drift", "insufficient", "insufficient"]);
  });

  it("want more values that were never seen where rows come in clusters", () => {
    const sizes = table.sizes.map((size) => ({ ...size, dispersion: [4, 4] }));
    const own = createDetectors({ columns, reference, thresholds: { ...table, sizes } });
    const verdicts = (scores: readonly number[], other: number, missing = 0) =>
      play(
        [[at(...scores), at(200, 120, 80 - other - missing, other, missing)]],
        own,
      )[0]!.judgement.columns.map(({ verdict }) => verdict);
    expect(verdicts([0, 100, 100, 100, 95, 5, 0, 0], 5)).toEqual(["pass", "pass"]);
    expect(verdicts([0, 100, 100, 100, 80, 20, 0, 0], 20)).toEqual(["drift", "drift"]);
    // What is missing has clusters of its own.
    expect(verdicts([0, 100, 100, 100, 95, 0, 5, 0], 0, 5)).toEqual(["drift", "drift"]);
  });

  it("want more that is missing where it is missing in clusters", () => {
    const own = createDetectors({ columns, reference, thresholds: { ...table, absent_dispersion: 4 } });
    const verdicts = (missing: number) =>
      play(
        [[at(0, 100, 100, 100, 100 - missing, 0, 0, missing), at(200, 120, 80 - missing, 0, missing)]],
        own,
      )
        .at(-1)!
        .judgement.columns.map(({ verdict }) => verdict);
    expect([verdicts(5), verdicts(20)]).toEqual([
      ["pass", "pass"],
      ["drift", "drift"],
    ]);
    expect(play([[calm[0]!, at(200, 120, 75, 5, 0)]], own)[0]!.judgement.columns[1]!.verdict).toBe("drift");
  });

  it("see a unit change that leaves every cell of the reference", () => {
    const gone = [at(0, 0, 0, 0, 0, 400, 0, 0), calm[1]!];
    const { verdict, readings, effect } = play([gone])[0]!.judgement.columns[0]!;
    expect(verdict).toBe("drift");
    expect(readings.find(({ detector }) => detector === "location")!.score).toBeGreaterThan(50);
    expect(effect!.distance).toBeGreaterThan(0.95);
  });

  it("let pass what is certain but too small to matter", () => {
    const own = createDetectors({ columns, reference, thresholds: { ...table, effect_floor: 0.5 } });
    const [first] = play([moved], own);
    expect(first!.judgement.columns[0]!.readings[0]!.score).toBeGreaterThan(3);
    expect(first!.judgement.columns[0]!.verdict).toBe("pass");
    expect(first!.judgement.alarm).toBe("none");
  });

  it("take windows larger than the calibrated ones for as large as these", () => {
    const times = (factor: number) =>
      moved.map(({ counts }) => ({ counts: counts.map((count) => Number(count) * factor) }));
    const scores = (factor: number) =>
      play([times(factor), times(factor)], createDetectors({ columns, reference, thresholds: table })).map(
        ({ judgement }) => judgement.columns.map(({ readings }) => readings.map(({ score }) => score)),
      );
    // 400 rows; the largest calibrated window has 1,000.
    for (const [at, one] of scores(2.5).entries())
      for (const factor of [25, 1e6])
        expect(scores(factor)[at]).toEqual(one.map((each) => each.map((s) => expect.closeTo(s, 8))));
    expect(scores(1)[0]![0]![0]).toBeLessThan(scores(2.5)[0]![0]![0]!);
  });

  it("give the same bytes from the start or from a stored state", () => {
    const windows = [calm, moved, calm, moved, moved];
    let state = detectors.start();
    for (const window of windows) state = detectors.judge(state, window).state;
    expect(JSON.stringify(play(windows).at(-1)!.state)).toBe(JSON.stringify(state));
  });

  describe("within strata", () => {
    // Low scores on working days, high ones on Sundays; all in all the reference above.
    const strata = {
      by: "day-of-week",
      known: [
        {
          at: 0,
          counts: [
            [0, 5000, 4000, 1000, 0, 0, 0, 0],
            [5000, 3000, 2000, 0, 0],
          ],
        },
        {
          at: 6,
          counts: [
            [0, 0, 1000, 4000, 5000, 0, 0, 0],
            [5000, 3000, 2000, 0, 0],
          ],
        },
      ],
    };
    const own = createDetectors({ columns, reference, thresholds: { ...table, strata } });
    const monday = [at(0, 200, 160, 40, 0, 0, 0, 0), calm[1]!];
    const sunday = [at(0, 0, 40, 160, 200, 0, 0, 0), calm[1]!];
    const verdicts = (days: readonly (readonly [readonly ColumnCounters[], number])[]) => {
      let state = own.start();
      return days.map(([window, stratum]) => {
        const judged = own.judge(
          state,
          window,
          [0, 1, 2].map((one) => (one === stratum ? 400 : 0)),
        );
        state = JSON.parse(JSON.stringify(judged.state));
        return judged.judgement.columns[0]!.verdict;
      });
    };

    it("pass windows that look like their own stratum, which drift from the whole", () => {
      expect(
        verdicts([
          [monday, 0],
          [monday, 0],
          [sunday, 1],
          [monday, 0],
        ]),
      ).toEqual(repeated("pass", 4));
      expect(play([monday])[0]!.judgement.columns[0]!.verdict).toBe("drift");
    });

    it("tell a window that looks like another stratum", () => {
      expect(
        verdicts([
          [monday, 0],
          [monday, 1],
        ]),
      ).toEqual(["pass", "drift"]);
    });

    it("compare rows of a stratum that is not known with the whole reference", () => {
      expect(
        verdicts([
          [calm, 2],
          [calm, 2],
        ]),
      ).toEqual(["pass", "pass"]);
      expect(verdicts([[monday, 2]])).toEqual(["drift"]);
    });

    it("compare a mixed window with the same mix", () => {
      const mixed = [at(0, 150, 130, 70, 50, 0, 0, 0), calm[1]!];
      const { judgement } = own.judge(own.start(), mixed, [300, 100, 0]);
      expect(judgement.columns[0]).toMatchObject({ verdict: "pass", effect: { distance: 0 } });
    });

    it("leave the mix as it is over a window without rows", () => {
      const none = [at(0, 0, 0, 0, 0, 0, 0, 0), at(0, 0, 0, 0, 0)];
      const { state } = own.judge(own.start(), monday, [400, 0, 0]);
      expect(own.judge(state, none, [0, 0, 0]).state.strata).toEqual(state.strata);
      expect(own.judge(state, sunday, [0, 400, 0]).state.strata).toEqual([320, 400, 0]);
    });
  });

  it("refuse thresholds of other columns", () => {
    const other = () => createDetectors({ columns: [city, score], reference, thresholds: table });
    expect(other).toThrow(BatonError);
    expect(other).toThrow("other columns");
  });
});

describe("thresholds between tabulated sizes", () => {
  it("run straight in ln rows and stay at the ends", () => {
    const threshold = (rows: number) => thresholdsAt(table, rows, 0).threshold;
    expect([50, 100, 1000, 9000].map(threshold)).toEqual([3, 3, 2, 2]);
    expect(threshold(Math.sqrt(100 * 1000))).toBeCloseTo(2.5, 12);
    expect(thresholdsAt(table, Math.sqrt(100 * 1000), 0)).toMatchObject({
      location: [0, expect.closeTo(0.75, 12)],
      shape: [expect.closeTo(0.1, 12), 1],
      dispersion: expect.closeTo(1.5, 12),
    });
  });
});
