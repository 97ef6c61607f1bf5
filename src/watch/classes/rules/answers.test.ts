import { describe, expect, it } from "vitest";
import { randomRows } from "../../observe/test-observations.ts";
import type { SliceReport } from "../../report/slice-report.ts";
import type { Suspicion } from "../suspicion.ts";
import { type MadeWindow, madeFacts, usualRows } from "../test-facts.ts";
import { poorAnswers } from "./poor-answers.ts";
import { shiftedAnswers } from "./shifted-answers.ts";

const spans = (found: readonly Suspicion[]) =>
  found.map((one) => {
    const windows = [...one.rows.keys()];
    return [one.class, one.clause, Math.min(...windows), Math.max(...windows)];
  });
const onset = 20;
const rowsOf = (window: number, change: (score: number, wind: number) => object) =>
  usualRows(window).map((row) => ({ ...row, ...(window >= onset && change(row.score, row.wind!)) }));

describe("answers that change", () => {
  it("while no feature does are told from the window on in which they do", () => {
    const facts = madeFacts(34, (window) => ({ rows: rowsOf(window, (score) => ({ score: score ** 2 })) }));
    expect(spans(shiftedAnswers(facts))).toEqual([["output.shift", "outputs.late", onset, 33]]);
  });

  it("with a feature are not, and neither are answers that stay", () => {
    const both = (score: number, wind: number) => ({ score: score ** 2, wind: wind / 2 });
    for (const made of [
      (window: number): MadeWindow => ({ rows: rowsOf(window, both) }),
      () => ({ rows: randomRows("a", 300) }),
    ])
      expect(shiftedAnswers(madeFacts(34, made))).toEqual([]);
  });
});

/** Performance with some noise around a level. */
function measured(window: number, { auc = 0.75, rate = 0.5 } = {}): MadeWindow {
  const noise = 0.004 * (((window * 7) % 5) - 2);
  const metrics = { roc_auc: auc + noise, base_rate: rate + noise };
  const interval = [metrics.roc_auc - 0.012, metrics.roc_auc + 0.012] as const;
  return {
    rows: usualRows(0),
    performance: { answered: 300, labelled: 3000, mature: true, metrics, intervals: { roc_auc: interval } },
  };
}

describe("performance that falls", () => {
  const fallen = (window: number) => measured(window, window >= onset ? { auc: 0.66 } : {});

  it("beyond chance is a concept that drifts", () => {
    expect(spans(poorAnswers(madeFacts(34, fallen)))).toEqual([["drift.concept", "outputs.late", onset, 33]]);
  });

  it("by less than matters, or not at all, is nothing", () => {
    const little = (window: number) => measured(window, window >= onset ? { auc: 0.735 } : {});
    for (const made of [little, (window: number) => measured(window)])
      expect(poorAnswers(madeFacts(34, made))).toEqual([]);
  });

  it("while a feature drifts may go back to that", () => {
    const [found] = poorAnswers(
      madeFacts(34, (window) => ({ ...fallen(window), drifting: window >= onset ? ["features.wind"] : [] })),
    );
    expect([found!.class, found!.vague]).toEqual(["drift.concept", true]);
  });

  it("on one slice is that slice's, and the others that are worse are named with it", () => {
    const starts = madeFacts(34, fallen).windows;
    const change = {
      ...{ from: starts[onset]!.start, until: starts[33]!.end, rows: 900, now: 0.3, before: 0.18 },
      ...{ difference: [0.09, 0.13] as const, p: 1e-9, significant: true },
    };
    const slice = (name: string, rest: Partial<SliceReport["change"] & object> = {}): SliceReport => ({
      ...{
        slice: `origin = "${name}"`,
        clauses: ["features.origin"],
        rows: 900,
        share: 0.3,
        metric: "brier",
      },
      ...{ inside: 0.3, outside: 0.2, difference: [0.08, 0.12], p: 1e-9, significant: true },
      change: { ...change, ...rest },
    });
    const slices = [slice("JFK", { rows: 300 }), slice("EWR"), slice("LGA", { difference: [0.01, 0.03] })];
    const [found, ...others] = poorAnswers(madeFacts(34, fallen, { slices }));
    expect([spans([found!]), others]).toEqual([
      [["quality.slice-regression", "features.origin", onset, 33]],
      [],
    ]);
    expect([found!.about, found!.samples, found!.rows.get(onset)]).toEqual([
      'origin = "EWR"',
      ['worse too: origin = "JFK"'],
      90,
    ]);
  });
});

describe("probabilities", () => {
  it("that no longer come true are told, though their order is as good as before", () => {
    const facts = madeFacts(34, (window) => measured(window, window >= onset ? { rate: 0.35 } : {}));
    expect(spans(poorAnswers(facts))).toEqual([["output.calibration", "outputs.late", onset, 33]]);
  });
});
