import { expect, it } from "vitest";
import type { ColumnJudgement } from "../detectors/judge-window.ts";
import type { WindowReport } from "../report/window-report.ts";
import { driftSpans } from "./drift-spans.ts";

const day = 86_400_000;
const monday = Date.UTC(2026, 0, 5);

/** A window by its day after that Monday, with the effect of each column that drifts; null where it was not judged. */
function windowOf(at: number, effects: readonly (number | undefined)[] | null): WindowReport {
  const start = new Date(monday + at * day).toISOString();
  const columns = effects?.map(
    (distance): Partial<ColumnJudgement> => ({
      verdict: distance === undefined ? "pass" : "drift",
      readings: [{ detector: "rate", score: distance === 0.2 ? 5 : 0, threshold: 4 }],
      ...(distance !== undefined && { effect: { distance, interval: [distance, distance] } }),
    }),
  );
  return {
    start,
    columns: [{ clause: "features.a" }, { clause: "features.b" }],
    ...(columns && { drift: { alarm: "lasts", columns } }),
  } as unknown as WindowReport;
}

it("names the weeks on end in which a column drifts, the largest column first", () => {
  const spans = driftSpans([
    windowOf(6, [0.1, undefined]),
    windowOf(7, [0.3, undefined]),
    windowOf(8, null),
    windowOf(13, [0.2, 0.5]),
    windowOf(28, [0.4, undefined]),
  ]);
  expect(
    spans.map(({ clause, from, to, windows, worst, effect, unseen }) => [
      clause,
      from,
      to,
      windows,
      worst.slice(0, 10),
      effect?.distance,
      unseen,
    ]),
  ).toEqual([
    ["features.b", "2026-01-12", "2026-01-12", 1, "2026-01-18", 0.5, false],
    ["features.a", "2026-01-05", "2026-01-12", 3, "2026-01-12", 0.3, true],
    ["features.a", "2026-02-02", "2026-02-02", 1, "2026-02-02", 0.4, false],
  ]);
  expect(driftSpans([windowOf(0, null)])).toEqual([]);
});
