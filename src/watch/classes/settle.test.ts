import { describe, expect, it } from "vitest";
import { watched } from "../observe/test-observations.ts";
import type { ErrorClassName } from "./error-classes.ts";
import { settle } from "./settle.ts";
import type { Suspicion } from "./suspicion.ts";

const contract = {
  ...watched,
  rules: [{ id: "calm", assert: "wind < age", otherwise: "reject", whenMissing: "skip" } as const],
};
const span = (from: number, to: number) =>
  new Map(Array.from({ length: to - from + 1 }, (_, at) => [from + at, 100] as const));

function suspicion(
  name: ErrorClassName,
  clause: string,
  rows: ReadonlyMap<number, number>,
  vague = false,
): Suspicion {
  return { class: name, clause, clauses: [clause], rows, tell: () => name, samples: [], vague };
}

function toldOf(...suspicions: Suspicion[]) {
  return settle(suspicions, { contract, rowsOf: () => 400 }).map(({ cause, consequences }) => {
    const windows = [...cause.rows.keys()];
    return [
      `${cause.class} ${cause.clause} ${Math.min(...windows)}-${Math.max(...windows)}`,
      ...consequences.map((one) => one.class),
    ];
  });
}

const unit = suspicion("upstream.unit-change", "features.wind", span(10, 20));

describe("one fault is told once", () => {
  it("drift, broken rules and shifted answers are consequences of a feature that changed its unit", () => {
    const drift = suspicion("drift.covariate", "features.wind", span(11, 28), true);
    const rule = suspicion("contract.rule", "rules.calm", span(10, 20));
    const answers = suspicion("output.shift", "outputs.late", span(12, 25), true);
    expect(toldOf(drift, answers, rule, unit)).toEqual([
      ["upstream.unit-change features.wind 10-20", "contract.rule", "drift.covariate", "output.shift"],
    ]);
  });

  it("what was there before, or goes on long after, stands by itself", () => {
    const drift = suspicion("drift.covariate", "features.wind", span(2, 40), true);
    const [cause, rest, ...more] = toldOf(unit, drift);
    expect(cause).toEqual(["upstream.unit-change features.wind 10-20", "drift.covariate"]);
    expect([rest, more]).toEqual([["drift.covariate features.wind 2-40"], []]);
  });

  it("large drift takes longer to be forgotten; what does not end by then is no memory", () => {
    const answers = (to: number) => suspicion("output.shift", "outputs.late", span(12, to), true);
    expect(toldOf(unit, answers(40))).toHaveLength(1);
    expect(toldOf(unit, answers(41))).toHaveLength(2);
  });

  it("a feature of its own is another fault, and so are rows that were rejected after the cause has ended", () => {
    const other = suspicion("drift.covariate", "features.origin", span(11, 20), true);
    const later = suspicion("contract.rule", "rules.calm", span(22, 23));
    expect(toldOf(unit, other, later).map(([name]) => name)).toEqual([
      "upstream.unit-change features.wind 10-20",
      "contract.rule rules.calm 22-23",
      "drift.covariate features.origin 11-20",
    ]);
  });

  it("rows that went on being rejected go back to the cause, for as long as they do not stop for long", () => {
    const goesOn = (until: number) =>
      suspicion("contract.rule", "rules.calm", new Map([...span(12, 15), ...span(25, until)]));
    expect(toldOf(unit, goesOn(60))).toEqual([["upstream.unit-change features.wind 10-20", "contract.rule"]]);
    const again = suspicion("contract.rule", "rules.calm", new Map([...span(12, 15), ...span(31, 40)]));
    expect(toldOf(unit, again).map(([name]) => name)).toEqual([
      "upstream.unit-change features.wind 10-20",
      "contract.rule rules.calm 31-40",
    ]);
    const before = suspicion("contract.rule", "rules.calm", span(8, 25));
    expect(toldOf(unit, before)).toHaveLength(2);
  });

  it("rejected rows explain that features drift which their rule names, as far as so many can move one", () => {
    const broken = { ...suspicion("contract.rule", "rules.calm", span(10, 20)), vague: false };
    const drift = (distance: number) => ({
      ...suspicion("drift.covariate", "features.wind", span(11, 22), true),
      moved: new Map([[12, distance]]),
    });
    // A quarter of the rows moves a distribution by at most 0.371.
    expect(toldOf(broken, drift(0.37))).toEqual([["contract.rule rules.calm 10-20", "drift.covariate"]]);
    expect(toldOf(broken, drift(0.38))).toHaveLength(2);
    const category = suspicion("contract.category", "features.wind", span(10, 20));
    expect(toldOf(category, drift(0.37))).toHaveLength(1);
    expect(toldOf(category, drift(0.38))).toHaveLength(2);
    const other = suspicion("limitation.by-design", "features.wind", span(10, 20));
    expect(toldOf(broken, other)).toHaveLength(2);
  });

  it("answers that drift are a consequence of a feature that does, and a fault of their own where none does", () => {
    const answers = suspicion("output.shift", "outputs.late", span(12, 20), true);
    const drift = suspicion("drift.covariate", "features.origin", span(11, 20), true);
    expect(toldOf(answers, drift)).toEqual([["drift.covariate features.origin 11-20", "output.shift"]]);
    expect(toldOf(answers)).toEqual([["output.shift outputs.late 12-20"]]);
  });

  it("a slice that got worse explains that all got worse; few rejected rows explain nothing of the answers", () => {
    const slice = suspicion("quality.slice-regression", "features.origin", span(10, 20));
    const concept = suspicion("drift.concept", "outputs.late", span(9, 20));
    expect(toldOf(concept, slice)[0]).toEqual([
      "quality.slice-regression features.origin 10-20",
      "drift.concept",
    ]);
    const few = suspicion("contract.type", "features.wind", new Map([[10, 1]]));
    const shift = suspicion("output.shift", "outputs.late", span(10, 20));
    expect(toldOf(few, shift).map((one) => one.length)).toEqual([1, 1]);
  });
});
