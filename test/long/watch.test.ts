import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, expect, it } from "vitest";

const example = "examples/flight-delay";
const replay = `${example}/data/replay.parquet`;
const flags = ["--allow-unsigned", "--allow-unaccepted"];
const root = mkdtempSync(join(tmpdir(), "baton-watch-"));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function baton(...args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { maxBuffer: 256 * 1024 * 1024 };
    execFile(process.execPath, ["dist/cli.js", ...args], options, (error, stdout) =>
      // 1: a watched clause fails, as an alarm that is open.
      error && error.code !== 1 ? reject(error) : resolve(stdout),
    );
  });
}

interface Report {
  readonly windows: readonly {
    readonly start: string;
    readonly rows: number;
    readonly columns: readonly {
      readonly clause: string;
      readonly distances: {
        readonly distances?: {
          readonly jensenShannon: number;
          readonly usual: { readonly jensenShannon: number };
        };
      };
    }[];
    readonly drift: { readonly columns: readonly { readonly verdict: string }[] };
    readonly performance: { readonly metrics?: Readonly<Record<string, number>> };
  }[];
}

it("replays seven months: every day's AUC is what a query gives; temperature leaves its reference, carriers hardly do", async () => {
  const [answers, observed] = [join(root, "answers.parquet"), join(root, "observed")];
  await baton("predict", example, replay, answers, "--observe", observed, ...flags);
  const { windows } = JSON.parse(
    await baton("watch", observed, "--baton", example, "--labels", replay, "--json"),
  ) as Report;
  const instance = await DuckDBInstance.create(":memory:", { threads: "2" });
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  const reader = await connection.runAndReadAll(`
    WITH ranked AS (
      SELECT date_trunc('day', scheduled_departure) AS day, late::INTEGER AS label,
        rank() OVER (PARTITION BY day ORDER BY late_probability)
          + (count(*) OVER (PARTITION BY day, late_probability) - 1) / 2.0 AS place
      FROM '${replay}' JOIN '${answers}' USING (flight_id))
    SELECT strftime(day, '%Y-%m-%d') AS day, count(*)::INTEGER AS rows,
      (sum(place) FILTER (label = 1) - sum(label) * (sum(label) + 1) / 2.0) / (sum(label) * sum(1 - label)) AS auc
    FROM ranked GROUP BY day ORDER BY day`);
  const truth = reader.getRowObjectsJson();
  connection.closeSync();
  instance.closeSync();
  expect(windows.map(({ start, rows }) => [start.slice(0, 10), rows])).toEqual(
    truth.map(({ day, rows }) => [day, rows]),
  );
  for (const [index, { performance }] of windows.entries())
    expect(performance.metrics!.roc_auc).toBeCloseTo(Number(truth[index]!.auc), 10);
  const beyond = (clause: string) => {
    const told = windows.flatMap(({ columns }) => {
      const { distances } = columns.find((column) => column.clause === clause)!.distances;
      return distances ? [distances.jensenShannon > distances.usual.jensenShannon] : [];
    });
    return told.filter((one) => one).length / told.length;
  };
  expect(beyond("features.temperature")).toBe(1);
  expect(beyond("features.carrier")).toBeLessThan(0.05);

  const driftsIn = (clause: string, month: string) =>
    windows.filter(
      ({ start, columns, drift }) =>
        start.startsWith(month) &&
        drift.columns[columns.findIndex((column) => column.clause === clause)]!.verdict === "drift",
    ).length;
  const months = ["06", "07", "08", "09", "10", "11", "12"].map((month) => `2013-${month}`);
  const daysIn = (clause: string) => months.map((month) => driftsIn(clause, month));
  // Training ended in April: summer is warmer, the year's end is not. New destinations and aircraft stay.
  const [june, july, august, september, , november, december] = daysIn("features.temperature");
  expect([july, august]).toEqual([31, 31]);
  for (const days of [june, september]) expect(days).toBeGreaterThan(10);
  // On the last day of December five of six flights have no temperature; before, it lacked in hardly any.
  expect([november, december]).toEqual([0, 1]);
  expect(daysIn("features.destination")).toEqual([30, 31, 31, 30, 31, 30, 31]);
  for (const days of daysIn("features.seats")) expect(days).toBeGreaterThan(20);
  // Days are compared with the same day of the week, where the weekday is always what it was.
  expect(daysIn("features.weekday")).toEqual([0, 0, 0, 0, 0, 0, 0]);

  const text = await baton("watch", observed, "--baton", example);
  expect(text).toMatch(
    /^2013-06-01 .* open .* quality of the feed .* features\.destination; later \d+ more$/m,
  );
  expect(text).toMatch(
    /^features\.temperature +builds +2013-06-10 to 2013-09-\d\d +2013-07-\d\d +0\.\d\d \(0\.\d\d–[01]\.\d\d\) +unseen$/m,
  );
});
