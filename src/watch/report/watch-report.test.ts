import { describe, expect, it } from "vitest";
import { makeProfile } from "../../profile/index.ts";
import { measurePerformance } from "../labels/measure-performance.ts";
import { joinInMemory } from "../labels/test-join.ts";
import { openSegment } from "../observe/segment.ts";
import {
  callOf,
  type WatchedRow,
  watched,
  watchedPlan,
  watchedProfile,
} from "../observe/test-observations.ts";
import type { MergedObservations } from "../windows/merge-observations.ts";
import { latencyReports } from "./latency-report.ts";
import { watchReport } from "./watch-report.ts";

const plan = await watchedPlan();
const profile = await watchedProfile();
const start = Date.UTC(2026, 0, 5);
const day = 86_400_000;

async function reportOf(
  rows: readonly WatchedRow[],
  rest: { atMs?: number; labels?: boolean | "empty" } = {},
) {
  const segment = openSegment(plan);
  segment.add(callOf(rows));
  const merged: MergedObservations = { windows: segment.counts(), replicas: [], files: [], findings: [] };
  const joined = joinInMemory(
    rows.map(({ key, score }) => ({
      id: null,
      key: key ?? null,
      eventMs: start,
      score,
      decision: score >= 0.5,
    })),
    rows.map(({ key, score }) => ({
      name: key ?? "",
      label: rest.labels === "empty" ? null : Number(score >= 0.5),
    })),
    { windowMs: plan.windowMs, delayMs: day },
  );
  const atMs = rest.atMs ?? start + 10 * day;
  const measured = await measurePerformance(joined, {
    task: "binary-classification",
    windowMs: plan.windowMs,
    delayMs: day,
    atMs,
  });
  return watchReport({
    contract: watched,
    profile,
    plan,
    merged,
    atMs,
    ...(rest.labels && { labels: measured }),
  });
}

const many = (count: number, row: (index: number) => Partial<WatchedRow>): WatchedRow[] =>
  Array.from({ length: count }, (_, index) => ({
    score: (index % 10) / 10,
    time: start,
    key: `k${index}`,
    ...row(index),
  }));

describe("a report", () => {
  it("shows shares beside the reference's", async () => {
    const report = await reportOf(
      many(400, (index) => ({
        ...(index % 4 === 0 ? {} : { wind: index % 5 === 0 ? 31 : 10 }),
        origin: index % 2 === 0 ? "XXX" : "EWR",
      })),
    );
    const [wind, origin] = report.windows[0]!.columns;
    expect([wind!.clause, wind!.missing, wind!.outside]).toEqual([
      "features.wind",
      { now: 0.25, reference: 0 },
      { now: 0.15 },
    ]);
    expect(origin!.other).toEqual({ now: 0.5, reference: 0 });
  });

  it("never says that few rows do not drift", async () => {
    const { windows, findings } = await reportOf(many(199, () => ({ wind: 1, origin: "EWR", age: 20 })));
    expect(windows[0]!.columns.every(({ distances }) => !distances.sufficient && !distances.distances)).toBe(
      true,
    );
    expect(findings.map(({ code }) => code)).toContain("watch.insufficient");
  });

  it("judges no drift without calibrated thresholds, and says so", async () => {
    const { findings } = await reportOf(many(1000, () => ({ wind: 39, origin: "EWR", age: 20 })));
    expect(findings.map(({ code, severity }) => [code, severity])).toEqual([
      ["watch.not-calibrated", "warning"],
    ]);
  });

  it("does not know how good a window is before all of its labels must have come", async () => {
    const rows = many(50, () => ({}));
    const performance = async (atMs: number) =>
      (await reportOf(rows, { labels: true, atMs })).windows[0]!.performance!;
    expect(await performance(start + 2 * day - 1)).toEqual({ answered: 50, labelled: 50, mature: false });
    const { mature, metrics } = await performance(start + 2 * day);
    expect([mature, metrics!.roc_auc, metrics!.accuracy]).toEqual([true, 1, 1]);
  });

  it("says so where labels came and all are empty", async () => {
    const rows = many(50, () => ({}));
    const codes = async (labels: true | "empty") =>
      (await reportOf(rows, { labels })).findings.map(({ code }) => code);
    expect(await codes("empty")).toContain("watch.labels-empty");
    expect(await codes(true)).not.toContain("watch.labels-empty");
  });

  it("knows nothing of windows that begin later than it is judged, and says so", async () => {
    const { windows, findings } = await reportOf(
      many(300, () => ({})),
      { atMs: start },
    );
    expect(windows).toEqual([]);
    expect(findings.map(({ code }) => code)).toContain("watch.ahead");
  });

  it("blocks where nothing was observed", () => {
    const merged: MergedObservations = { windows: [], replicas: [], files: [], findings: [] };
    const { findings } = watchReport({ contract: watched, profile, plan, merged, atMs: 0 });
    expect(findings.map(({ code, severity }) => [code, severity])).toEqual([
      ["watch.nothing-observed", "blocking"],
    ]);
  });
});

