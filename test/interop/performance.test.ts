import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type Python, sciencePython } from "./science-python.ts";

/*
 * The performance that `baton watch` shows is what scikit-learn says of the same rows: pandas joins the logs of
 * predictions with the labels by itself, and scikit-learn measures each day of seven months.
 */

const example = "examples/flight-delay";
const replay = `${example}/data/replay.parquet`;
const root = mkdtempSync(join(tmpdir(), "baton-performance-"));
const [observed, labels] = [join(root, "observed"), join(root, "labels.parquet")];
let python: Python;
beforeAll(async () => {
  python = await sciencePython();
}, 300_000);
afterAll(() => rmSync(root, { recursive: true, force: true }));

interface Day {
  readonly start: number;
  readonly answered: number;
  readonly labelled: number;
  readonly metrics: Readonly<Record<string, number | null>>;
}

interface Report {
  readonly windows: readonly {
    readonly start: string;
    readonly performance: Omit<Day, "start" | "metrics"> & {
      readonly mature: boolean;
      readonly metrics?: Readonly<Record<string, number>>;
    };
  }[];
}

function baton(...args: string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { maxBuffer: 256 * 1024 ** 2 };
    execFile(process.execPath, ["dist/cli.js", ...args], options, (error, stdout) =>
      // 1: a watched clause fails, as an alarm that is open.
      error && error.code !== 1 ? reject(error) : resolve(stdout),
    );
  });
}

/** Nine labels of ten, in another order than the predictions. */
async function writeLabels(): Promise<void> {
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  await connection.run(
    `COPY (SELECT flight_id, late FROM '${replay}' WHERE md5_number(flight_id) % 10 <> 0 ORDER BY md5(flight_id))
      TO '${labels}' (FORMAT parquet)`,
  );
  connection.closeSync();
  instance.closeSync();
}

it("performance of every mature day is what scikit-learn says", async () => {
  await writeLabels();
  const flags = ["--observe", observed, "--allow-unsigned", "--allow-unaccepted"];
  await baton("predict", example, replay, join(root, "answers.parquet"), ...flags);
  const { windows } = JSON.parse(
    await baton("watch", observed, "--baton", example, "--labels", labels, "--json"),
  ) as Report;
  const days = JSON.parse(
    await python("test/interop/performance.py", observed, labels, "flight_id", "late", "late_probability"),
  ) as Day[];
  expect(days.length).toBeGreaterThan(200);
  expect(windows.map(({ start }) => Date.parse(start))).toEqual(days.map(({ start }) => start));
  let compared = 0;
  for (const [index, day] of days.entries()) {
    const { performance } = windows[index]!;
    const { answered, labelled } = day;
    expect(performance).toMatchObject({ answered, labelled, mature: true });
    for (const [name, value] of Object.entries(day.metrics)) {
      const ours = performance.metrics![name];
      const same = value === null ? ours === undefined : Math.abs((ours ?? Number.NaN) - value) <= 1e-9;
      expect([windows[index]!.start, name, ours ?? null, same]).toEqual([
        windows[index]!.start,
        name,
        same ? (ours ?? null) : value,
        true,
      ]);
      compared++;
    }
  }
  expect(compared).toBe(days.length * 8);
});
