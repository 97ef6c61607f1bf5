import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type ObservedCall, rowSampler } from "../../watch/index.ts";
import { callOf, watched, watchedPlan } from "../../watch/observe/test-observations.ts";
import { type ObserverOptions, openObserver } from "./open-observer.ts";

const plan = await watchedPlan();
let root: string;
let folders = 0;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "baton-observer-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

/** Writes the log as text, and only when it is told to. */
function setting(rest: Partial<ObserverOptions> = {}) {
  const told: string[] = [];
  let open = (): void => undefined;
  const gate = new Promise<void>((resolve) => {
    open = resolve;
  });
  const options: ObserverOptions = {
    plan,
    folder: join(root, String(folders++)),
    replica: "a",
    boot: "b",
    rollMs: 3_600_000,
    rollRows: 10,
    windows: { most: 400, strangers: false },
    writeTables: async (path, tables) => {
      await gate;
      let rows = 0;
      for await (const table of tables) rows += table.rows;
      await writeFile(path, String(rows));
    },
    now: () => 0,
    stopped: (why) => void told.push(why),
    ...rest,
  };
  return { options, told, open, observer: openObserver(options) };
}

const rowsCall = (rows: number): ObservedCall =>
  callOf(Array.from({ length: rows }, (_, index) => ({ wind: index, score: 0.5 })));

interface Written {
  readonly sequence: number;
  readonly last: boolean;
  readonly dropped: number;
  readonly log?: { readonly file: string };
  readonly rows?: { readonly file: string; readonly rows: number };
  readonly windows: {
    readonly rows: number;
    readonly untimed: number;
    readonly failed?: Readonly<Record<string, number>>;
  }[];
}

async function filesIn(folder: string): Promise<Written[]> {
  const names = (await readdir(folder)).filter((name) => name.endsWith(".counters.json")).sort();
  return Promise.all(
    names.map(async (name) => JSON.parse(await readFile(join(folder, name), "utf8")) as Written),
  );
}

it("writes while it goes on counting, drops what does not fit, and counts what it dropped", async () => {
  const { observer, options, open } = setting();
  expect(observer.observe(rowsCall(10))).toBe(true);
  expect(observer.observe(rowsCall(6))).toBe(true);
  expect(observer.observe(rowsCall(6))).toBe(false);
  expect(observer.observe(rowsCall(4))).toBe(true);
  expect(observer.observe(rowsCall(1))).toBe(false);
  open();
  expect(await observer.close()).toEqual({ written: 20, lost: 7, files: 3 });
  const files = await filesIn(options.folder);
  expect(files.map(({ sequence, last }) => [sequence, last])).toEqual([
    [0, false],
    [1, false],
    [2, true],
  ]);
  const rows = files.flatMap(({ windows }) => windows.map((window) => window.rows));
  expect(rows.reduce((sum, more) => sum + more, 0)).toBe(20);
  expect(files.reduce((sum, { dropped }) => sum + dropped, 0)).toBe(7);
});

it("lets those who can wait, wait", async () => {
  const { observer, open } = setting();
  observer.observe(rowsCall(10));
  observer.observe(rowsCall(10));
  let waited = false;
  const room = observer.room(10).then(() => {
    waited = true;
  });
  await new Promise(setImmediate);
  expect(waited).toBe(false);
  open();
  await room;
  expect(observer.observe(rowsCall(10))).toBe(true);
  expect(await observer.close()).toMatchObject({ written: 30, lost: 0 });
});

it("takes a call that is larger than a file", async () => {
  const { observer, open } = setting();
  open();
  expect(observer.observe(rowsCall(25))).toBe(true);
  expect(await observer.close()).toMatchObject({ written: 25, lost: 0 });
});

