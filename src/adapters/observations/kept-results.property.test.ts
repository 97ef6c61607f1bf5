import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { canonicalJson } from "../../kernel/index.ts";
import {
  judgesDigest,
  judgeWindows,
  keptResults,
  knownResults,
  observationPlan,
  openSegment,
  performanceEstimator,
  planFields,
  segmentNames,
  stateText,
  type WatchState,
  watchReport,
} from "../../watch/index.ts";
import { calibratedProfile, callOf, randomRows, watched } from "../../watch/observe/test-observations.ts";
import { readObservations } from "./read-observations.ts";
import { readState, writeState } from "./state-file.ts";

const contract = {
  ...watched,
  retrain: [
    { id: "off", when: "drift.share > 0.2 && quality.ok", for: "1 of 2", cooldown: "2d", minLabels: 0 },
  ],
};
const calibrated = await calibratedProfile();
const { thresholds, ...uncalibrated } = calibrated;
const stricter = {
  ...calibrated,
  thresholds: { ...thresholds!, sizes: thresholds!.sizes.map((size) => ({ ...size, threshold: 1.5 })) },
};
const profiles = { calibrated, stricter, uncalibrated };
const plan = observationPlan(contract, calibrated, "0".repeat(64));

const day = 86_400_000;
const firstDay = Date.UTC(2026, 0, 5);
const days = 9;
/** A window of each day as it usually is, of few rows, and with a feature that moved or is not there. */
const variants = ["usual", "few", "moved", "gone"] as const;
const windows = new Map(
  variants.flatMap((variant) =>
    Array.from({ length: days }, (_, at) => {
      const segment = openSegment(plan);
      const change = { moved: { wind: 39 }, gone: { origin: undefined }, usual: {}, few: {} }[variant];
      const time = firstDay + at * day;
      segment.add(callOf(randomRows(`${at}`, variant === "few" ? 20 : 220, { time, ...change })));
      return [`${variant} ${at}`, segment.counts()[0]!] as const;
    }),
  ),
);

let root: string;
let folders = 0;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "baton-kept-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

interface Written {
  readonly at: number;
  readonly variant: (typeof variants)[number];
  readonly sequence: number;
}

function textOf({ at, variant, sequence }: Written): string {
  return JSON.stringify({
    format_version: 1,
    kind: "baton-observation",
    ...planFields(plan),
    replica: "a",
    boot: "b",
    sequence,
    last: false,
    opened_at: "2026-01-01T00:00:00.000Z",
    rolled_at: "2026-01-01T00:01:00.000Z",
    may_lose: { seconds: 120, rows: 100 },
    dropped: 0,
    windows: [windows.get(`${variant} ${at}`)],
  });
}

async function write(folder: string, written: Written): Promise<void> {
  const name = segmentNames({ replica: "a", boot: "b", sequence: written.sequence }).counters;
  await writeFile(join(folder, name), textOf(written));
}

interface Asked {
  readonly profile: keyof typeof profiles;
  readonly program: string;
  readonly atMs: number;
}

/** A watch by way of a state, as `baton watch --state` does it; how many windows were as before, and its report. */
async function watch(folder: string, file: string, { profile: name, program, atMs }: Asked) {
  const profile = profiles[name];
  const estimator = performanceEstimator(contract, profile);
  const judges = { contract, profile, windowMs: plan.windowMs, estimator, program };
  const found = await readState(file, plan);
  const known = found && "unusable" in found ? undefined : found;
  const { merged, state, anew } = await readObservations([folder], plan, { known });
  const results = known && !anew ? knownResults(known, judges) : undefined;
  const judged = judgeWindows(judges, merged.windows, { atMs, known: results });
  const report = watchReport({ contract, profile, plan, merged, atMs, estimator, judged });
  const kept = keptResults(judged, judgesDigest(judges), results);
  await writeState(file, { ...state, kept }, plan);
  return { report, unchanged: judged.unchanged, known: results !== undefined, kept };
}

async function fromNothing(folder: string, { profile, atMs }: Asked) {
  const { merged } = await readObservations([folder], plan);
  return watchReport({ contract, profile: profiles[profile], plan, merged, atMs });
}

type Kept = Record<string, never> & {
  readonly windows: { start: number; columns: string; drift?: object }[];
  readonly shapes: string[];
  readonly checkpoints: { windows: number; detectors: { columns: unknown[] }; alarms: number[] }[];
};

