import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "../../kernel/index.ts";
import { openSegment } from "../observe/segment.ts";
import { callOf, type WatchedRow, watched, watchedPlan } from "../observe/test-observations.ts";
import { type FoundObservation, mergeObservations } from "./merge-observations.ts";
import { type ObservationFile, planFields } from "./observation-file.ts";
import { observationParser } from "./parse-observation.ts";

const rule = { id: "r", assert: "wind < 100.0", otherwise: "reject", whenMissing: "skip" } as const;
const plan = await watchedPlan({ ...watched, rules: [rule] });
const parseObservation = observationParser(plan);

const row: fc.Arbitrary<WatchedRow> = fc.record({
  wind: fc.option(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { nil: undefined }),
  origin: fc.constantFrom("EWR", "JFK", "LGA", "XXX", undefined),
  age: fc.integer({ min: 0, max: 90 }),
  score: fc.double({ min: 0, max: 1, noNaN: true }),
  time: fc.oneof(fc.integer({ min: 1e12, max: 1e12 + 3 * 86_400_000 }), fc.constant("soon")),
  rejected: fc.constantFrom(undefined, undefined, undefined, "features.origin", "rules.r"),
});
/** A call that failed: its code, and when it came. */
const failure = fc.tuple(
  fc.constantFrom("deadline", "overloaded", "internal"),
  fc.integer({ min: 1e12, max: 1e12 + 3 * 86_400_000 }),
);
/** A file: which replica wrote it, the calls in it, and those that failed. */
const file = fc.record({
  replica: fc.constantFrom("a", "b", "c"),
  calls: fc.array(fc.array(row, { minLength: 1, maxLength: 6 }), { maxLength: 4 }),
  failures: fc.array(failure, { maxLength: 3 }),
});
interface Seen {
  readonly calls: readonly (readonly WatchedRow[])[];
  readonly failures: readonly (readonly [code: string, ms: number])[];
}

function fileOf({ calls, failures }: Seen, rest: Partial<ObservationFile>): ObservationFile {
  const segment = openSegment(plan);
  for (const [index, rows] of calls.entries())
    segment.add(callOf(rows, { durationMs: (index + 1) ** 3, arrivedMs: 1.1e12 + rows[0]!.score * 1e6 }));
  for (const [code, ms] of failures) segment.fail(code, ms);
  return {
    format_version: 1,
    kind: "baton-observation",
    ...planFields(plan),
    replica: "a",
    boot: "b",
    sequence: 0,
    last: false,
    opened_at: "2026-01-01T00:00:00.000Z",
    rolled_at: "2026-01-01T00:01:00.000Z",
    may_lose: { seconds: 120, rows: 100 },
    dropped: 0,
    windows: segment.counts(),
    ...rest,
  };
}

function filesOf(written: readonly (Seen & { replica: string })[]): FoundObservation[] {
  const numbers = new Map<string, number>();
  return written.map(({ replica, ...seen }) => {
    const sequence = numbers.get(replica) ?? 0;
    numbers.set(replica, sequence + 1);
    return { folder: "f", file: fileOf(seen, { replica, sequence }) };
  });
}

describe("files of any number of replicas", () => {
  it("add up to the same bytes in any order, found once or twice, and to what one replica would have counted", () => {
    fc.assert(
      fc.property(fc.array(file, { maxLength: 6 }), fc.infiniteStream(fc.nat()), (written, chance) => {
        const files = filesOf(written);
        const again = files.filter(() => Number(chance.next().value) % 2 === 0);
        const shuffled = [...files, ...again]
          .map((one) => ({ one, at: Number(chance.next().value) }))
          .sort((a, b) => a.at - b.at)
          .map(({ one }) => one);
        const [plain, mixed] = [files, shuffled].map((list) => mergeObservations(list, plan));
        expect(canonicalJson(mixed!.windows)).toBe(canonicalJson(plain!.windows));
        expect(canonicalJson(mixed!.replicas)).toBe(canonicalJson(plain!.replicas));
        expect(mixed!.findings).toEqual(plain!.findings);
        const whole = fileOf(
          {
            calls: written.flatMap(({ calls }) => calls),
            failures: written.flatMap(({ failures }) => failures),
          },
          {},
        );
        const counted = ({ latency: _, ...rest }: ObservationFile["windows"][number]) => rest;
        expect(plain!.windows.map(counted)).toEqual(whole.windows.map(counted));
      }),
      { numRuns: 60 },
    );
  });

  it("come through JSON unchanged", () => {
    fc.assert(
      fc.property(file, ({ replica, ...seen }) => {
        const written = fileOf(seen, { replica });
        expect(parseObservation(JSON.stringify(written), "x.counters.json")).toEqual(written);
      }),
      { numRuns: 30 },
    );
  });
});

