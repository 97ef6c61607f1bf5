import { mkdir, mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, expect, it } from "vitest";
import { canonicalJson } from "../../kernel/index.ts";
import { openSegment, planFields, segmentNames, stateText, type WatchState } from "../../watch/index.ts";
import { callOf, type WatchedRow, watchedPlan } from "../../watch/observe/test-observations.ts";
import { readObservations } from "./read-observations.ts";
import { readState, writeState } from "./state-file.ts";

const plan = await watchedPlan();
/** As if all files had been written a while ago, so that their stamps are believed. */
const later = () => Date.now() + 60_000;
let root: string;
let folders = 0;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "baton-state-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

const row: fc.Arbitrary<WatchedRow> = fc.record({
  wind: fc.option(fc.double({ min: -1e9, max: 1e9, noNaN: true }), { nil: undefined }),
  origin: fc.constantFrom("EWR", "JFK", "XXX", undefined),
  score: fc.double({ min: 0, max: 1, noNaN: true }),
  time: fc.integer({ min: 1e12, max: 1e12 + 5 * 86_400_000 }),
});

interface Written {
  readonly replica: string;
  readonly sequence: number;
  readonly rows: readonly WatchedRow[];
  readonly foreign: boolean;
}

function textOf({ rows, foreign, ...name }: Written): string {
  const segment = openSegment(plan);
  segment.add(callOf(rows));
  return JSON.stringify({
    format_version: 1,
    kind: "baton-observation",
    ...planFields(foreign ? { ...plan, digest: "1".repeat(64) } : plan),
    ...name,
    boot: "b",
    last: false,
    opened_at: "2026-01-01T00:00:00.000Z",
    rolled_at: "2026-01-01T00:01:00.000Z",
    may_lose: { seconds: 120, rows: 100 },
    dropped: 0,
    windows: segment.counts(),
  });
}

/** What happens to the folders between two watches. */
const change = fc.record({
  what: fc.constantFrom("write", "write", "write", "copy", "remove", "contradict", "spoil", "touch"),
  replica: fc.constantFrom("a", "b"),
  sequence: fc.nat({ max: 4 }),
  rows: fc.array(row, { minLength: 1, maxLength: 4 }),
  foreign: fc.constantFrom(false, false, false, true),
});
type Change = typeof change extends fc.Arbitrary<infer Value> ? Value : never;

async function apply([here, there]: readonly [string, string], { what, ...written }: Change): Promise<void> {
  const name = segmentNames({ ...written, boot: "b" }).counters;
  const path = join(here, name);
  if (what === "write") await writeFile(path, textOf(written));
  if (what === "copy") await writeFile(join(there, name), textOf(written));
  if (what === "contradict")
    await writeFile(join(there, `other.${name}`), textOf({ ...written, foreign: false }));
  if (what === "spoil") await writeFile(path, "{");
  if (what === "remove") await rm(path, { force: true });
  if (what === "touch") await utimes(path, 1e9, 1e9).catch(() => undefined);
}

it("a watch that goes on from a state gives what one from the start gives, whatever happens to the files", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.array(change, { maxLength: 5 }), { maxLength: 5 }), async (steps) => {
      const both = [join(root, `${folders}-here`), join(root, `${folders++}-there`)] as const;
      for (const folder of both) await mkdir(folder);
      const file = join(root, `${folders}.state`);
      for (const step of steps) {
        for (const one of step) await apply(both, one);
        const known = await readState(file, plan);
        expect(known ?? {}).not.toHaveProperty("unusable");
        const [short, full] = [
          await readObservations(both, plan, { known: known as WatchState | undefined, now: later }),
          await readObservations(both, plan),
        ];
        expect(canonicalJson(short.merged)).toBe(canonicalJson(full.merged));
        expect(short.findings).toEqual(full.findings);
        await writeState(file, short.state, plan);
      }
    }),
    { numRuns: 40 },
  );
});

async function folderOf(...files: readonly Written[]): Promise<string> {
  const folder = join(root, String(folders++));
  await mkdir(folder);
  for (const file of files) {
    const path = join(folder, segmentNames({ ...file, boot: "b" }).counters);
    await writeFile(path, textOf(file));
  }
  return folder;
}
const written = (sequence: number, score = 0.5): Written => ({
  replica: "a",
  sequence,
  rows: [{ score, time: 1e12 + sequence * 86_400_000 }],
  foreign: false,
});

it("does not open files that it knows", async () => {
  const folder = await folderOf(written(0));
  const { state } = await readObservations([folder], plan, { now: later });
  const [place] = state.places;
  // What it would find in the file is not what it knows: so it cannot have looked.
  const files = state.files.map((file) => ({ ...file, sha256: "2".repeat(64) }));
  const known = { ...state, files, places: [{ ...place!, sha256: "2".repeat(64) }] };
  const { merged, anew } = await readObservations([folder], plan, { known, now: later });
  expect([anew, merged.files.map(({ sha256 }) => sha256)]).toEqual([undefined, ["2".repeat(64)]]);
  expect((await readObservations([folder], plan, { known })).anew).toContain("gone or changed");
});

it("knows files again in another folder, and opens one that was changed", async () => {
  const { state } = await readObservations([await folderOf(written(0), written(1))], plan);
  const moved = await folderOf(written(0), written(1));
  expect((await readObservations([moved], plan, { known: state })).anew).toBeUndefined();
  await writeFile(join(moved, segmentNames({ ...written(1), boot: "b" }).counters), textOf(written(1, 0.75)));
  const changed = await readObservations([moved], plan, { known: state });
  expect(changed.anew).toBe("1 files that it holds are gone or changed");
  expect(changed.merged.windows).toHaveLength(2);
});

it("a state that was cut, changed, or belongs to another plan is refused, with the reason", async () => {
  const { state } = await readObservations([await folderOf(written(0))], plan);
  const [text, file] = [stateText(state, plan), join(root, "spoilt.state")];
  const reasonOf = async (spoilt: string, of = plan) => {
    await writeFile(file, spoilt);
    return ((await readState(file, of)) as { unusable?: string }).unusable;
  };
  expect(await reasonOf(text)).toBeUndefined();
  expect(await reasonOf(text.slice(0, -20))).toBe("it was changed or cut");
  expect(await reasonOf(text.replace('"seen":1', '"seen":2'))).toBe("it was changed or cut");
  expect(await reasonOf("")).toContain("not a state");
  expect(await reasonOf("[]\n{}")).toContain("not a state");
  expect(await reasonOf(text, { ...plan, digest: "1".repeat(64) })).toContain("other content");
  const [window] = state.windows;
  const twice = { ...state, windows: [window!, window!] };
  expect(await reasonOf(stateText(twice, plan))).toBe("its sums do not add up");
  expect(await readState(join(root, "nowhere"), plan)).toBeUndefined();
});