/** What somebody may have done to the results in a state; its digest is right again. */
const forgeries: Readonly<Record<string, (kept: Kept) => unknown>> = {
  nothing: () => 7,
  "another form": (kept) => ({ ...kept, shapes: {} }),
  "no JSON": (kept) => ({ ...kept, shapes: kept.shapes.map((shape) => shape.slice(1)) }),
  "no shapes": (kept) => ({ ...kept, shapes: [] }),
  "shapes in another order": (kept) => ({ ...kept, shapes: [...kept.shapes].reverse() }),
  "of another": (kept) => ({ ...kept, by: "1".repeat(64) }),
  "windows that are not there": (kept) => ({
    ...kept,
    windows: kept.windows.map((window) => ({ ...window, start: window.start + 1 })),
  }),
  "a window twice": (kept) => ({ ...kept, windows: [...kept.windows, ...kept.windows] }),
  "cut values": (kept) => ({
    ...kept,
    windows: kept.windows.map((window) => ({ ...window, columns: window.columns.slice(0, -12) })),
  }),
  "no base64": (kept) => ({ ...kept, windows: kept.windows.map((window) => ({ ...window, columns: "…" })) }),
  "no verdicts": (kept) => ({ ...kept, windows: kept.windows.map(({ drift: _, ...window }) => window) }),
  "checkpoints of more windows": (kept) => ({
    ...kept,
    checkpoints: kept.checkpoints.map((one) => ({ ...one, windows: one.windows + 100 })),
  }),
  "checkpoints of fewer columns": (kept) => ({
    ...kept,
    checkpoints: kept.checkpoints.map((one) => ({
      ...one,
      detectors: { ...one.detectors, columns: one.detectors.columns.slice(1) },
    })),
  }),
  "alarms that are not there": (kept) => ({
    ...kept,
    checkpoints: kept.checkpoints.map((one) => ({ ...one, alarms: [99] })),
  }),
};

async function forge(file: string, spoil: (kept: Kept) => unknown): Promise<void> {
  const state = (await readState(file, plan)) as WatchState | undefined;
  if (state?.kept) await writeFile(file, stateText({ ...state, kept: spoil(state.kept as Kept) }, plan));
}

const asked: fc.Arbitrary<Asked> = fc.record({
  profile: fc.constantFrom("calibrated", "calibrated", "calibrated", "stricter", "uncalibrated"),
  program: fc.constantFrom("one", "one", "one", "two"),
  atMs: fc.oneof(
    { weight: 3, arbitrary: fc.constant(firstDay + 20 * day) },
    { weight: 1, arbitrary: fc.integer({ min: firstDay, max: firstDay + days * day }) },
  ),
});
const step = fc.record({
  files: fc.array(
    fc.record({
      at: fc.nat({ max: days - 1 }),
      variant: fc.constantFrom(...variants),
      sequence: fc.nat({ max: 30 }),
    }),
    { maxLength: 3 },
  ),
  asked,
  spoil: fc.option(fc.constantFrom("cut", ...Object.keys(forgeries)), { nil: undefined, freq: 4 }),
});

describe("results that are kept between watches", () => {
  it("change no byte of a report, whatever comes late, moves or was done to them", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 2, maxLength: 6 }), async (steps) => {
        const [folder, file] = [join(root, `${folders}`), join(root, `${folders++}.state`)];
        await mkdir(folder);
        for (const { files, asked: question, spoil } of steps) {
          for (const one of files) await write(folder, one);
          if (spoil === "cut") await writeFile(file, (await stateIn(file)).slice(0, -30));
          else if (spoil) await forge(file, forgeries[spoil]!);
          const short = await watch(folder, file, question);
          const full = await fromNothing(folder, question);
          expect(canonicalJson(short.report)).toBe(canonicalJson(full));
          expect(JSON.stringify(short.report)).toBe(JSON.stringify(full));
        }
      }),
      { numRuns: 60 },
    );
  });

  const usual: Asked = { profile: "calibrated", program: "one", atMs: firstDay + 20 * day };
  async function started(count = days - 1) {
    const [folder, file] = [join(root, `${folders}`), join(root, `${folders++}.state`)];
    await mkdir(folder);
    for (let at = 0; at < count; at++) await write(folder, { at, variant: "usual", sequence: at });
    await watch(folder, file, usual);
    return { folder, file };
  }

  it("are used: of a new day only that day is judged, of a late file what came after it", async () => {
    const { folder, file } = await started();
    await write(folder, { at: days - 1, variant: "usual", sequence: days - 1 });
    expect((await watch(folder, file, usual)).unchanged).toBe(days - 1);
    expect((await watch(folder, file, usual)).unchanged).toBe(days);
    await write(folder, { at: days - 2, variant: "moved", sequence: 20 });
    expect((await watch(folder, file, usual)).unchanged).toBe(days - 2);
    await write(folder, { at: 4, variant: "few", sequence: 21 });
    expect((await watch(folder, file, usual)).unchanged).toBe(4);
  });

  it("stay when an earlier instant is asked about, and are used again after it", async () => {
    const { folder, file } = await started();
    const early = await watch(folder, file, { ...usual, atMs: firstDay + 3 * day });
    expect(early.report.windows).toHaveLength(3);
    expect((await watch(folder, file, usual)).unchanged).toBe(days - 1);
  });

  it("of another profile or program are not used", async () => {
    const { folder, file } = await started();
    for (const change of [{ profile: "stricter" }, { program: "two" }] as const) {
      expect((await watch(folder, file, { ...usual, ...change })).known).toBe(false);
      expect((await watch(folder, file, usual)).known).toBe(false);
      expect((await watch(folder, file, usual)).known).toBe(true);
    }
  });

  it.each(Object.entries(forgeries))("are not used with %s", async (_, spoil) => {
    const { folder, file } = await started();
    await forge(file, spoil);
    expect((await watch(folder, file, usual)).known).toBe(false);
  });
});

async function stateIn(file: string): Promise<string> {
  const state = await readState(file, plan);
  return state && !("unusable" in state) ? stateText(state, plan) : "";
}
