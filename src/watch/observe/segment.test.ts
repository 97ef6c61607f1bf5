import { expect, it } from "vitest";
import { valueAt } from "../../contract/index.ts";
import { cellOf } from "../../profile/index.ts";
import { latencyCell } from "./latency.ts";
import { openSegment, type Segment } from "./segment.ts";
import { callOf, type WatchedRow, watched, watchedPlan } from "./test-observations.ts";

const plan = await watchedPlan();
const [first, second] = ["2026-01-05", "2026-01-06"];

const planKeeping = (keepRows: number) => watchedPlan({ ...watched, watch: { ...watched.watch!, keepRows } });

function logRows(segment: Segment, which: "log" | "sample" = "log"): Record<string, unknown>[] {
  return [...segment[which].tables(2)].flatMap((table) =>
    Array.from({ length: table.rows }, (_, row) =>
      Object.fromEntries([...table.columns].map(([name, column]) => [name, valueAt(column, row)])),
    ),
  );
}

it("counts each row once, in the window of its event time, on the profile's cells", () => {
  const rows: WatchedRow[] = [
    { wind: 3, origin: "EWR", age: 30, score: 0.25, time: `${first}T23:59:59Z` },
    { wind: 44, origin: "XXX", age: 31, score: 0.75, time: `${second}T00:00:00Z` },
    { wind: -1, origin: "JFK", age: 32, score: 0.5, time: `${first}T00:00:00Z` },
    { wind: 31, origin: "LGA", age: 33, score: 0, time: `${second}T09:00:00Z`, rejected: "features.origin" },
  ];
  const segment = openSegment(plan);
  segment.add(callOf(rows));
  const windows = segment.counts();
  expect(windows.map(({ start, rows, answered }) => [new Date(start).toISOString(), rows, answered])).toEqual(
    [
      ["2026-01-05T00:00:00.000Z", 2, 2],
      ["2026-01-06T00:00:00.000Z", 2, 1],
    ],
  );
  expect(windows.map(({ outside }) => outside)).toEqual([{ wind: 1 }, { wind: 2 }]);
  expect(windows[1]!.rejected).toEqual({ "features.origin input.category": 1 });
  for (const [window, members] of [
    [windows[0]!, [rows[0]!, rows[2]!]],
    [windows[1]!, [rows[1]!, rows[3]!]],
  ] as const)
    for (const [index, cells] of plan.features.columns.entries()) {
      const expected = new Array(window.features.columns[index]!.counts.length).fill(0);
      for (const row of members) expected[cellOf(cells, row[cells.name as "wind"] ?? null)]++;
      expect([cells.name, window.features.columns[index]!.counts]).toEqual([cells.name, expected]);
    }
  // A row that got no answer is a missing output.
  expect(windows[1]!.outputs.columns[0]!.counts.at(-2)).toBe(1);
});

it("logs every prediction with key, score, decision and slices, and nothing sensitive", () => {
  const segment = openSegment(plan);
  segment.add(
    callOf(
      [
        { wind: 3, origin: "EWR", age: 37_123, score: 0.25, key: "UA1", time: `${first}T10:00:00Z` },
        { wind: 3, origin: "secret", age: 37_123, score: 0, rejected: "features.origin" },
      ],
      { arrivedMs: Date.UTC(2026, 0, 5, 12) + 0.75 },
    ),
  );
  const [answered, rejected] = logRows(segment);
  expect(answered).toEqual({
    id: "id-0",
    key: "UA1",
    event_time_ms: Date.UTC(2026, 0, 5, 10),
    arrived_ms: Date.UTC(2026, 0, 5, 12),
    answered: true,
    rejected_by: null,
    "output.late": 0.25,
    decision: false,
    "slice.origin": "EWR",
  });
  expect(rejected).toMatchObject({ answered: false, rejected_by: "features.origin", "output.late": null });
  expect(JSON.stringify([answered, rejected])).not.toMatch(/37123|secret/);
});

it("withholds ids and keys where the key is a sensitive feature", async () => {
  const contract = { ...watched, labels: { key: "age", arriveAfter: "1d" } };
  const segment = openSegment(await watchedPlan(contract));
  segment.add(callOf([{ age: 37_123, score: 0.1 }], { ids: [37_123], keys: ["37123"] }));
  expect(logRows(segment)[0]).toMatchObject({ id: null, key: null });
});

