import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, expect, it } from "vitest";

/* The figures of docs/verification/performance.md on the seven months of flights, and a fault that is put into their labels. */

const example = "examples/flight-delay";
const replay = `${example}/data/replay.parquet`;
const root = mkdtempSync(join(tmpdir(), "baton-performance-"));
const observed = join(root, "observed");
afterAll(() => rmSync(root, { recursive: true, force: true }));

interface Report {
  readonly estimation: {
    readonly calibration: { readonly outcome: string; readonly error: number };
    readonly errors: Readonly<
      Record<string, { readonly windows: number; readonly meanAbsoluteError: number; readonly bias: number }>
    >;
  };
  readonly slices: readonly {
    readonly slice: string;
    readonly significant: boolean;
    readonly change?: { readonly from: string; readonly significant: boolean };
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

const watch = async (labels: string) =>
  JSON.parse(await baton("watch", observed, "--baton", example, "--labels", labels, "--json")) as Report;

beforeAll(async () => {
  const flags = ["--observe", observed, "--allow-unsigned", "--allow-unaccepted"];
  await baton("predict", example, replay, join(root, "answers.parquet"), ...flags);
}, 120_000);

it("says how far estimates were from what labels showed, and that scores do not mean what they say", async () => {
  const { estimation, slices } = await watch(replay);
  const { calibration, errors } = estimation;
  expect([calibration.outcome, calibration.error.toFixed(3)]).toEqual(["fail", "0.055"]);
  const auc = errors.roc_auc!;
  expect([auc.windows, auc.meanAbsoluteError.toFixed(3), auc.bias.toFixed(3)]).toEqual([
    214,
    "0.062",
    "0.036",
  ]);
  expect(slices.filter(({ significant }) => significant).map(({ slice }) => slice)).toContain(
    'carrier = "EV"',
  );
  expect(slices.filter(({ change }) => change?.significant)).toEqual([]);
});

it("finds the one carrier whose labels went wrong in the last days", async () => {
  const planted = join(root, "planted.parquet");
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  await connection.run("SET TimeZone = 'UTC'");
  await connection.run(
    `COPY (SELECT flight_id, late <> (scheduled_departure >= '2013-12-20' AND carrier = 'DL' AND md5_number(flight_id) % 2 = 0) AS late
      FROM '${replay}') TO '${planted}' (FORMAT parquet)`,
  );
  connection.closeSync();
  instance.closeSync();
  const { slices } = await watch(planted);
  const [worst] = slices;
  expect([worst!.slice, worst!.significant, worst!.change?.significant, worst!.change?.from]).toEqual([
    'carrier = "DL"',
    false,
    true,
    "2013-12-20T00:00:00.000Z",
  ]);
  const changed = slices.filter(({ change }) => change?.significant).map(({ slice }) => slice);
  expect(changed.every((slice) => slice.includes('carrier = "DL"'))).toBe(true);
});
