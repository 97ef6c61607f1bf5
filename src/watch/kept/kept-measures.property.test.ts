import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { digestOf } from "../../kernel/index.ts";
import type { ColumnCells } from "../../profile/index.ts";
import type { LabelledWindow } from "../labels/labelled-predictions.ts";
import { type MeasuredPerformance, measurePerformance } from "../labels/measure-performance.ts";
import { joinInMemory, type LabelRow, type LoggedPrediction } from "../labels/test-join.ts";
import { watched, watchedProfile } from "../observe/test-observations.ts";
import { type KeptMeasures, keptMeasures, knownMeasures } from "./kept-measures.ts";
import { judgesDigest } from "./kept-results.ts";

const [hour, days] = [3_600_000, 30];
const slices: ColumnCells[] = [
  { kind: "categorical", name: "origin", type: "string", values: ["EWR", "JFK"] },
  { kind: "numeric", name: "wind", type: "float32", starts: [0], unit: 1 },
];
const judges = {
  contract: watched,
  profile: await watchedProfile(),
  windowMs: hour,
  estimator: undefined,
  program: "one",
};

/** Predictions of thirty windows, and a label for nine of ten. */
const predictions = Array.from({ length: days * 40 }, (_, at): LoggedPrediction => {
  const score = ((at * 7919) % 97) / 97;
  const cells = [(at * 31) % 4, (at * 17) % 4];
  return {
    id: String(at),
    key: null,
    eventMs: Math.floor(at / 40) * hour + at,
    score,
    decision: score > 0.5,
    slices: cells,
  };
});
const labelOf = (at: number): number => Number((at * 104_729) % 89 < predictions[at]!.score! * 89);
const usual = predictions.flatMap(({ id }, at): LabelRow[] =>
  at % 10 === 9 ? [] : [{ name: id!, label: labelOf(at) }],
);

async function measured(
  rows: readonly LoggedPrediction[],
  labels: readonly LabelRow[],
  { atMs, kept }: { readonly atMs: number; readonly kept?: string },
) {
  const joined = joinInMemory(rows, labels, { windowMs: hour, delayMs: hour });
  const windows: LabelledWindow[] = [];
  for await (const window of joined.windows()) windows.push(window);
  const plain = (window: LabelledWindow) => ({
    ...window,
    ...Object.fromEntries(
      (["labels", "scores", "arrived", "contradicted", "decisions"] as const).map((name) => [
        name,
        [...(window[name] ?? [])],
      ]),
    ),
    wrongNames: [...window.wrongNames],
    slices: window.slices.map((slice) => [...slice]),
  });
  const prints = new Map(windows.map((window) => [window.start, digestOf(plain(window))]));
  const read: number[] = [];
  const known = knownMeasures(kept === undefined ? undefined : JSON.parse(kept), judges, slices);
  const performance = await measurePerformance(
    {
      prints,
      counts: joined.counts,
      async *windows(leaveOut = () => false) {
        for (const window of windows)
          if (!leaveOut(window.start)) {
            read.push(window.start / hour);
            yield window;
          }
      },
    },
    { task: "binary-classification", windowMs: hour, delayMs: hour, atMs, slices, known },
  );
  const measures = keptMeasures(performance.taken!, known);
  return { performance, read, known, kept: JSON.stringify({ by: judgesDigest(judges), measures }) };
}

const told = ({ counts, windows, inTime, wrong, slices: found }: MeasuredPerformance) =>
  JSON.stringify({ counts, windows: [...windows], inTime: [...inTime], wrong: [...wrong!.windows], found });

const late = 100 * hour;
const step = fc.record({
  rows: fc.integer({ min: 1, max: predictions.length }),
  atMs: fc.oneof(fc.constant(late), fc.integer({ min: 3 * hour, max: 32 * hour })),
  change: fc.array(
    fc.record({
      at: fc.nat({ max: usual.length - 1 }),
      label: fc.constantFrom(0, 1, null),
      arrivedMs: fc.option(fc.integer({ min: 0, max: late }), { nil: undefined }),
    }),
    { maxLength: 3 },
  ),
});

describe("measurements that are kept between watches", () => {
  it("are those of a watch that knows nothing, whatever labels come late, are corrected or not yet due", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 5 }), async (steps) => {
        const labels = [...usual];
        let kept: string | undefined;
        for (const { rows, atMs, change } of steps) {
          for (const { at, label, arrivedMs } of change) {
            const said = { name: usual[at]!.name, label, ...(arrivedMs !== undefined && { arrivedMs }) };
            if (at % 2 === 0) labels.push(said);
            else labels[at] = said;
          }
          const seen = predictions.slice(0, rows);
          const short = await measured(seen, labels, { atMs, ...(kept !== undefined && { kept }) });
          const full = await measured(seen, labels, { atMs });
          expect(told(short.performance)).toBe(told(full.performance));
          kept = short.kept;
        }
      }),
      { numRuns: 40 },
    );
  });

  it("leave only what is new or not yet mature to be read; a correction, what came after it for the slices", async () => {
    const before = await measured(predictions.slice(0, 40 * 28), usual, { atMs: late });
    expect(before.read).toHaveLength(28);
    const after = await measured(predictions, usual, { atMs: late, kept: before.kept });
    expect(after.read).toEqual([28, 29]);
    expect((await measured(predictions, usual, { atMs: late, kept: after.kept })).read).toEqual([]);
    const due = await measured(predictions, usual, { atMs: 29 * hour, kept: after.kept });
    expect(due.read).toEqual([...Array(6).keys()].map((at) => 24 + at));
    expect((await measured(predictions, usual, { atMs: late, kept: due.kept })).read).toEqual([]);
    const corrected = usual.map((row) => (row.name === "1002" ? { ...row, label: 1 - row.label! } : row));
    const again = await measured(predictions, corrected, { atMs: late, kept: after.kept });
    expect(again.read).toEqual([...Array(6).keys()].map((at) => 24 + at));
  });

  it.each<[string, (kept: KeptMeasures) => unknown]>([
    ["nothing", () => 7],
    ["windows in another order", (kept) => ({ ...kept, windows: [...kept.windows].reverse() })],
    [
      "measurements of another form",
      (kept) => ({
        ...kept,
        windows: kept.windows.map((one) => ({ ...one, measured: { performance: {} } })),
      }),
    ],
    [
      "more windows collected than there are",
      (kept) => ({ ...kept, collected: kept.collected.map((one) => ({ ...one, windows: 1000 })) }),
    ],
    [
      "ranks of a slice that is not there",
      (kept) => ({
        ...kept,
        collected: kept.collected.map((one) => ({
          ...one,
          ranks: one.ranks.map((rank) => ({ ...rank, place: 99 })),
        })),
      }),
    ],
    [
      "sums that are cut",
      (kept) => ({
        ...kept,
        collected: kept.collected.map((one) => ({
          ...one,
          blocks: one.blocks.map((block) => ({ ...block, sums: block.sums.slice(0, -12) })),
        })),
      }),
    ],
  ])("are not used with %s", async (_, spoil) => {
    const { kept } = await measured(predictions, usual, { atMs: late });
    const state = JSON.parse(kept);
    const spoilt = JSON.stringify({ ...state, measures: spoil(state.measures) });
    const { known, read } = await measured(predictions, usual, { atMs: late, kept: spoilt });
    expect([known, read.length]).toEqual([undefined, days]);
  });
});
