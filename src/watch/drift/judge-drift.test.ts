import { describe, expect, it } from "vitest";
import { canonicalJson } from "../../kernel/index.ts";
import { observationPlan } from "../observe/observation-plan.ts";
import { openSegment } from "../observe/segment.ts";
import {
  calibratedProfile,
  callOf,
  randomRows,
  type WatchedRow,
  watched,
} from "../observe/test-observations.ts";
import type { WindowCounts } from "../observe/window-counts.ts";
import { watchReport } from "../report/watch-report.ts";
import { judgeDrift } from "./judge-drift.ts";

const profile = await calibratedProfile();
const plan = observationPlan(watched, profile, "0".repeat(64));
const model = { contract: watched, profile, windowMs: plan.windowMs };
const day = 86_400_000;
const start = Date.UTC(2026, 0, 1);
const dated = (number: number) => new Date(start + number * day).toISOString();

/** One window a day; `change` says what is other on that day. */
function windowsOf(days: number, change: (day: number) => Partial<WatchedRow>, rows = 400): WindowCounts[] {
  return Array.from({ length: days }, (_, number) => {
    const segment = openSegment(plan);
    const time = start + number * day;
    segment.add(callOf(randomRows(`day ${number}`, rows, { time, ...change(number) })));
    return segment.counts()[0]!;
  });
}

const alarmsOf = (windows: readonly WindowCounts[]) => judgeDrift(model, windows)!.state.alarms;
const from = (first: number, last: number, change: Partial<WatchedRow>) => (number: number) =>
  number >= first && number <= last ? change : {};

describe("drift", () => {
  it("is not told where nothing drifts", () => {
    const { judgements, state } = judgeDrift(
      model,
      windowsOf(40, () => ({})),
    )!;
    expect(state.alarms).toEqual([]);
    expect(judgements.every(({ columns }) => columns.every(({ verdict }) => verdict === "pass"))).toBe(true);
  });

  it("of one feature is one alarm that names it, with effect and windows, and ends when its rows weigh no more", () => {
    const [alarm, ...others] = alarmsOf(windowsOf(40, from(5, 8, { wind: 35 })));
    expect(others).toEqual([]);
    expect(alarm).toMatchObject({ begins: dated(5), cause: "one-feature", open: false });
    expect(alarm!.columns.map(({ clause, first }) => [clause, first])).toEqual([["features.wind", dated(5)]]);
    const [wind] = alarm!.columns;
    expect(wind!.windows).toBe(alarm!.windows);
    expect(wind!.worst).toBe(dated(8));
    const [low, high] = wind!.effect!.interval;
    expect(low).toBeLessThan(wind!.effect!.distance);
    expect(wind!.effect!.distance).toBeLessThan(high);
  });

  it.each([
    ["several-features", { wind: 35, age: 21 }],
    ["score", { score: 0.9 }],
    ["one-feature", { wind: 35, score: 0.9 }],
    ["quality", { wind: undefined, score: 0.9 }],
    ["quality", { wind: 35, origin: "XXX" }],
  ] as const)("is traced back to %s", (cause, change) => {
    const [alarm] = alarmsOf(windowsOf(12, from(6, 11, change)));
    expect([alarm!.begins, alarm!.cause, alarm!.open]).toEqual([dated(6), cause, true]);
  });

  it("that comes later in an open alarm has its own first window, and is no cause", () => {
    const change = (number: number) => ({
      ...(number >= 4 && { wind: 35 }),
      ...(number >= 8 && { origin: undefined }),
    });
    const [alarm] = alarmsOf(windowsOf(12, change));
    expect(alarm!.cause).toBe("one-feature");
    const origin = alarm!.columns.find(({ clause }) => clause === "features.origin");
    expect([origin!.first, origin!.quality, origin!.windows]).toEqual([dated(8), true, 4]);
  });

  it("goes on from a stored state to the same bytes, wherever it was cut", () => {
    const windows = windowsOf(20, from(6, 9, { wind: 35 }));
    const whole = judgeDrift(model, windows)!;
    for (const cut of [1, 6, 8, 12, 20]) {
      const before = judgeDrift(model, windows.slice(0, cut))!;
      const stored = JSON.parse(JSON.stringify(before.state));
      const after = judgeDrift(model, windows.slice(cut), stored)!;
      expect(canonicalJson(after.state)).toBe(canonicalJson(whole.state));
      expect([...before.judgements, ...after.judgements]).toEqual(whole.judgements);
    }
  });

  it("is not told, and not denied, of few rows", () => {
    const { judgements } = judgeDrift(
      model,
      windowsOf(1, () => ({}), 50),
    )!;
    expect(judgements[0]!.columns.map(({ verdict }) => verdict)).toEqual(new Array(4).fill("insufficient"));
  });
});

describe("findings of drift", () => {
  function findingsOf(windows: readonly WindowCounts[]) {
    const merged = { windows, replicas: [], files: [], findings: [] };
    const report = watchReport({ contract: watched, profile, plan, merged, atMs: windows.at(-1)!.start + 1 });
    expect(report.windows.map(({ drift }) => drift!.columns.length)).toEqual(windows.map(() => 4));
    return report.findings.filter(({ code }) => code !== "watch.untimed");
  }

  it("block while the alarm is open and warn afterwards, on the feature that drifts most", () => {
    const [open, ...more] = findingsOf(windowsOf(10, from(5, 9, { wind: 35, score: 0.9 })));
    expect([open!.code, open!.severity, open!.clause]).toEqual(["watch.drift", "blocking", "features.wind"]);
    expect(open!.message).toMatch(
      /^Drift of one feature since 2026-01-06, in 5 windows: features\.wind \(builds\) by 0\.\d\d \(0\.\d\d to 0\.\d\d\) in the window of 2026-01-10.*outputs\.late/,
    );
    expect(more).toEqual([]);
    const [over] = findingsOf(windowsOf(40, from(5, 9, { wind: 35, age: 21 })));
    expect([over!.severity, over!.clause]).toEqual(["warning", "watch"]);
    expect(over!.message).toMatch(/^Drift of several features from 2026-01-06 to 2026-01-\d\d, /);
  });

  it("are none where another class of error explains the alarm", () => {
    const found = findingsOf(windowsOf(10, from(5, 9, { wind: undefined, score: 0.9 })));
    expect(found.map(({ code, clause }) => [code, clause])).toEqual([["watch.error-class", "features.wind"]]);
    expect(found[0]!.message).toContain("upstream.schema-change (builds): Since 2026-01-06");
  });

  it("are none where nothing drifts: it is calibrated", () => {
    expect(findingsOf(windowsOf(10, () => ({})))).toEqual([]);
  });
});
