import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, expect, it } from "vitest";
import { type ServeProcess, serveProcess } from "../support/serve-process.ts";

const example = "examples/flight-delay";
const root = mkdtempSync(join(tmpdir(), "baton-killed-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const [lives, askers, rowsACall, rollSeconds] = [50, 3, 20, 1];
/** Two spans between files, and the time of one write on a busy machine. */
const boundMs = 2 * rollSeconds * 1000 + 3000;

interface Table {
  readonly file: string;
  readonly rows: number;
}

interface Counted {
  readonly boot: string;
  readonly sequence: number;
  readonly log: Table;
  readonly rows?: Table;
  readonly windows: readonly { readonly rows: number }[];
}

const folder = join(root, "observed");
const files = (): Counted[] =>
  existsSync(folder)
    ? readdirSync(folder)
        .filter((name) => name.endsWith(".counters.json"))
        .map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as Counted)
    : [];
const rowsOf = (list: readonly Counted[]) =>
  list.flatMap(({ windows }) => windows).reduce((sum, { rows }) => sum + rows, 0);

/** Fractions from 0 to 1, the same in every run. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Asks until the server is gone; tells when each answer came. */
async function ask({ url }: ServeProcess, name: string, answered: number[], sent: () => void): Promise<void> {
  for (let call = 0; ; call++) {
    const records = Array.from({ length: rowsACall }, (_, index) => ({
      flight_id: `${name}-${call}-${index}`,
      origin: "EWR",
      carrier: "UA",
      destination: "ORD",
      distance: 700,
      hour: 9,
      weekday: 3,
    }));
    sent();
    try {
      const body = JSON.stringify({ records });
      const reply = await fetch(`${url}/v1/models/flight-delay/predict`, { method: "POST", body });
      expect(reply.status).toBe(200);
      await reply.text();
    } catch (thrown) {
      if (thrown instanceof TypeError) return;
      throw thrown;
    }
    answered.push(performance.now());
  }
}

/** One number of one row. */
async function sql(text: string): Promise<Record<string, unknown>> {
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(text)).getRowObjectsJson()[0]!;
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function watchedRows(): Promise<number> {
  const args = ["dist/cli.js", "watch", folder, "--baton", example, "--json"];
  return new Promise((resolve) => {
    execFile(process.execPath, args, { maxBuffer: 64 * 1024 ** 2 }, (_, stdout) => {
      const { windows } = JSON.parse(stdout) as { windows: readonly { readonly rows: number }[] };
      resolve(windows.reduce((sum, { rows }) => sum + rows, 0));
    });
  });
}

it("keeps the bound that it states when it is killed at fifty random moments under load", async () => {
  const random = seeded(20_260_105);
  const options = ["--allow-unsigned", "--allow-unaccepted", "--observe", folder];
  const totals = { answered: 0, there: 0, worstMs: 0 };
  for (let life = 0; life < lives; life++) {
    const server = await serveProcess(example, [...options, "--observe-roll", String(rollSeconds)]);
    const answered: number[] = [];
    let sent = 0;
    const asking = Array.from({ length: askers }, (_, asker) =>
      ask(server, `${life}-${asker}`, answered, () => void sent++),
    );
    await new Promise((resolve) => setTimeout(resolve, 100 + 5900 * random()));
    const killed = performance.now();
    await server.stop("SIGKILL");
    await Promise.all(asking);
    const there = rowsOf(files()) - totals.there;
    const firstMissing = answered[Math.floor(there / rowsACall)];
    const promised = answered.filter((at) => at < killed - boundMs).length * rowsACall;
    expect([life, there >= promised, there <= sent * rowsACall]).toEqual([life, true, true]);
    totals.there += there;
    totals.answered += answered.length * rowsACall;
    if (firstMissing !== undefined) totals.worstMs = Math.max(totals.worstMs, killed - firstMissing);
  }
  const written = files();
  expect(new Set(written.map(({ boot, sequence }) => `${boot} ${sequence}`)).size).toBe(written.length);
  const list = (tables: readonly Table[]) =>
    `[${tables.map(({ file }) => `'${join(folder, file)}'`).join(", ")}]`;
  const logs = written.map(({ log }) => log);
  const samples = written.flatMap(({ rows }) => rows ?? []);
  const chosen = "('0x' || left(sha256(id), 8))::UBIGINT < 0.1 * 2**32";
  const log = await sql(
    `SELECT count(*)::INTEGER AS rows, count(DISTINCT id)::INTEGER AS ids, count(*) FILTER (${chosen})::INTEGER AS chosen FROM read_parquet(${list(logs)})`,
  );
  const sample = await sql(
    `SELECT count(*)::INTEGER AS rows, count(DISTINCT id)::INTEGER AS ids FROM read_parquet(${list(samples)})`,
  );
  const sum = (tables: readonly Table[]) => tables.reduce((total, { rows }) => total + rows, 0);
  expect(log).toEqual({ rows: totals.there, ids: totals.there, chosen: sum(samples) });
  expect(sample).toEqual({ rows: sum(samples), ids: sum(samples) });
  expect(sum(logs)).toBe(totals.there);
  expect(await watchedRows()).toBe(totals.there);
  console.log(
    `${lives} lives: ${totals.answered} rows answered, ${totals.there} in ${written.length} files, ${sum(samples)} of them in full; nothing older than ${(totals.worstMs / 1000).toFixed(1)} s before a kill is missing`,
  );
});
