import { describe, expect, it } from "vitest";
import type { RetrainTrigger } from "../../contract/index.ts";
import type { ErrorGroup } from "../classes/error-group.ts";
import type { ColumnJudgement } from "../detectors/judge-window.ts";
import { watched } from "../observe/test-observations.ts";
import type { ColumnReport } from "../report/column-report.ts";
import type { WindowReport } from "../report/window-report.ts";
import { triggerReports } from "./trigger-reports.ts";
import { windowQuality } from "./window-quality.ts";
import { windowValues } from "./window-values.ts";

const day = 86_400_000;
const first = Date.UTC(2026, 0, 5);
const instant = (days: number) => new Date(first + days * day).toISOString();
const sound = { ok: true, why: "" };

function column(clause: string, more: Partial<ColumnReport> = {}): ColumnReport {
  const distances = { sufficient: true } as unknown as ColumnReport["distances"];
  return { clause, missing: { now: 0, reference: 0 }, distances, ...more };
}

function judged(verdict: ColumnJudgement["verdict"], distance?: number): ColumnJudgement {
  const effect =
    distance === undefined ? {} : { effect: { distance, interval: [distance, distance] as const } };
  return { name: "x", verdict, rows: 300, effectiveRows: 300, readings: [], marked: false, ...effect };
}

const columns = [
  column("features.wind", { missing: { now: 0.2, reference: 0.05 } }),
  column("features.origin", { other: { now: 0.1, reference: 0 } }),
  column("features.age"),
  column("outputs.late"),
];

function windowAt(days: number, more: Partial<WindowReport> = {}): WindowReport {
  return {
    start: instant(days),
    end: instant(days + 1),
    rows: 400,
    answered: 300,
    rejected: {},
    untimed: 0,
    latency: [],
    columns,
    ...more,
  };
}

const drift = (share: "none" | "some"): NonNullable<WindowReport["drift"]> => ({
  alarm: "none",
  columns: [
    share === "some" ? judged("drift", 0.4) : judged("pass", 0.01),
    judged("insufficient"),
    judged("pass", 0.02),
    judged("drift", 0.3),
  ],
});

const labelled = (roc_auc: number, mature = true): NonNullable<WindowReport["performance"]> => ({
  answered: 300,
  labelled: 240,
  mature,
  ...(mature && { metrics: { roc_auc } }),
});

describe("names of a window", () => {
  it("mean what their pages say", () => {
    const estimated = {
      rows: 300,
      calibration: "pass",
      metrics: { roc_auc: 0.7 },
      intervals: {},
    } as const;
    const window = windowAt(0, { drift: drift("some"), performance: labelled(0.6), estimated });
    expect(windowValues(window, sound)).toEqual({
      "drift.share": 0.5,
      "drift.max": 0.4,
      "drift.score": 0.3,
      "quality.ok": true,
      "quality.rejected": 0.25,
      "quality.missing": 0.15000000000000002,
      "quality.unknown": 0.1,
      "traffic.rows": 400,
      "labels.coverage": 0.8,
      "mature.roc_auc": 0.6,
      "mature.rows": 240,
      "estimated.roc_auc": 0.7,
      "estimated.rows": 300,
    });
  });

  it("have no value where nothing is known, which is not a good one", () => {
    const immature = windowAt(0, { performance: labelled(0.9, false) });
    expect(Object.keys(windowValues(immature, { ok: "unknown", why: "" })).sort()).toEqual([
      "labels.coverage",
      "quality.missing",
      "quality.rejected",
      "quality.unknown",
      "traffic.rows",
    ]);
    const uncalibrated = {
      rows: 9,
      calibration: "not-run",
      metrics: { roc_auc: 0.9 },
      intervals: {},
    } as const;
    expect(windowValues(windowAt(0, { estimated: uncalibrated }), sound)).not.toHaveProperty([
      "estimated.roc_auc",
    ]);
    const few = { ...drift("some"), columns: drift("some").columns.with(2, judged("insufficient")) };
    expect(windowValues(windowAt(0, { drift: few }), sound)).not.toHaveProperty(["drift.share"]);
    const empty = windowAt(0, { rows: 0, answered: 0 });
    expect(windowValues(empty, sound)).toEqual({ "quality.ok": true, "traffic.rows": 0 });
  });
});

const group = (more: Partial<ErrorGroup>) =>
  ({
    class: "upstream.unit-change",
    clause: "features.wind",
    severity: "warning",
    starts: [instant(1)],
    rate: 0.3,
    ...more,
  }) as ErrorGroup;

describe("quality of a window", () => {
  const of = (more: Partial<ErrorGroup>, start = instant(1)) =>
    windowQuality(start, { errors: [group(more)], expectedInvalid: 0.01 }).ok;

  it("is not there where an error class of contract or feed is open", () => {
    expect([of({}), of({}, instant(0)), of({ class: "contract.range" })]).toEqual([false, true, false]);
  });

  it("is not touched by notes, other classes, and what callers are expected to send", () => {
    expect([of({ severity: "note" }), of({ class: "serving.slow" }), of({ rate: 0.01 })]).toEqual([
      true,
      true,
      true,
    ]);
  });

  it("is unknown where nobody looked", () => {
    expect(windowQuality(instant(1), { expectedInvalid: 0 }).ok).toBe("unknown");
  });
});

