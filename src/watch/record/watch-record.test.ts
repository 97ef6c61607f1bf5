import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contractOf, featureOf } from "../../../test/support/contract-of.ts";
import { clausesOf } from "../../contract/index.ts";
import type { Finding } from "../../kernel/index.ts";
import type { ErrorGroup } from "../classes/error-group.ts";
import type { ColumnJudgement } from "../detectors/judge-window.ts";
import type { DriftAlarm } from "../drift/drift-alarm.ts";
import type { ColumnReport } from "../report/column-report.ts";
import type { LatencyReport } from "../report/latency-report.ts";
import type { WatchReport } from "../report/watch-report.ts";
import type { WindowReport } from "../report/window-report.ts";
import type { TriggerReport } from "../triggers/trigger-report.ts";
import { watchRecord } from "./watch-record.ts";

const day = 86_400_000;
const first = Date.UTC(2026, 0, 5);
const instant = (days: number) => new Date(first + days * day).toISOString();

const contract = contractOf({
  features: [
    featureOf("age", "int64", { expected: [0, 99] }),
    featureOf("city", "string", { values: ["ams"] }),
    featureOf("free", "float32"),
  ],
  watch: { window: "1d", falseAlarms: "1 per 90d", keepRows: 0 } as never,
  budget: { latencyMs: { p99: 50 }, cpus: 1, memoryMiB: 512 },
  retrain: [{ id: "worse", when: "mature.roc_auc < 0.6", for: "1 of 1", cooldown: "7d", minLabels: 1 }],
  review: { first: "7d", every: "30d" },
  limitations: [{ id: "old", text: "Old ones.", keptBy: "features.age" }],
});
const clauses = clausesOf(contract);

type Verdict = ColumnJudgement["verdict"];

function windowAt(
  days: number,
  verdicts: readonly [Verdict, Verdict],
  more: Partial<WindowReport> = {},
): WindowReport {
  const columns = ["features.age", "features.city"].map((clause) => ({ clause }) as ColumnReport);
  const judged = verdicts.map((verdict) => ({ verdict }) as ColumnJudgement);
  return {
    ...{ start: instant(days), end: instant(days + 1), rows: 300, answered: 300, rejected: {}, untimed: 0 },
    ...{ latency: [calls("pass")], columns, drift: { alarm: "none", columns: judged } },
    ...more,
  };
}

const calls = (verdict: LatencyReport["verdict"]): LatencyReport => ({
  ...{ percentile: "p99", boundMs: 50, calls: 500, within: 499, between: [1, 2], verdict },
});

const alarm = (open: boolean, ...names: string[]): DriftAlarm =>
  ({ begins: instant(0), until: instant(1), open, columns: names.map((clause) => ({ clause })) }) as never;

const trigger = (state: TriggerReport["state"], more: Partial<TriggerReport> = {}): TriggerReport => ({
  ...{ id: "worse", clause: "retrain.worse", owner: "runs", when: "mature.roc_auc < 0.6", for: "1 of 1" },
  ...{ cooldown: "7d", state, firings: [] },
  windows: [{ start: instant(0), holds: false, unknown: [], values: {} }],
  ...more,
});

function recordOf(report: Partial<WatchReport> = {}, findings: readonly Finding[] = [], atDays = 2) {
  const seen: WatchReport = {
    windows: [windowAt(0, ["pass", "pass"]), windowAt(1, ["pass", "pass"])],
    ...{ replicas: [], alarms: [], errors: [], triggers: [trigger("quiet")], findings: [] },
    ...report,
  };
  return watchRecord({ contract, clauses, report: seen, findings, atMs: first + atDays * day });
}

/** Outcomes by clause, without what they have in common. */
function outcomes(...given: Parameters<typeof recordOf>): Record<string, string> {
  return Object.fromEntries(recordOf(...given)!.verdicts.map(({ clause, outcome }) => [clause, outcome]));
}

const all = (outcome: string) => ({
  ...{ "features.age": outcome, "features.city": outcome, budget: outcome },
  ...{ watch: outcome, "retrain.worse": outcome },
});