it("keeps full rows with their own types, rejected ones too, and nothing sensitive", async () => {
  const segment = openSegment(await planKeeping(1));
  segment.add(
    callOf([
      { wind: 3, origin: "EWR", age: 37_123, score: 0.25, key: "UA1", time: `${first}T10:00:00Z` },
      { origin: `x${"y".repeat(300)}`, age: 37_123, score: 0, rejected: "features.origin" },
    ]),
  );
  const [answered, rejected] = logRows(segment, "sample");
  expect(answered).toEqual({
    id: "id-0",
    key: "UA1",
    event_time_ms: Date.UTC(2026, 0, 5, 10),
    arrived_ms: Date.UTC(2026, 0, 5, 12),
    answered: true,
    rejected_by: null,
    "output.late": 0.25,
    decision: false,
    "feature.wind": 3,
    "feature.origin": "EWR",
  });
  expect(rejected).toMatchObject({ answered: false, rejected_by: "features.origin", "feature.wind": null });
  expect(String(rejected!["feature.origin"])).toHaveLength(256);
  expect([...segment.sample.tables(9)][0]!.columns.get("feature.wind")!.type).toBe("float32");
});

it("keeps no rows where the contract does not say so", () => {
  const segment = openSegment(plan);
  segment.add(callOf([{ score: 0.5 }]));
  expect(segment.sample.rows).toBe(0);
});

it("counts calls that failed in the window of their arrival, without rows", () => {
  const segment = openSegment(plan);
  for (const code of ["deadline", "overloaded", "deadline"]) segment.fail(code, Date.UTC(2026, 0, 5, 23));
  const [window] = segment.counts();
  expect([segment.rows, window!.start, window!.rows]).toEqual([0, Date.UTC(2026, 0, 5), 0]);
  expect(window!.failed).toEqual({ deadline: 2, overloaded: 1 });
});

it("notes the newest event and the newest arrival, and no event time that nobody gave", () => {
  const segment = openSegment(plan);
  const [early, late] = [Date.UTC(2026, 0, 5, 12), Date.UTC(2026, 0, 5, 14)];
  segment.add(
    callOf([
      { score: 0.1, time: `${first}T10:00:00Z` },
      { score: 0.1, time: "soon" },
    ]),
  );
  expect(segment.counts()[0]).toMatchObject({
    newest_event: Date.UTC(2026, 0, 5, 10),
    newest_arrival: early,
  });
  segment.add(callOf([{ score: 0.1, time: `${first}T09:00:00Z` }], { arrivedMs: late }));
  expect(segment.counts()[0]).toMatchObject({ newest_event: Date.UTC(2026, 0, 5, 10), newest_arrival: late });
  const nameless = openSegment(plan);
  nameless.add(callOf([{ score: 0.1 }]));
  expect(nameless.counts()[0]).not.toHaveProperty("newest_event");
});

it("takes arrival time where there is no event time, and counts that", () => {
  const segment = openSegment(plan);
  segment.add(callOf([{ score: 0.1 }, { score: 0.1, time: "tomorrow" }], { durationMs: 7 }));
  const [window] = segment.counts();
  expect([window!.start, window!.untimed, window!.rows]).toEqual([Date.UTC(2026, 0, 5), 2, 2]);
  expect(window!.latency).toEqual({ [latencyCell(plan.latencyEdges, 7)]: 1 });
});

it("counts features as missing where a call does not show them", () => {
  const segment = openSegment(plan);
  const { table: _, ...call } = callOf([{ wind: 1, score: 0.1 }]);
  segment.add(call);
  expect(segment.counts()[0]!.features.columns[0]!.counts.at(-2)).toBe(1);
});

it("tells exactly how many calls kept a bound of the budget", () => {
  const cell = latencyCell(plan.latencyEdges, 50);
  expect(plan.latencyEdges[cell]).toBe(50);
  expect(latencyCell(plan.latencyEdges, 50.000001)).toBe(cell + 1);
  expect(latencyCell(plan.latencyEdges, 0)).toBe(0);
  expect(latencyCell(plan.latencyEdges, 1e9)).toBe(plan.latencyEdges.length);
});
