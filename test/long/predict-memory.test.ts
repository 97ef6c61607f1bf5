import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, expect, it } from "vitest";
import { runBaton } from "../support/baton-program.ts";
import { type SmallBaton, smallBaton } from "../support/small-baton.ts";

/* `baton predict` takes files of any size: its memory does not grow with them. */

const few = 200_000;
const many = 2_000_000;
let small: SmallBaton;

beforeAll(async () => {
  small = await smallBaton();
});
afterAll(() => small?.discard());

async function sql(text: string): Promise<Record<string, unknown>[]> {
  const instance = await DuckDBInstance.create(":memory:", { threads: "2", max_memory: "1GB" });
  const connection = await instance.connect();
  try {
    return (await connection.runAndReadAll(text)).getRowObjectsJS();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

/** One row in a thousand names an airport that the model does not know; every tenth has no wind. */
async function writeRows(file: string, rows: number): Promise<void> {
  await sql(`COPY (SELECT 'f' || i AS flight_id,
    CASE WHEN i % 1000 = 999 THEN 'XXX' ELSE ['EWR', 'JFK', 'LGA'][i % 3 + 1] END AS origin,
    CASE WHEN i % 10 = 0 THEN NULL ELSE (i % 360) / 8.0 END::FLOAT AS wind_speed, (i % 24)::BIGINT AS hour
    FROM range(${rows}) AS r(i)) TO '${join(small.root, file)}'`);
}

interface Measured {
  readonly peakMiB: number;
  readonly seconds: number;
}

async function predict(input: string, output: string, rows: number): Promise<Measured> {
  await writeRows(input, rows);
  const started = performance.now();
  const peak = join(small.root, "peak");
  const preload = new URL("../support/peak-memory.mjs", import.meta.url).href;
  const { exitCode, stdout, stderr } = await runBaton(
    ["predict", small.file, input, output, "--allow-unaccepted", "--json"],
    {
      cwd: small.root,
      env: { HOME: small.root, NODE_OPTIONS: `--import=${preload}`, BATON_TEST_PEAK: peak },
    },
  );
  expect([exitCode, stderr.includes("predicting")], stderr).toEqual([1, true]);
  const rejected = rows / 1000;
  expect(JSON.parse(stdout)).toMatchObject({
    rows,
    answered: rows - rejected,
    rejected: { "features.origin": rejected },
  });
  const [written] = await sql(`SELECT count(*)::INTEGER AS rows, count(late_probability)::INTEGER AS answered,
    count(DISTINCT flight_id)::INTEGER AS keys FROM '${join(small.root, output)}'`);
  expect(written).toEqual({ rows, answered: rows - rejected, keys: rows });
  return {
    peakMiB: Number(await readFile(peak, "utf8")),
    seconds: (performance.now() - started) / 1000,
  };
}

it.each(["parquet", "csv"])(
  "answers two million rows of %s in the memory that a tenth of them takes",
  async (format) => {
    const short = await predict(`few.${format}`, `few-out.${format}`, few);
    const long = await predict(`many.${format}`, `many-out.${format}`, many);
    process.stderr.write(
      `${format}: ${few} rows ${short.peakMiB.toFixed(0)} MiB ${short.seconds.toFixed(1)} s, ` +
        `${many} rows ${long.peakMiB.toFixed(0)} MiB ${long.seconds.toFixed(1)} s\n`,
    );
    expect(long.peakMiB).toBeLessThan(short.peakMiB + 200);
    expect(long.peakMiB).toBeLessThan(900);
  },
);