describe("latency", () => {
  function windowOf(durations: readonly number[]) {
    const segment = openSegment(plan);
    for (const durationMs of durations) segment.add(callOf([{ score: 0.1, time: start }], { durationMs }));
    return latencyReports(segment.counts()[0]!, plan.latencyEdges, watched.budget);
  }
  const repeat = (count: number, ms: number) => new Array<number>(count).fill(ms);

  it("keeps a bound that as many calls kept as the percentile asks for, and not one less", () => {
    const p99 = (slow: number) => windowOf([...repeat(200 - slow, 50), ...repeat(slow, 50.01)])[1]!;
    expect(p99(2)).toMatchObject({ percentile: "p99", verdict: "pass", within: 198, calls: 200 });
    expect(p99(3)).toMatchObject({ verdict: "fail", within: 197 });
  });

  it("lies in the cell that is shown", () => {
    for (const { between } of windowOf(repeat(300, 80)))
      expect([between[0] < 80, 80 <= between[1]!]).toEqual([true, true]);
  });

  it("is insufficient where so few calls have no such percentile", () => {
    expect(windowOf(repeat(20, 900)).map(({ percentile, verdict }) => [percentile, verdict])).toEqual([
      ["p50", "fail"],
      ["p99", "insufficient"],
    ]);
  });

  it("over budget is a finding on the clause that blocks, with the worst window", () => {
    const segment = openSegment(plan);
    for (const [days, slow] of [
      [0, 100],
      [1, 3],
      [2, 200],
    ] as const)
      for (const durationMs of [...repeat(300 - slow, 5), ...repeat(slow, 80)])
        segment.add(callOf([{ score: 0.1, time: start + days * day }], { durationMs }));
    const merged: MergedObservations = { windows: segment.counts(), replicas: [], files: [], findings: [] };
    const { findings } = watchReport({ contract: watched, profile, plan, merged, atMs: start + 10 * day });
    const over = findings.filter(({ code }) => code === "watch.over-budget");
    expect(
      over.map(({ clause, severity, expected, received }) => [clause, severity, expected, received]),
    ).toEqual([
      ["budget", "blocking", "p99 ≤ 50 ms", "100 of 300 calls within it"],
      ["budget", "blocking", "p50 ≤ 10 ms", "100 of 300 calls within it"],
    ]);
    expect(over.every(({ message }) => message.includes("2026-01-07"))).toBe(true);
  });
});

it("a profile without outputs watches the features alone", () => {
  const { features, reads } = profile;
  const bare = makeProfile({ features, reads });
  const merged: MergedObservations = { windows: [], replicas: [], files: [], findings: [] };
  expect(() => watchReport({ contract: watched, profile: bare, plan, merged, atMs: 0 })).not.toThrow();
});
