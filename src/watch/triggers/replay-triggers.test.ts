import { expect, test } from "vitest";
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
import { type WatchInput, watchReport } from "../report/watch-report.ts";
import { replayTriggers } from "./replay-triggers.ts";

const plan = await watchedPlan();
const profile = await watchedProfile();
const first = Date.UTC(2026, 0, 5);
const day = 86_400_000;

const trigger = { id: "worse", when: "mature.roc_auc < 0.6", for: "1 of 1", cooldown: "1d", minLabels: 0 };
const contract = { ...watched, labels: { key: "key", arriveAfter: "1d" }, retrain: [trigger] };

/** Each day has forty rows that the model ranks well; two labels of day 1 came late and say otherwise. */
async function input(days: number, atMs: number): Promise<WatchInput> {
  const rows = Array.from({ length: 40 * days }, (_, at): WatchedRow & { readonly time: number } => ({
    key: `k${at}`,
    score: (at % 10) / 10,
    time: first + Math.floor(at / 40) * day,
  }));
  const segment = openSegment(plan);
  segment.add(callOf(rows));
  const labels = rows.map(({ key, score, time }, at) => {
    const late = Math.floor(at / 40) === 1 && at % 40 < 20;
    return {
      name: key!,
      label: Number(score >= 0.5) === Number(late) ? 0 : 1,
      ...(late && { arrivedMs: time + 5 * day }),
    };
  });
  return {
    contract,
    profile,
    plan,
    merged: { windows: segment.counts(), replicas: [], files: [], findings: [] },
    labels: await measurePerformance(
      joinInMemory(
        rows.map(({ key, score, time }) => ({
          id: null,
          key: key!,
          eventMs: time,
          score,
          decision: score >= 0.5,
        })),
        labels,
        { windowMs: plan.windowMs, delayMs: day },
      ),
      {
        task: "binary-classification",
        windowMs: plan.windowMs,
        delayMs: day,
        atMs,
        keepArrivals: true,
      },
    ),
    atMs,
  };
}

test("a replay does not know labels that came after their window matured", async () => {
  const history = await input(4, first + 30 * day);
  const aucs = (windows: readonly { readonly values: Readonly<Record<string, unknown>> }[]) =>
    windows.map(({ values }) => values["mature.roc_auc"]);
  expect(aucs(watchReport(history).triggers![0]!.windows)).toEqual([1, 0.5, 1, 1]);
  expect(aucs(replayTriggers(history)[0]!.windows)).toEqual([1, 1, 1, 1]);
});

test("a replay of the beginning is the beginning of the replay", async () => {
  const whole = replayTriggers(await input(6, first + 30 * day))[0]!;
  for (const days of [1, 2, 3, 5]) {
    const at = first + (days + 1) * day;
    const begun = replayTriggers(await input(6, at))[0]!;
    expect(begun.windows).toEqual(whole.windows.slice(0, days));
    expect(begun.firings).toEqual(whole.firings.filter(({ seen }) => Date.parse(seen) <= at));
  }
});
