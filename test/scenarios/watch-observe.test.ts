import { execFile } from "node:child_process";
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type ServeProcess, serveProcess } from "../support/serve-process.ts";

const flags = ["--allow-unsigned", "--allow-unaccepted"];
const handOff = "examples/flight-delay";
let root: string;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "baton-observe-"));
});
afterAll(() => rm(root, { recursive: true, force: true }));

interface Counted {
  readonly replica: string;
  readonly boot: string;
  readonly sequence: number;
  readonly last: boolean;
  readonly log?: { readonly file: string; readonly rows: number };
  readonly rows?: { readonly file: string; readonly rows: number };
  readonly windows: readonly {
    readonly rows: number;
    readonly calls: number;
    readonly rejected: Readonly<Record<string, number>>;
  }[];
}

async function counted(folder: string): Promise<Counted[]> {
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith(".counters.json"));
  const texts = await Promise.all(names.sort().map((name) => readFile(join(folder, name), "utf8")));
  return texts.map((text) => JSON.parse(text) as Counted);
}

const rowsIn = (files: readonly Counted[]) =>
  files.flatMap(({ windows }) => windows).reduce((sum, { rows }) => sum + rows, 0);

async function ask({ url }: ServeProcess, from: number, count: number, origin = "EWR"): Promise<number> {
  const records = Array.from({ length: count }, (_, index) => ({
    flight_id: `f${from + index}`,
    origin,
    carrier: "UA",
    destination: "ORD",
    distance: 700,
    hour: 5 + (index % 18),
    weekday: 3,
    wind_speed: index % 40,
  }));
  const reply = await fetch(`${url}/v1/models/flight-delay/predict`, {
    method: "POST",
    body: JSON.stringify({ records }),
  });
  return reply.status;
}

test("a server counts what it answered and what it rejected, and ends with a last file", async () => {
  const folder = join(root, "counted");
  const server = await serveProcess(handOff, [...flags, "--observe", folder, "--replica", "pod 1/a"]);
  expect(await ask(server, 0, 30)).toBe(200);
  expect(await ask(server, 30, 2, "XXX")).toBe(400);
  expect(await server.stop()).toBe(0);
  const files = await counted(folder);
  expect(files.map(({ replica, sequence, last }) => [replica, sequence, last])).toEqual([
    ["pod-1-a", 0, true],
  ]);
  const [window] = files[0]!.windows;
  expect([window!.rows, window!.calls, window!.rejected]).toEqual([
    32,
    2,
    { "features.origin input.category": 2 },
  ]);
  expect(server.errors()).toContain("observed: 32 rows in 1 files");
  const { log, rows } = files[0]!;
  const names = [log, rows].flatMap((one) => (one ? [one.file] : []));
  expect((await readdir(folder)).filter((name) => !name.endsWith(".json"))).toEqual(names);
});

test("a sample of full rows is what SHA-256 chooses, as a query over the log says", async () => {
  const folder = join(root, "sampled");
  const server = await serveProcess(handOff, [...flags, "--observe", folder]);
  expect(await ask(server, 0, 300)).toBe(200);
  expect(await ask(server, 300, 100, "XXX")).toBe(400);
  expect(await server.stop()).toBe(0);
  const [file] = await counted(folder);
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const rows = async (sql: string) => (await connection.runAndReadAll(sql)).getRowObjectsJson();
  const [log, sample] = [file!.log!, file!.rows!].map((one) => `'${join(folder, one.file)}'`);
  const named = await rows(
    `SELECT id FROM ${log} WHERE ('0x' || left(sha256(coalesce(id, key)), 8))::UBIGINT < 0.1 * 2**32`,
  );
  const kinds = await rows(`SELECT id, answered, rejected_by, typeof("feature.distance") AS distance,
    "feature.origin" AS origin, "output.late_probability" IS NULL AS withheld FROM ${sample}`);
  connection.closeSync();
  instance.closeSync();
  expect(kinds.map(({ id }) => id)).toEqual(named.map(({ id }) => id));
  expect(kinds).toHaveLength(file!.rows!.rows);
  expect(new Set(kinds.map(({ id: _, ...kind }) => JSON.stringify(kind)))).toEqual(
    new Set([
      JSON.stringify({
        answered: true,
        rejected_by: null,
        distance: "FLOAT",
        origin: "EWR",
        withheld: false,
      }),
      JSON.stringify({
        answered: false,
        rejected_by: "features.origin",
        distance: "FLOAT",
        origin: "XXX",
        withheld: true,
      }),
    ]),
  );
});

test("after kill -9 everything that was rolled is there, whole, and nothing twice", async () => {
  const folder = join(root, "killed");
  const rolls = async () => (await counted(folder)).length;
  // The first life ends before its first file, the second some calls after it.
  for (const [life, wanted] of [0, 1].entries()) {
    const server = await serveProcess(handOff, [...flags, "--observe", folder, "--observe-roll", "1"]);
    let sent = 0;
    const askMore = async () => {
      expect(await ask(server, 10_000 * life + sent, 7)).toBe(200);
      sent += 7;
    };
    await askMore();
    while ((await rolls()) < wanted) await askMore();
    const rolled = rowsIn(await counted(folder));
    for (let call = 0; call < 5; call++) await askMore();
    await server.stop("SIGKILL");
    const there = rowsIn(await counted(folder));
    expect([there >= rolled, there <= sent, rolled >= wanted]).toEqual([true, true, true]);
  }
  const files = await counted(folder);
  expect(new Set(files.map(({ boot, sequence }) => `${boot} ${sequence}`)).size).toBe(files.length);
  expect(files.some(({ last }) => last)).toBe(false);
  const names = new Set(await readdir(folder));
  for (const { log } of files) expect(names.has(log!.file)).toBe(true);
});

test("a folder that cannot be written ends observation and not serving, and says so once", async () => {
  const file = join(root, "a-file");
  await writeFile(file, "");
  const server = await serveProcess(handOff, [...flags, "--observe", join(file, "x"), "--observe-roll", "1"]);
  const metrics = async () => (await fetch(`${server.url}/metrics`)).text();
  await expect
    .poll(
      async () => {
        expect(await ask(server, 0, 3)).toBe(200);
        return server.errors();
      },
      { timeout: 10_000, interval: 20 },
    )
    .toContain("Observation has ended");
  for (let call = 0; call < 3; call++) expect(await ask(server, 0, 3)).toBe(200);
  await expect.poll(metrics).toMatch(/baton_observations_lost_total\{[^}]*\} [1-9]/);
  expect(await server.stop()).toBe(0);
  expect(server.errors().match(/Observation has ended/g)).toHaveLength(1);
  expect(server.errors()).toContain("rows lost");
});

test("without a profile nothing can be counted, which is said before anything is served", async () => {
  const bare = join(root, "bare");
  await cp(handOff, bare, { recursive: true });
  await rm(join(bare, "profile.json"));
  const { code, stderr } = await new Promise<{ code: unknown; stderr: string }>((resolve) => {
    const args = ["dist/cli.js", "serve", bare, ...flags, "--observe", join(root, "x")];
    execFile(process.execPath, args, (error, _stdout, stderr) => resolve({ code: error?.code, stderr }));
  });
  expect(code).toBe(2);
  expect(stderr).toContain("baton profile");
});
