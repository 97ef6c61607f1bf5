import { describe, expect, it } from "vitest";
import { planCalibration } from "./plan-calibration.ts";
import { fileOrder, timeOrder } from "./time-order.ts";

const [hour, day] = [3_600_000, 86_400_000];
/** So many rows in each of so many windows, from a Thursday on. */
const rows = (windows: number, windowMs: number, each: (window: number) => number) =>
  timeOrder(
    Float64Array.from(
      Array.from({ length: windows }, (_, at) => new Array<number>(each(at)).fill(at * windowMs)).flat(),
    ),
    1e6,
  );

describe("blocks and sizes", () => {
  it("of days are whole weeks that hold what the detectors remember", () => {
    expect(
      planCalibration(
        rows(121, day, (at) => (at === 5 ? 90 : 60)),
        day,
      ),
    ).toEqual({
      blockRows: Math.round((14 * (121 * 60 + 30)) / 121),
      windows: { sizes: [60, 90] },
    });
  });

  it("of hours are whole weeks, or whole days where weeks would leave too few blocks", () => {
    const blockWindows = (windows: number) => {
      const plan = planCalibration(
        rows(windows, hour, () => 30),
        hour,
      );
      return typeof plan === "string" ? plan : plan.blockRows / 30;
    };
    expect(blockWindows(8 * 168)).toBe(168);
    expect(blockWindows(8 * 168 - 1)).toBe(24);
    expect(blockWindows(100)).toBe(9);
    expect(blockWindows(40)).toBe(5);
  });

  it("shorter than a day are the reference's own windows", () => {
    const plan = planCalibration(
      rows(100, hour, (at) => (at % 24 < 6 ? 2 : 40)),
      hour,
    );
    if (typeof plan === "string" || !("edges" in plan.windows)) throw new Error("no edges");
    const { edges } = plan.windows;
    expect([edges.length, ...Array.from(edges).slice(4, 9)]).toEqual([101, 8, 10, 12, 52, 92]);
    expect(edges[100]).toBe(28 * 2 + 72 * 40);
  });

  it("are refused where windows are few or hold too little to be judged", () => {
    expect(
      planCalibration(
        rows(17, day, () => 100),
        day,
      ),
    ).toBe("its rows lie in 17 windows of watch.window, and 18 are needed");
    expect(
      planCalibration(
        rows(40, day, () => 22),
        day,
      ),
    ).toMatch(/hold at most 22 rows, and 23 are needed/);
    expect(
      planCalibration(
        rows(40, day, () => 23),
        day,
      ),
    ).toMatchObject({ windows: { sizes: [23] } });
  });

  it("without times come from the number of rows", () => {
    expect(planCalibration(fileOrder(100_000, 1e6), day)).toEqual({
      blockRows: 3125,
      windows: { sizes: [200, 800, 3125] },
    });
    expect(planCalibration(fileOrder(6399, 1e6), day)).toBe(
      "it has 6399 rows without a time, and 6400 are needed",
    );
  });
});