describe("files that are not what they seem", () => {
  const calls = [[{ wind: 1, origin: "EWR", age: 30, score: 0.5, time: 1e12 }]];
  const honest = fileOf({ calls, failures: [] }, {});
  const merge = (...files: ObservationFile[]) =>
    mergeObservations(
      files.map((one) => ({ folder: "f", file: one })),
      plan,
    );
  const codes = ({ findings }: ReturnType<typeof merge>) => findings.map(({ code }) => code);

  it("count neither where two claim one number and differ", () => {
    const merged = merge(honest, { ...honest, dropped: 5 });
    expect(merged.windows).toEqual([]);
    expect(codes(merged)).toEqual(["watch.conflicting-files"]);
  });

  it("are left out where they were counted on other content or other cells", () => {
    const [window] = honest.windows;
    const others: ObservationFile[] = [
      { ...honest, digest: "1".repeat(64) },
      { ...honest, window_ms: 1 },
      { ...honest, latency_edges: [1] },
      { ...honest, windows: [{ ...window!, features: { ...window!.features, cells: "1".repeat(64) } }] },
      { ...honest, windows: [{ ...window!, outputs: { ...window!.outputs, columns: [{ counts: [1] }] } }] },
    ];
    for (const other of others) expect(codes(merge(other))).toEqual(["watch.other-content"]);
  });

  it("of before what is newest and what failed was counted are still read", () => {
    const windows = honest.windows.map(({ newest_event: _, newest_arrival: __, ...window }) => window);
    const old = parseObservation(JSON.stringify({ ...honest, sequence: 1, windows }), "x.counters.json");
    const [window] = merge(honest, old).windows;
    expect([window!.rows, window!.newest_event, window!.failed]).toEqual([2, 1e12, undefined]);
  });

  it("show gaps, drops and ends without warning", () => {
    const third = { ...honest, sequence: 2, dropped: 7 };
    expect(codes(merge(honest, third))).toEqual([
      "watch.files-missing",
      "watch.rows-dropped",
      "watch.not-ended",
    ]);
    expect(codes(merge({ ...honest, last: true }))).toEqual([]);
  });

  it.each([
    ["no JSON", "{"],
    ["another form", "{}"],
    [
      "a path out of the folder",
      JSON.stringify({ ...honest, log: { file: "../x.predictions.parquet", rows: 1 } }),
    ],
    ["rows that are a log", JSON.stringify({ ...honest, rows: { file: "x.predictions.parquet", rows: 1 } })],
    ["a window twice", JSON.stringify({ ...honest, windows: [...honest.windows, ...honest.windows] })],
    ["rows that do not add up", JSON.stringify({ ...honest, windows: [{ ...honest.windows[0], rows: 9 }] })],
    [
      "a window beyond all dates",
      JSON.stringify({ ...honest, windows: [{ ...honest.windows[0], start: 8.64e15 }] }),
    ],
    [
      "a window before all dates",
      JSON.stringify({ ...honest, windows: [{ ...honest.windows[0], start: -8.64e15 }] }),
    ],
    ["a negative count", JSON.stringify({ ...honest, dropped: -1 })],
  ])("are refused: %s", (_, text) => {
    expect(() => parseObservation(text, "x.counters.json")).toThrow(
      /x\.counters\.json is not what baton writes/,
    );
  });
});