describe("what of a watch can be signed", () => {
  it("is every clause that a watch looks at, and none that something else keeps", () => {
    expect(outcomes()).toEqual(all("pass"));
    expect(recordOf()).toMatchObject({ from: instant(0), newest: instant(1), windows: 2 });
  });

  it("is nothing while no window with rows is over", () => {
    expect(recordOf({}, [], 0.5)).toBeUndefined();
    expect(recordOf({ windows: [] })).toBeUndefined();
    const [seen, empty] = [windowAt(0, ["pass", "pass"]), windowAt(1, ["pass", "pass"], { rows: 0 })];
    expect(recordOf({ windows: [seen, empty] })).toMatchObject({ newest: instant(0), windows: 1 });
  });

  it("passes nothing by a window that is not over, and fails by it", () => {
    const partial = (verdict: Verdict, latency: LatencyReport["verdict"]) =>
      outcomes(
        {
          windows: [
            windowAt(0, ["insufficient", "pass"], { latency: [calls("insufficient")] }),
            windowAt(1, [verdict, "pass"], { latency: [calls(latency)] }),
          ],
        },
        [],
        1.5,
      );
    expect(partial("pass", "pass")).toMatchObject({
      ...{ "features.age": "insufficient", budget: "insufficient", watch: "insufficient" },
      "features.city": "pass",
    });
    expect(partial("drift", "fail")).toMatchObject({ "features.age": "fail", budget: "fail" });
  });

  it("fails what an open alarm names, and the policy; a closed one fails nothing", () => {
    expect(outcomes({ alarms: [alarm(true, "features.age", "outputs.x")] })).toMatchObject({
      ...{ "features.age": "fail", "features.city": "pass", watch: "fail" },
    });
    expect(outcomes({ alarms: [alarm(false, "features.age")] })).toEqual(all("pass"));
  });

  it("does not judge drift without thresholds, or of columns that have none", () => {
    const { alarms: _, ...without } = { windows: [windowAt(0, ["pass", "pass"])], alarms: undefined };
    const report = { ...without, alarms: undefined } as unknown as Partial<WatchReport>;
    expect(outcomes(report)).toMatchObject({
      ...{ "features.age": "not-run", "features.city": "not-run", watch: "not-run", budget: "pass" },
    });
    const { drift: _drift, ...unjudged } = windowAt(1, ["pass", "pass"]);
    expect(outcomes({ windows: [unjudged] })).toMatchObject({ "features.age": "not-run", watch: "not-run" });
  });

  it("fails a feature with a blocking error that goes on, and keeps what was in its rows to itself", () => {
    const error = (last: number, more: Partial<ErrorGroup> = {}) =>
      ({
        ...{ class: "upstream.unit-change", clause: "features.age", severity: "blocking", rows: 9 },
        ...{ first: instant(0), last: instant(last), message: "values like 4711", ...more },
      }) as ErrorGroup;
    const record = recordOf({ errors: [error(2)] })!;
    const verdict = record.verdicts.find(({ clause }) => clause === "features.age");
    expect(verdict).toEqual({
      ...{ clause: "features.age", outcome: "fail", why: "upstream.unit-change, 9 rows since 2026-01-05" },
    });
    expect(outcomes({ errors: [error(1)] })).toEqual(all("pass"));
    expect(outcomes({ errors: [error(2, { severity: "warning" })] })).toEqual(all("pass"));
  });

  it.each<[string, TriggerReport[], string]>([
    ["is quiet", [trigger("quiet")], "pass"],
    ["holds in too few windows", [trigger("building")], "pass"],
    ["is met and held back", [trigger("met")], "fail"],
    [
      "stands, and has not been left",
      [trigger("building", { standing: { window: instant(0) } as never })],
      "fail",
    ],
    ["cannot be told", [trigger("unknown")], "insufficient"],
    [
      "cannot be told in the newest window",
      [
        trigger("building", {
          windows: [{ start: instant(0), holds: "unknown", unknown: ["mature.roc_auc"], values: {} }],
        }),
      ],
      "insufficient",
    ],
    ["has no window yet", [trigger("unknown", { windows: [] })], "insufficient"],
    ["cannot be evaluated", [], "not-run"],
  ])("a trigger that %s", (_, triggers, outcome) => {
    expect(outcomes({ triggers })["retrain.worse"]).toBe(outcome);
  });

  it("has no latency where no call was timed", () => {
    expect(outcomes({ windows: [windowAt(0, ["pass", "pass"], { latency: [] })] }).budget).toBe("not-run");
  });

  it("passes nothing where files could not be read, whatever else was seen, and every reason is said", () => {
    const verdict = fc.constantFrom<Verdict>("pass", "drift", "insufficient");
    const latency = fc.constantFrom<LatencyReport["verdict"]>("pass", "fail", "insufficient");
    const state = fc.constantFrom<TriggerReport["state"]>("quiet", "building", "unknown", "met");
    const code = fc.constantFrom("watch.file-unreadable", "watch.conflicting-files");
    fc.assert(
      fc.property(verdict, verdict, latency, state, code, (age, city, speed, triggered, found) => {
        const report = {
          windows: [windowAt(1, [age, city], { latency: [calls(speed)] })],
          triggers: [trigger(triggered)],
        };
        const whole = recordOf(report)!.verdicts;
        const torn = recordOf(report, [
          { code: found, severity: "blocking", message: "", next: "" },
        ])!.verdicts;
        for (const [at, { outcome, why }] of whole.entries()) {
          expect(torn[at]!.outcome).toBe(outcome === "pass" ? "not-run" : outcome);
          expect(why === undefined).toBe(outcome === "pass");
          expect(torn[at]!.why).toBeTruthy();
        }
      }),
    );
  });
});
