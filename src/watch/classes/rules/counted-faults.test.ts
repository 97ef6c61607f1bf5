import { describe, expect, it } from "vitest";
import { watched } from "../../observe/test-observations.ts";
import type { Suspicion } from "../suspicion.ts";
import { type MadeWindow, madeFacts, usualRows } from "../test-facts.ts";
import { failedCalls } from "./failed-calls.ts";
import { labelFaults } from "./label-faults.ts";
import { rejections } from "./rejections.ts";

const told = (found: readonly Suspicion[]) =>
  found.map((one) => [one.class, one.clause, Object.fromEntries(one.rows)]);

describe("calls that failed", () => {
  it("are told by class, added up over the codes of a class; faults of callers are not", () => {
    const failed = { timeout: 3, internal: 2, unavailable: 5, "input.record": 9, constructor: 4 };
    const facts = madeFacts(3, (window) => (window === 1 ? { failed } : {}));
    expect(told(failedCalls(facts))).toEqual([
      ["runtime.time-out", "budget", { 1: 3 }],
      ["runtime.crash", "budget", { 1: 7 }],
    ]);
    const turnedAway = madeFacts(2, () => ({ failed: { overloaded: 6 } }));
    expect(told(failedCalls(turnedAway))).toEqual([["runtime.overload", "budget", { 0: 6, 1: 6 }]]);
  });
});

describe("rows that were rejected", () => {
  it.each([
    ["features.wind input.missing", "contract.missing"],
    ["features.wind input.type", "contract.type"],
    ["features.wind input.not-finite", "contract.type"],
    ["features.wind input.range", "contract.range"],
    ["features.origin input.category", "contract.category"],
    ["rules.calm input.rule", "contract.rule"],
    ["rules.calm input.rule-not-evaluable", "contract.rule"],
    ["record input.unknown-field", "upstream.schema-change"],
    ["outputs.late output.range", "output.clause"],
    ["outputs.late output.not-a-number", "output.clause"],
  ])("%s are %s", (reason, name) => {
    const facts = madeFacts(3, (window) => (window > 0 ? { rejected: { [reason]: window } } : {}));
    expect(told(rejections(facts))).toEqual([[name, reason.split(" ")[0], { 1: 1, 2: 2 }]]);
  });

  it("as a limitation says are as agreed", () => {
    const limitations = [{ id: "new", text: "New airports are rejected.", keptBy: "features.origin" }];
    const made = (): MadeWindow => ({ rejected: { "features.origin input.category": 4 } });
    const [found] = rejections(madeFacts(1, made, { contract: { ...watched, limitations } }));
    expect([found!.class, found!.clauses]).toEqual([
      "limitation.by-design",
      ["features.origin", "limitations.new"],
    ]);
    expect(found!.tell(found!.rows)).toBe("4 rows are as limitations.new says: New airports are rejected.");
  });

  it("show a few values of the feature that was kept in those windows, each once", () => {
    const made = (window: number): MadeWindow =>
      window > 0 ? { rejected: { "features.origin input.category": 2, "rules.calm input.rule": 1 } } : {};
    const kept = (start: number, values: readonly string[]) => ({
      ...{ start, columns: new Map() },
      rejected: new Map([["origin", values]]),
    });
    const starts = madeFacts(3, made).counts.map(({ start }) => start);
    const samples = [
      kept(starts[0]!, ['"AAA"']),
      kept(starts[1]!, ['"HPN"']),
      kept(starts[2]!, ['"HPN"', '"SWF"']),
    ];
    expect(rejections(madeFacts(3, made, { samples })).map((one) => one.samples)).toEqual([
      ['"HPN"', '"SWF"'],
      [],
    ]);
  });
});

describe("labels", () => {
  const sound = { matched: 1000, duplicated: 0, corrected: 0, unmatched: 0, empty: 0, late: 0, repeated: 0 };
  const labelled = (share: number) => ({
    performance: { answered: 300, labelled: Math.round(300 * share), mature: true },
  });

  it.each([
    ["label.late", { late: 400 }],
    ["label.duplicated", { duplicated: 100 }],
    ["label.conflict", { corrected: 60 }],
    ["label.unmatched", { unmatched: 150 }],
    ["label.unmatched", { unmatched: 150, corrected: 60, late: 400, duplicated: 100 }],
  ])("with a fault are one group, by the worst of it: %s", (name, change) => {
    const facts = madeFacts(2, () => labelled(1), { labels: { ...sound, ...change } });
    expect(labelFaults(facts).map((one) => [one.class, one.clause])).toEqual([[name, "labels"]]);
  });

  it("of which a few are wrong are well, and so are windows that all have as few", () => {
    const labels = { ...sound, late: 9, duplicated: 9, corrected: 9, unmatched: 9 };
    expect(labelFaults(madeFacts(2, () => labelled(0.3), { labels }))).toEqual([]);
  });

  it("that do not come for some windows are late, in those", () => {
    const facts = madeFacts(9, (window) => labelled(window === 4 || window === 5 ? 0.2 : 0.9), {
      labels: sound,
    });
    expect(told(labelFaults(facts))).toEqual([["label.late", "labels", { 4: 300, 5: 300 }]]);
  });

  it("are not asked for where none were given", () => {
    expect(labelFaults(madeFacts(2, () => ({ rows: usualRows(1) })))).toEqual([]);
  });
});
