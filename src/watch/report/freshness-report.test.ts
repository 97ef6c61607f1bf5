import { describe, expect, it } from "vitest";
import { openSegment } from "../observe/segment.ts";
import { callOf, watchedPlan } from "../observe/test-observations.ts";
import type { WindowCounts } from "../observe/window-counts.ts";
import { freshnessReport, staleFindings } from "./freshness-report.ts";
import { gapFindings, withGaps } from "./window-gaps.ts";

const plan = await watchedPlan();
const day = 86_400_000;
const first = Date.UTC(2026, 0, 5);
const { windowMs } = plan;

/** Windows with rows on some days, whose rows came `lateMs` after noon. */
function windowsOn(days: readonly number[], lateMs = 0): WindowCounts[] {
  const segment = openSegment(plan);
  for (const number of days) {
    const noon = first + number * day + day / 2;
    segment.add(callOf([{ score: 0.5, time: noon }], { arrivedMs: noon + lateMs }));
  }
  return segment.counts();
}

const staleAt = (days: readonly number[], atDays: number, lateMs = 0) =>
  freshnessReport(windowsOn(days, lateMs), { windowMs, atMs: first + atDays * day })!.stale;

describe("a feed", () => {
  it("is stale when it has been silent for longer than ever before", () => {
    expect(staleAt([0, 1, 2], 3.9)).toBe(false);
    expect(staleAt([0, 1, 2], 4)).toBe(true);
    // A weekend was seen before: two days without rows are usual.
    expect(staleAt([0, 1, 4, 5], 8.9)).toBe(false);
    expect(staleAt([0, 1, 4, 5], 9)).toBe(true);
  });

  it("is given the time that its rows usually take", () => {
    expect(staleAt([0, 1, 2], 5.9, 2.5 * day)).toBe(false);
    expect(staleAt([0, 1, 2], 6, 2.5 * day)).toBe(true);
    expect(staleAt([0, 1, 2], 4000, 5000 * day)).toBe(false);
  });

  it("is not judged by one window, nor by what comes after the instant that is asked about", () => {
    expect(staleAt([0], 30)).toBe(false);
    expect(staleAt([0, 1, 9], 3)).toBe(true);
    expect(freshnessReport(windowsOn([1]), { windowMs, atMs: first })).toBeUndefined();
  });

  it("tells its newest event and arrival, and says when it stopped", () => {
    const freshness = freshnessReport(windowsOn([0, 1], 60_000), { windowMs, atMs: first + 5 * day });
    expect(freshness).toEqual({
      newestEvent: "2026-01-06T12:00:00.000Z",
      newestArrival: "2026-01-06T12:01:00.000Z",
      usualDelayMs: 0,
      silentWindows: 3,
      longestGap: 0,
      stale: true,
    });
    expect(staleFindings(freshness)[0]).toMatchObject({
      code: "watch.stale",
      message:
        "No rows came for the last 3 windows: the newest event is of 2026-01-06T12:00:00.000Z. Never before were more than 0 without.",
    });
  });
});

describe("windows without rows", () => {
  it("stand between the others, empty", () => {
    const windows = withGaps(windowsOn([0, 3]), plan);
    expect(windows.map(({ start, rows }) => [(start - first) / day, rows])).toEqual([
      [0, 1],
      [1, 0],
      [2, 0],
      [3, 1],
    ]);
    expect(windows[1]!.features.columns.map(({ counts }) => counts.length)).toEqual(
      windows[0]!.features.columns.map(({ counts }) => counts.length),
    );
  });

  it("that hold only failed calls stay as they are", () => {
    const segment = openSegment(plan);
    for (const number of [0, 2]) segment.add(callOf([{ score: 0.5, time: first + number * day }]));
    segment.fail("deadline", first + day);
    expect(withGaps(segment.counts(), plan).map(({ failed }) => failed)).toEqual([
      undefined,
      { deadline: 1 },
      undefined,
    ]);
  });

  it("are not shown one by one where a wild event time makes too many, but are said", () => {
    const windows = windowsOn([0, 5000]);
    expect(withGaps(windows, plan)).toHaveLength(2);
    expect(gapFindings(windows, windowMs)[0]!.message).toContain("4999 windows");
    expect(gapFindings(windowsOn([0, 1]), windowMs)).toEqual([]);
  });
});