const trigger: RetrainTrigger = {
  id: "worse",
  when: "drift.share > 0.2 && mature.roc_auc < 0.66",
  for: "2 of 3",
  cooldown: "7d",
  minLabels: 400,
};

function report(
  windows: readonly WindowReport[],
  more: {
    readonly trigger?: Partial<RetrainTrigger>;
    readonly errors?: ErrorGroup[];
    readonly at?: number;
  } = {},
) {
  const labels = { key: "key", arriveAfter: "1d" };
  const contract = { ...watched, labels, retrain: [{ ...trigger, ...more.trigger }] };
  const seen = { windows, errors: more.errors ?? [] };
  return triggerReports({ contract, windowMs: day, atMs: first + (more.at ?? 100) * day, seen })[0]!;
}

const bad = (days: number) => windowAt(days, { drift: drift("some"), performance: labelled(0.6) });
const good = (days: number) => windowAt(days, { drift: drift("none"), performance: labelled(0.8) });

describe("a trigger over windows", () => {
  it("fires when enough of them hold, says with what, and when that was known", () => {
    const { firings, state, standing } = report([good(0), bad(1), bad(2), bad(3), bad(4)]);
    expect(firings).toEqual([
      {
        at: instant(3),
        window: instant(2),
        seen: instant(4),
        reason:
          "It holds in 2 of the last 3 windows (2026-01-06, 2026-01-07); in the newest drift.share 0.5, mature.roc_auc 0.6.",
      },
    ]);
    expect([state, standing]).toEqual(["met", firings[0]]);
  });

  it("waits for labels: held back by their number, and says so once", () => {
    const { firings } = report([bad(0), bad(1), bad(2)], { trigger: { minLabels: 700 } });
    expect(firings.map(({ window, heldBack }) => [window, heldBack])).toEqual([
      [instant(1), "labels"],
      [instant(2), undefined],
    ]);
  });

  it("looks at mature windows only where it names them, and at those that are over otherwise", () => {
    const fresh = windowAt(2, { drift: drift("some"), performance: labelled(0.6, false) });
    expect(report([bad(0), bad(1), fresh]).windows).toHaveLength(2);
    const byDrift = { when: "drift.share > 0.2" };
    expect(report([bad(0), bad(1), fresh], { trigger: byDrift }).windows).toHaveLength(3);
    expect(report([bad(0), bad(1), fresh], { trigger: byDrift, at: 2 }).windows).toHaveLength(2);
  });

  it("is unknown without thresholds or labels, and never fires", () => {
    const blind = [0, 1, 2].map((days) => windowAt(days, { performance: labelled(0.6) }));
    expect(report(blind)).toMatchObject({ state: "unknown", firings: [] });
    expect(report(blind).windows[0]).toEqual({
      start: instant(0),
      holds: "unknown",
      unknown: ["drift.share"],
      values: { "mature.roc_auc": 0.6 },
    });
    expect(report([0, 1, 2].map((days) => windowAt(days)))).toMatchObject({ state: "unknown", windows: [] });
  });

  it("does not need what cannot change the answer", () => {
    const fine = [0, 1, 2].map((days) => windowAt(days, { performance: labelled(0.9) }));
    expect(report(fine).state).toBe("quiet");
  });

  it("asks for nothing on a broken feed, and fires when it is mended", () => {
    const errors = [group({ starts: [instant(1)] })];
    const { firings } = report([bad(0), bad(1), bad(2), bad(3), bad(4)], { errors });
    expect(firings.map(({ window, heldBack }) => [window, heldBack])).toEqual([
      [instant(1), "quality"],
      [instant(4), undefined],
    ]);
    expect(firings[0]!.reason).toBe(
      "Data quality first: in the window from 2026-01-06 upstream.unit-change is open on features.wind.",
    );
  });

  it("is held back by a breach in the newest window that was over when it was seen, and by no later one", () => {
    const heldBack = (days: number) =>
      report([bad(0), bad(1), good(2), good(4)], { errors: [group({ starts: [instant(days)] })] }).firings[0]!
        .heldBack;
    expect([heldBack(2), heldBack(4)]).toEqual(["quality", undefined]);
  });

  it("counts windows by the calendar: one that is not there is unknown", () => {
    expect(report([bad(0), bad(3)]).firings).toEqual([]);
    expect(report([bad(0), bad(2)]).firings).toHaveLength(1);
  });

  it("is left when fewer than 0.7·m windows could hold, and fires again only after its cooldown", () => {
    const days = [bad, bad, good, good, good, bad, bad, bad, bad, bad];
    const { firings } = report(days.map((make, at) => make(at)));
    expect(firings.map(({ window, heldBack }) => [window, heldBack])).toEqual([
      [instant(1), undefined],
      [instant(6), "cooldown"],
      [instant(8), undefined],
    ]);
    expect(report(days.slice(0, 5).map((make, at) => make(at)))).not.toHaveProperty("standing");
  });
});
