import { describe, expect, it } from "vitest";
import { openSegment } from "../observe/segment.ts";
import { callOf, watchedPlan } from "../observe/test-observations.ts";
import type { WindowCounts } from "../observe/window-counts.ts";
import { mergeObservations } from "./merge-observations.ts";
import { type ObservationFile, planFields } from "./observation-file.ts";
import { observationParser } from "./parse-observation.ts";

const plan = await watchedPlan();
const parse = observationParser(plan);
const time = Date.UTC(2026, 0, 5, 9);

/** Two answered rows and one that was rejected, in a request of 3 ms; then a call that failed. */
function honestFile(): ObservationFile {
  const segment = openSegment(plan);
  segment.add(
    callOf(
      [
        { wind: 10, origin: "EWR", age: 30, score: 0.2, time },
        { wind: 50, origin: "JFK", age: 40, score: 0.7, time },
        { wind: 20, origin: "XXX", age: 50, score: 0, time, rejected: "features.origin" },
      ],
      { durationMs: 3, arrivedMs: time },
    ),
  );
  segment.fail("overloaded", time);
  return {
    format_version: 1,
    kind: "baton-observation",
    ...planFields(plan),
    replica: "a",
    boot: "b",
    sequence: 0,
    last: true,
    opened_at: "2026-01-05T09:00:00.000Z",
    rolled_at: "2026-01-05T09:01:00.000Z",
    may_lose: { seconds: 120, rows: 100 },
    dropped: 0,
    windows: segment.counts(),
  };
}

const honest = honestFile();
const [seen] = honest.windows as [WindowCounts];
const changed = (change: Partial<WindowCounts>) =>
  JSON.stringify({ ...honest, windows: [{ ...seen, ...change }] });
const named = (count: number, name: (at: number) => string) =>
  Object.fromEntries(Array.from({ length: count }, (_, at) => [name(at), 1]));

/** The counters of one column with some entries replaced. */
function withColumn(
  kind: "features" | "outputs",
  column: number,
  change: (counters: WindowCounts["features"]["columns"][number]) => object,
): Partial<WindowCounts> {
  const counters = seen[kind];
  const columns = counters.columns.map((one, at) => (at === column ? { ...one, ...change(one) } : one));
  return { [kind]: { ...counters, columns } };
}

describe("counts of an honest file", () => {
  it("are taken as they are", () => {
    expect(parse(JSON.stringify(honest), "x.counters.json")).toEqual(honest);
    expect(seen).toMatchObject({
      rows: 3,
      answered: 2,
      calls: 1,
      rejected: { "features.origin input.category": 1 },
    });
    expect(seen.outside).toEqual({ wind: 1 });
  });

  it("of other content are not held against this contract, and left out", () => {
    const other = parse(
      JSON.stringify({ ...honest, digest: "1".repeat(64), windows: [{ ...seen, outside: { pressure: 1 } }] }),
      "x.counters.json",
    );
    const { windows, findings } = mergeObservations([{ folder: "f", file: other }], plan);
    expect(windows).toEqual([]);
    expect(findings.map(({ code }) => code)).toEqual(["watch.other-content"]);
  });
});

describe("counts that contradict each other are refused, with the file and the window", () => {
  it.each<[string, Partial<WindowCounts>, string]>([
    ["more answers than rows", { answered: 4 }, "4 of 3 rows were answered"],
    ["more rows without event time than rows", { untimed: 4 }, "4 of 3 rows have no event time"],
    [
      "a row that was answered and rejected",
      { rejected: { "features.origin input.category": 2 } },
      "2 rows were answered and 2 rejected, of 3",
    ],
    ["more rows outside than rows", { outside: { wind: 4 } }, "more rows are outside"],
    ["more timed calls than rows", { calls: 4, latency: { 3: 4 } }, "4 calls were timed for 3 rows"],
    ["latency of calls that were not timed", { latency: { 3: 2 } }, "2 of 1 timed calls have a latency"],
    ["a latency cell that is none", { latency: { 999: 1 } }, "latency cells that are none"],
    ["a latency cell by another name", { latency: { "03": 1 } }, "latency cells that are none"],
    ["a newest event of another day", { newest_event: time + 86_400_000 }, "its newest event is not in it"],
    ["a start in the middle of a window", { start: seen.start + 1 }, "does not begin where a window begins"],
    ["an error code that is none", { failed: { "<b>": 1 } }, "codes that are none"],
    [
      "more calls than a process can count",
      { failed: { internal: 2 ** 33 } },
      "more than one file can count",
    ],
    [
      "a clause that is none",
      { rejected: { "features.wnd input.range": 1 } },
      "clauses that the contract does not have",
    ],
    [
      "a code that is none",
      { rejected: { "features.wind constructor": 1 } },
      "clauses that the contract does not have",
    ],
    ["a feature that expects nothing", { outside: { age: 1 } }, "no feature of the contract expects"],
    [
      "an output of a row that was not answered",
      withColumn("outputs", 0, ({ counts, sums = [] }) => ({
        counts: counts.map((count, at) => (at === counts.length - 2 ? 0 : Number(count) + Number(at === 1))),
        sums,
      })),
      "outputs of rows that were not answered",
    ],
    [
      "a sum that its cell cannot hold",
      withColumn("features", 0, ({ sums = [] }) => ({ sums: sums.map((sum) => (sum === 0 ? 0 : 2 ** 50)) })),
      "sums of values are not what the cells can hold",
    ],
    [
      "a sum of no values",
      withColumn("features", 0, ({ sums = [] }) => ({
        sums: sums.map((sum, at) => (at === sums.length - 2 ? 1 : sum)),
      })),
      "sums of values are not what the cells can hold",
    ],
    [
      "a sum beyond 2⁵³",
      withColumn("features", 0, ({ sums = [] }) => ({
        sums: sums.map((sum) => (sum === 0 ? 0 : "90071992547409930")),
      })),
      "sums of values are not what the cells can hold",
    ],
  ])("%s", (_, change, why) => {
    const file = "a.b.000000.counters.json";
    expect(() => parse(changed(change), file)).toThrow(
      expect.objectContaining({
        code: "data-unreadable",
        message: expect.stringMatching(/^a\.b\.000000\.counters\.json is not what baton writes as /),
        next: expect.stringContaining("Take it out of the folder"),
      }),
    );
    expect(() => parse(changed(change), file)).toThrow(why);
    expect(() => parse(changed(change), file)).toThrow("in the window from ");
  });
});

describe("names", () => {
  it.each<[string, Partial<WindowCounts>]>([
    ["clauses", { rejected: named(100_000, (at) => `features.wind input.${at}`) }],
    [
      "codes of one clause",
      {
        rows: 3,
        answered: 0,
        rejected: named(
          400,
          (at) => `features.wind input.${"a".repeat(1 + (at % 20))}${"b".repeat(at / 20)}`,
        ),
      },
    ],
    ["error codes", { failed: named(65, (at) => `e${"a".repeat(at % 8)}${"b".repeat(at / 8)}`) }],
    ["features", { outside: named(100_000, (at) => `wind${at}`) }],
    ["latency cells", { latency: named(100_000, String) }],
  ])("of too many %s are refused", (_, change) => {
    const text = changed(change);
    expect(() => parse(text, "x.counters.json")).toThrow(/x\.counters\.json is not what baton writes/);
    try {
      parse(text, "x.counters.json");
    } catch (thrown) {
      expect(String(thrown).length).toBeLessThan(300);
    }
  });
});
