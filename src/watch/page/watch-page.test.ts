import { describe, expect, it } from "vitest";
import { largeWatch } from "../../../test/support/large-watch.ts";
import { counts } from "../../../web/report/unpack.ts";
import type { WatchReport } from "../report/watch-report.ts";
import { slotOf, slotsOf } from "./slots.ts";
import { verdictOf } from "./verdict.ts";
import { type PageInput, watchPage } from "./watch-page.ts";

const input = largeWatch({ features: 10, windows: 30 });
const day = 86_400_000;

describe("a page", () => {
  it("puts the columns first that drift, by how much and how long", () => {
    const page = watchPage(input);
    const drifting = page.columns.filter(({ beyond }) => beyond > 0).map(({ clause }) => clause);
    expect(drifting.toSorted()).toEqual(["features.feature 0", "features.feature 5", "outputs.score"]);
    expect(
      page.columns
        .slice(0, 3)
        .map(({ clause }) => clause)
        .toSorted(),
    ).toEqual(drifting.toSorted());
    expect(page.data.columns.map(({ clause }) => clause)).toEqual(page.columns.map(({ clause }) => clause));
  });

  it("holds every count of every window where they fit", () => {
    const { data } = watchPage(input);
    expect(data.grouped).toBe(1);
    const column = data.columns.find(({ clause }) => clause === "features.feature 0")!;
    const expected = input.merged.windows.flatMap(({ features }) => features.columns[0]!.counts.map(Number));
    expect([...counts(column.counts)]).toEqual(expected);
  });

  it("adds neighbouring windows up where they do not, and says how many", () => {
    const large = largeWatch({ features: 60, windows: 150 });
    const { data } = watchPage(large);
    expect(data.grouped).toBeGreaterThan(1);
    for (const [at, { clause, counts: packed }] of data.columns.entries()) {
      if (at > 3 || !clause.startsWith("features.")) continue;
      const index = Number(clause.split(" ")[1]);
      const all = large.merged.windows.flatMap(({ features }) => features.columns[index]!.counts.map(Number));
      const sum = (list: Iterable<number>) => [...list].reduce((a, b) => a + b, 0);
      expect(sum(counts(packed))).toBe(sum(all));
    }
  });

  it("counts the windows that the report has, which may begin later than what was observed", () => {
    const report = { ...input.report, windows: input.report.windows.slice(20) };
    const column = watchPage({ ...input, report }).data.columns.find(
      ({ clause }) => clause === "features.feature 0",
    )!;
    const seen = input.merged.windows.slice(20);
    expect([...counts(column.counts)]).toEqual(
      seen.flatMap(({ features }) => features.columns[0]!.counts.map(Number)),
    );
  });

  it("withholds the values of sensitive features", () => {
    const features = input.contract.features.map((one) => ({ ...one, sensitive: one.name === "feature 1" }));
    const { data } = watchPage({ ...input, contract: { ...input.contract, features } });
    const cells = (clause: string) => data.columns.find((column) => column.clause === clause)!.cells;
    expect(cells("features.feature 1").every((cell) => cell.startsWith("[withheld]"))).toBe(true);
    expect(cells("features.feature 3")[0]).toBe("category 0");
  });

  it("says what was not measured in place of an empty lane or chart", () => {
    const { alarms: _, triggers: __, ...report } = input.report;
    const windows = report.windows.map(({ performance: _, estimated: __, drift: ___, ...rest }) => rest);
    const page = watchPage({ ...input, report: { ...report, windows } });
    expect(page.data.performance).toBeUndefined();
    expect(page.data.columns.every(({ verdicts }) => verdicts === undefined)).toBe(true);
    expect(page.lanes.map(({ name, absent }) => [name, absent !== undefined])).toEqual([
      ["drift alarms", true],
      ["triggers", true],
      ["reviews and requests", true],
      ["other signed entries", true],
    ]);
    expect(page.verdict.facts.slice(0, 2)).toEqual([
      expect.stringContaining("not judged"),
      "Performance: not measured, no labels were given.",
    ]);
  });
});

describe("the verdict", () => {
  const verdict = (change: Partial<WatchReport>, findings: PageInput["findings"] = []) =>
    verdictOf({ ...input.report, alarms: [], triggers: [], ...change }, findings, day);

  it("fails when nothing was observed, or a finding blocks", () => {
    expect(verdict({ windows: [] }).state).toBe("fails");
    expect(verdict({}, input.findings)).toMatchObject({
      state: "fails",
      headline: expect.stringContaining("budget (over budget)"),
    });
  });

  it("is well only where drift is judged and performance is known", () => {
    expect(verdict({}).state).toBe("well");
    const { alarms: _, ...unjudged } = input.report;
    expect(verdictOf({ ...unjudged, triggers: [] }, [], day).state).toBe("unknown");
    const windows = input.report.windows.map(({ performance: _, ...rest }) => rest);
    expect(verdict({ windows })).toMatchObject({
      state: "unknown",
      headline: expect.stringContaining("performance"),
    });
  });

  it("asks for a look while an alarm is open or a trigger is met", () => {
    const { alarms } = input.report;
    expect(alarms!.at(-1)!.open).toBe(true);
    expect(verdict({ alarms: alarms! }).state).toBe("attention");
  });
});

describe("the time axis", () => {
  const starts = [0, day, 10 * day];
  const slots = slotsOf(starts, day);

  it("gives windows that are missing one slot, however many they are", () => {
    expect(slots).toEqual([0, 1, -1, 2]);
  });

  it("places instants in their windows, and none outside", () => {
    const place = (instant: number) => slotOf(instant, { starts, windowMs: day, slots });
    expect([place(0), place(day * 1.5), place(10.5 * day), place(11 * day)]).toEqual([0, 1.5, 3.5, 4]);
    expect([place(-1), place(11 * day + 1)]).toEqual([undefined, undefined]);
    expect(place(5 * day)).toBeGreaterThan(2);
    expect(place(5 * day)).toBeLessThan(3);
  });
});
