import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, expect, it } from "vitest";
import { parseContract } from "../../src/contract/index.ts";
import { attempt, pythonWith } from "./python-environment.ts";

const example = "examples/flight-delay";
const replay = `${example}/data/replay.parquet`;
const script = "test/interop/recompute_report.py";
let root: string;
let python: string;
const inRoot = (name: string) => join(root, name);

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "baton-values-"));
  const packages = ["pandas==3.1.1", "pyarrow==26.0.1", "prometheus-client==0.26.0"];
  python = join(
    await pythonWith("baton-interop-pandas", packages, "pandas, pyarrow, prometheus_client"),
    "python",
  );
  const text = await readFile(`${example}/baton.yaml`, "utf8");
  const { contract } = parseContract({ text, file: "baton.yaml", readTable: () => undefined });
  const { features, watch, labels, data } = contract!;
  const listed = features.filter(({ values, unknown }) => values && unknown === "reject");
  const expected = {
    time: watch!.time,
    key: labels!.key,
    label: data.label,
    values: Object.fromEntries(listed.map(({ name, values }) => [name, values])),
    expected: Object.fromEntries(
      features.flatMap(({ name, expected }) => (expected ? [[name, expected]] : [])),
    ),
  };
  await writeFile(inRoot("expected.json"), JSON.stringify(expected));
}, 300_000);
afterAll(() => rm(root, { recursive: true, force: true }));

async function copyRows(name: string, query: string): Promise<void> {
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  await connection.run(`COPY (${query}) TO '${inRoot(`${name}.parquet`)}' (FORMAT parquet)`);
  connection.closeSync();
  instance.closeSync();
}

function baton(...args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { maxBuffer: 1 << 28 };
    execFile(process.execPath, ["dist/cli.js", ...args], options, (error, stdout, stderr) =>
      error && error.code !== 1 ? reject(new Error(stderr)) : resolve(stdout),
    );
  });
}

/** Predicts rows, watches what was observed, and gives the arguments of the script that recomputes it. */
async function watched(name: string): Promise<string[]> {
  const rows = inRoot(`${name}.parquet`);
  const unsigned = ["--allow-unsigned", "--allow-unaccepted"];
  await baton(
    "predict",
    example,
    rows,
    inRoot(`${name}-answers.parquet`),
    "--observe",
    inRoot(name),
    ...unsigned,
  );
  const html = inRoot(`${name}.html`);
  const prom = inRoot(`${name}.prom`);
  const options = [
    "--labels",
    rows,
    "--at",
    "2013-08-01T12:00:00Z",
    "--html",
    html,
    "--prometheus",
    prom,
    "--json",
  ];
  await writeFile(inRoot(`${name}.json`), await baton("watch", inRoot(name), "--baton", example, ...options));
  return [
    script,
    html,
    inRoot(`${name}.json`),
    rows,
    `${example}/profile.json`,
    inRoot(name),
    inRoot("expected.json"),
    `${example}/data/training.parquet`,
  ];
}

async function recomputed(args: readonly string[]): Promise<{ compared: number; differences: number }> {
  const { ok, output } = await attempt(python, args);
  expect([ok, output]).toEqual([true, expect.stringContaining("compared")]);
  return JSON.parse(output) as { compared: number; differences: number };
}

it("every value of the page is what raw rows, labels and logs give, also of an altered replay, whose page differs", async () => {
  const days = "scheduled_departure >= '2013-06-01' AND scheduled_departure < '2013-08-01'";
  await copyRows("plain", `FROM '${replay}' WHERE ${days}`);
  // July: a carrier nobody knows, a week without pressure, temperatures in Celsius, and labels turned round.
  await copyRows(
    "altered",
    `SELECT * REPLACE (
       CASE WHEN month(scheduled_departure) = 7 AND hash(flight_id) % 20 = 0 THEN 'ZZ' ELSE carrier END AS carrier,
       CASE WHEN scheduled_departure BETWEEN '2013-07-08' AND '2013-07-15' THEN NULL ELSE pressure END AS pressure,
       CASE WHEN month(scheduled_departure) = 7 THEN ((temperature - 32) / 1.8)::FLOAT ELSE temperature END AS temperature,
       CASE WHEN month(scheduled_departure) = 7 THEN NOT late ELSE late END AS late)
     FROM '${replay}' WHERE ${days}`,
  );
  const [plain, altered] = [await watched("plain"), await watched("altered")];
  for (const args of [plain, altered]) {
    const { compared, differences } = await recomputed(args);
    process.stdout.write(`${compared} values recomputed, ${differences} differ\n`);
    expect([compared > 20_000, differences]).toEqual([true, 0]);
  }
  const [page, other] = [await readFile(plain[1]!, "utf8"), await readFile(altered[1]!, "utf8")];
  const verdict = (html: string) => /<section id="verdict"[\s\S]*?<\/section>/.exec(html)![0];
  const table = (html: string, id: string) =>
    new RegExp(`<table id="${id}">[\\s\\S]*?</table>`).exec(html)?.[0];
  expect(verdict(page)).not.toBe(verdict(other));
  for (const id of ["feature-table", "window-table", "performance-table"])
    expect(table(page, id)).not.toBe(table(other, id));
  expect([table(page, "rejected-table"), table(other, "rejected-table")]).toEqual([
    undefined,
    expect.stringContaining("features.carrier"),
  ]);

  // The comparison itself: rows of one replay against the page of the other.
  const crossed = await attempt(python, altered.with(3, plain[3]!));
  expect([crossed.ok, crossed.output]).toEqual([false, expect.stringContaining("recomputed")]);
});

it("the metrics are what Prometheus' own parser reads, with the totals of the report", async () => {
  const program = `
import json, sys
from prometheus_client.parser import text_string_to_metric_families as families
print(json.dumps([[s.name, s.labels, s.value] for f in families(open(sys.argv[1]).read()) for s in f.samples]))`;
  const { ok, output } = await attempt(python, ["-c", program, inRoot("altered.prom")]);
  expect([ok, output]).toEqual([true, expect.stringContaining("baton_watch_rows")]);
  const samples = JSON.parse(output) as [name: string, labels: Record<string, string>, value: number][];
  const value = (name: string, labels: Record<string, string> = {}) =>
    samples.find(
      ([one, has]) => one === name && Object.entries(labels).every(([key, is]) => has[key] === is),
    )?.[2];
  const report = JSON.parse(await readFile(inRoot("altered.json"), "utf8")) as {
    passed: boolean;
    windows: { rows: number; performance: { mature: boolean; metrics?: { roc_auc: number } } }[];
  };
  expect(value("baton_watch_rows")).toBe(report.windows.reduce((sum, { rows }) => sum + rows, 0));
  expect(value("baton_watch_passed")).toBe(report.passed ? 1 : 0);
  const mature = report.windows.findLast(({ performance }) => performance.mature)!;
  expect(value("baton_watch_performance", { metric: "roc_auc" })).toBe(mature.performance.metrics!.roc_auc);
});