it("ends on a full disk, says so once, counts what is lost, and leaves no half file", async () => {
  let writes = 0;
  const { observer, options, told } = setting({
    writeTables: async (path) => {
      writes++;
      if (writes > 1) throw Object.assign(new Error("write failed"), { code: "ENOSPC" });
      await writeFile(path, "");
    },
  });
  observer.observe(rowsCall(10));
  await observer.room(10);
  observer.observe(rowsCall(10));
  await observer.room(10);
  for (let call = 0; call < 5; call++) observer.observe(rowsCall(3));
  const { failure, ...rest } = await observer.close();
  expect(rest).toEqual({ written: 10, lost: 25, files: 1 });
  expect(told).toHaveLength(1);
  expect(told[0]).toContain("is on a disk that is full");
  expect(failure).toBe(told[0]);
  expect((await readdir(options.folder)).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  expect(observer.observe(rowsCall(1))).toBe(false);
});

it("ends where the folder is a file", async () => {
  const file = join(root, "file");
  await writeFile(file, "");
  const { observer, told, open } = setting({ folder: join(file, "below") });
  open();
  observer.observe(rowsCall(10));
  expect(await observer.close()).toMatchObject({ written: 0, lost: 10 });
  expect(told[0]).toContain("has a file where a folder should be");
});

it("writes before event times that a caller makes up can fill the memory", async () => {
  const { observer, options, open } = setting({ rollRows: 100_000 });
  open();
  const days = (from: number) =>
    callOf(
      Array.from({ length: 300 }, (_, index) => ({ score: 0.5, time: (from + index) * 86_400_000 + 1e12 })),
    );
  for (let call = 0; call < 4; call++) {
    await observer.room(300);
    observer.observe(days(call * 300));
  }
  expect(await observer.close()).toMatchObject({ written: 1200, lost: 0 });
  for (const { windows } of await filesIn(options.folder)) expect(windows.length).toBeLessThan(700);
});

it("does not believe more event times than there is room for, where strangers send them", async () => {
  const { observer, options, open } = setting({ rollRows: 100, windows: { most: 3, strangers: true } });
  open();
  const rows = Array.from({ length: 9 }, (_, index) => ({ score: 0.5, time: index * 86_400_000 + 1e12 }));
  observer.observe(callOf(rows));
  await observer.close();
  const [file] = await filesIn(options.folder);
  expect(file!.windows.map(({ rows, untimed }) => [rows, untimed])).toEqual([
    [1, 0],
    [1, 0],
    [1, 0],
    [6, 6],
  ]);
});

it("writes chosen rows beside the log, and says in the counters how many", async () => {
  const keeping = await watchedPlan({ ...watched, watch: { ...watched.watch!, keepRows: 0.5 } });
  const { observer, options, open } = setting({ plan: keeping, rollRows: 100 });
  open();
  observer.observe(rowsCall(60));
  await observer.close();
  const [file] = await filesIn(options.folder);
  const chosen = Array.from({ length: 60 }, (_, row) => `id-${row}`).filter(rowSampler(keeping.sample, ""));
  expect(file!.rows).toEqual({ file: "a.b.000000.rows.parquet", rows: chosen.length });
  expect(await readFile(join(options.folder, file!.rows!.file), "utf8")).toBe(String(chosen.length));
});

it("leaves no file behind where the rows do not fit on the disk any more", async () => {
  const keeping = await watchedPlan({ ...watched, watch: { ...watched.watch!, keepRows: 1 } });
  const { observer, options, told } = setting({
    plan: keeping,
    writeTables: async (path) => {
      if (path.endsWith(".rows.parquet")) throw Object.assign(new Error("write failed"), { code: "ENOSPC" });
      await writeFile(path, "");
    },
  });
  observer.observe(rowsCall(5));
  expect(await observer.close()).toMatchObject({ written: 0, lost: 5, files: 0 });
  expect(told).toHaveLength(1);
  expect(await filesIn(options.folder)).toEqual([]);
});

it("writes calls that failed although no row was seen", async () => {
  const { observer, options, open } = setting();
  open();
  observer.failed("deadline", 5);
  await observer.close();
  const [file] = await filesIn(options.folder);
  expect([file!.log, file!.windows.map(({ rows, failed }) => [rows, failed])]).toEqual([
    undefined,
    [[0, { deadline: 1 }]],
  ]);
});

it("rolls by time, without being called", async () => {
  const { observer, options, open } = setting({ rollMs: 5 });
  open();
  observer.observe(rowsCall(1));
  await expect.poll(() => filesIn(options.folder).catch(() => []), { interval: 5 }).toHaveLength(1);
  await observer.close();
  expect((await filesIn(options.folder)).map(({ last }) => last)).toEqual([false, true]);
});
