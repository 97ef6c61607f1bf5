import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, expect, test } from "vitest";

const example = "examples/flight-delay";
let root: string;
let judged: Report;
const inRoot = (name: string) => join(root, name);

interface Window {
  readonly start: string;
  readonly rows: number;
  readonly answered: number;
  readonly rejected: Readonly<Record<string, number>>;
  readonly newestArrival?: string;
  readonly estimated?: {
    readonly metrics: Readonly<Record<string, number>>;
    readonly error?: Readonly<Record<string, number>>;
  };
  readonly columns: readonly {
    readonly clause: string;
    readonly missing: { readonly now: number };
    readonly distances: {
      readonly sufficient: boolean;
      readonly distances?: {
        readonly jensenShannon: number;
        readonly usual: { readonly jensenShannon: number };
      };
    };
  }[];
  readonly performance?: {
    readonly answered: number;
    readonly labelled: number;
    readonly mature: boolean;
    readonly metrics?: Readonly<Record<string, number>>;
  };
}

interface Report {
  readonly passed: boolean;
  readonly windows: readonly Window[];
  readonly labels?: Readonly<Record<string, number>>;
  readonly wrong: {
    readonly rows: number;
    readonly wrong: number;
    readonly expected: number;
    readonly classes: readonly {
      readonly class: string;
      readonly owner: string;
      readonly rows: number;
      readonly wrong: number;
      readonly expected: number;
      readonly samples: readonly {
        readonly name: string;
        readonly score: number;
        readonly decision: boolean;
        readonly label: boolean;
      }[];
    }[];
  };
  readonly alarms: readonly {
    readonly begins: string;
    readonly open: boolean;
    readonly cause: string;
    readonly columns: readonly { readonly clause: string }[];
  }[];
  readonly findings: readonly {
    readonly code: string;
    readonly clause?: string;
    readonly severity: string;
  }[];
}

function baton(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return new Promise((resolve) => {
    const options = { maxBuffer: 64 * 1024 * 1024 };
    execFile(process.execPath, ["dist/cli.js", ...args], options, (error, stdout, stderr) =>
      resolve({ code: error ? Number(error.code) : 0, stdout, stderr }),
    );
  });
}

async function watch(...args: string[]): Promise<Report> {
  const { stdout, stderr } = await baton("watch", ...args, "--baton", example, "--json");
  expect([stdout.slice(0, 1), stderr]).toEqual(["{", expect.any(String)]);
  return JSON.parse(stdout) as Report;
}

async function sql(query: string): Promise<Record<string, unknown>[]> {
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  try {
    await connection.run("SET TimeZone = 'UTC'");
    return (await connection.runAndReadAll(query)).getRowObjectsJson();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

async function predict(input: string, observed: string): Promise<void> {
  const flags = ["--allow-unsigned", "--allow-unaccepted", "--replica", observed];
  const { code, stderr } = await baton(
    ...["predict", example, inRoot(input), inRoot(`${observed}-${input}`), "--observe", inRoot(observed)],
    ...flags,
  );
  expect([code, stderr]).toEqual([0, expect.stringContaining("observed:")]);
}

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "baton-watch-"));
  const days = `SELECT *, row_number() OVER (ORDER BY scheduled_departure, flight_id) AS number
    FROM '${example}/data/replay.parquet' WHERE scheduled_departure < '2013-06-05'`;
  await sql(`COPY (${days}) TO '${inRoot("days.parquet")}' (FORMAT parquet)`);
  for (const part of [0, 1])
    await sql(
      `COPY (FROM '${inRoot("days.parquet")}' WHERE number % 2 = ${part}) TO '${inRoot(`part-${part}.parquet`)}' (FORMAT parquet)`,
    );
  // A label is missing, one comes twice, one is corrected, one belongs to nobody.
  await sql(`COPY (
      SELECT flight_id, late::INTEGER AS late FROM '${inRoot("days.parquet")}' WHERE number <> 5
      UNION ALL SELECT flight_id, late::INTEGER FROM '${inRoot("days.parquet")}' WHERE number = 6
      UNION ALL SELECT flight_id, 1 - late::INTEGER FROM '${inRoot("days.parquet")}' WHERE number = 7
      UNION ALL SELECT 'nobody', 1) TO '${inRoot("labels.csv")}' (FORMAT csv, HEADER)`);
  await predict("days.parquet", "whole");
  await predict("part-0.parquet", "first");
  await predict("part-1.parquet", "second");
  judged = await watch(inRoot("whole"), "--labels", inRoot("labels.csv"), "--at", "2013-06-05T12:00:00Z");
});
afterAll(() => rm(root, { recursive: true, force: true }));

test("two replicas add up to one, whatever was copied twice", async () => {
  const [counters] = (await readdir(inRoot("first"))).filter((name) => name.endsWith(".counters.json"));
  await cp(join(inRoot("first"), counters!), join(inRoot("second"), `copy.${counters}`));
  const parts = await watch(inRoot("second"), inRoot("first"));
  // They were answered at another time, and looked at without labels.
  const counted = ({ windows }: Report) =>
    windows.map(({ performance: _, newestArrival: __, estimated, ...window }) => ({
      ...window,
      estimated: estimated && { ...estimated, error: undefined },
    }));
  expect(JSON.stringify(counted(parts))).toBe(JSON.stringify(counted(judged)));
});

test("windows hold what the rows hold", async () => {
  const counted = await sql(
    `SELECT strftime(date_trunc('day', scheduled_departure), '%Y-%m-%d') AS day, count(*)::INTEGER AS rows,
      avg((wind_gust IS NULL)::INTEGER) AS missing FROM '${inRoot("days.parquet")}' GROUP BY day ORDER BY day`,
  );
  const seen = judged.windows.map(({ start, rows, columns }) => ({
    day: start.slice(0, 10),
    rows,
    missing: columns.find(({ clause }) => clause === "features.wind_gust")!.missing.now,
  }));
  expect(seen).toEqual(counted);
});

test("temperature leaves its reference in June, the mix of carriers does not", () => {
  const { windows, findings } = judged;
  const beyond = (clause: string) =>
    windows.map(({ columns }) => {
      const { distances } = columns.find((column) => column.clause === clause)!.distances;
      return distances && distances.jensenShannon > distances.usual.jensenShannon;
    });
  expect(beyond("features.temperature").filter((told) => told !== undefined)).not.toContain(false);
  expect(beyond("features.carrier").filter((told) => told)).toEqual([]);
  expect(findings.map(({ code }) => code)).not.toContain("watch.not-calibrated");
});

test("new destinations in June are an alarm of the feed's quality, open in the newest window", () => {
  const { alarms, findings, passed } = judged;
  expect(alarms.map(({ begins, open, cause }) => [begins.slice(0, 10), open, cause])).toEqual([
    ["2013-06-01", true, "quality"],
  ]);
  expect(alarms[0]!.columns.map(({ clause }) => clause)).toContain("features.destination");
  const drift = findings.filter(({ code }) => code === "watch.drift");
  expect(drift.map(({ clause, severity }) => [clause, severity])).toEqual([
    ["features.destination", "blocking"],
  ]);
  expect(passed).toBe(false);
});

test("performance is what a query over answers and labels gives, and unknown before it has matured", async () => {
  expect(judged.labels).toMatchObject({ duplicated: 1, corrected: 1, unmatched: 1, late: 0, empty: 0 });
  const queried = await sql(`
    WITH scored AS (
      SELECT date_trunc('day', scheduled_departure) AS day, late_probability AS score,
        (CASE WHEN number = 7 THEN 1 - late::INTEGER ELSE late::INTEGER END) AS label
      FROM '${inRoot("days.parquet")}' JOIN '${inRoot("whole-days.parquet")}' USING (flight_id) WHERE number <> 5),
    ranked AS (
      SELECT *, rank() OVER (PARTITION BY day ORDER BY score) + (count(*) OVER (PARTITION BY day, score) - 1) / 2.0 AS place
      FROM scored)
    SELECT strftime(day, '%Y-%m-%d') AS day, count(*)::INTEGER AS labelled,
      (sum(place) FILTER (label = 1) - sum(label) * (sum(label) + 1) / 2.0) / (sum(label) * sum(1 - label)) AS roc_auc,
      avg((score::DOUBLE - label) ** 2) AS brier
    FROM ranked GROUP BY day ORDER BY day`);
  expect(queried.length).toBe(judged.windows.length);
  for (const [index, { start, performance }] of judged.windows.entries()) {
    const truth = queried[index]!;
    expect([start.slice(0, 10), performance!.labelled]).toEqual([truth.day, truth.labelled]);
    // Labels may take a day: on 5 June at noon, 4 June has not matured.
    expect([performance!.mature, performance!.metrics === undefined]).toEqual(
      start < "2013-06-04" ? [true, false] : [false, true],
    );
    if (!performance!.metrics) continue;
    expect(performance!.metrics.roc_auc).toBeCloseTo(Number(truth.roc_auc), 12);
    expect(performance!.metrics.brier).toBeCloseTo(Number(truth.brier), 12);
  }
});

test("every wrong prediction that has matured has one class, and they add up to what a query counts", async () => {
  const rows = await sql(`
    SELECT flight_id AS name, number = 7 AS contradicted, late_probability AS score, late_probability >= 0.3::FLOAT AS decision,
      (number = 7) <> (late::INTEGER = 1) AS label
    FROM '${inRoot("days.parquet")}' JOIN '${inRoot("whole-days.parquet")}' USING (flight_id)
    WHERE number <> 5 AND scheduled_departure < '2013-06-04'`);
  const wrong = rows.filter(({ decision, label }) => decision !== label);
  const { classes, ...all } = judged.wrong;
  expect([all.rows, all.wrong]).toEqual([rows.length, wrong.length]);
  for (const figure of ["rows", "wrong", "expected"] as const)
    expect(classes.reduce((sum, one) => sum + one[figure], 0)).toBeCloseTo(all[figure], 6);
  // The same as the estimate of accuracy, which knows the scores by their cells alone.
  const estimated = judged.windows
    .filter(({ start }) => start < "2013-06-04")
    .map(({ answered, estimated }) => answered * (1 - estimated!.metrics.accuracy!));
  const ratio = all.expected / estimated.reduce((sum, count) => sum + count, 0);
  expect(Math.abs(ratio - 1)).toBeLessThan(0.01);
  expect(classes.map(({ class: name, owner, rows: some }) => [name, owner, some])).toEqual([
    ["label.conflict", "runs", 1],
    ["drift.covariate", "builds", rows.length - 1],
  ]);
  const samples = classes.flatMap(({ samples }) => samples);
  expect(samples.length).toBeGreaterThan(2);
  for (const { name, score, decision, label } of samples)
    expect(wrong.find((row) => row.name === name)).toMatchObject({ score, decision, label });
});

test("with a state only new files are read, and the report is the same to the byte", async () => {
  const [state, at] = [inRoot("watch.state"), "2013-06-09T00:00:00Z"];
  const both = ["watch", inRoot("first"), inRoot("second"), "--baton", example, "--at", at, "--json"];
  const plain = await baton(...both);
  const begun = await baton("watch", inRoot("first"), "--baton", example, "--state", state, "--json");
  expect(begun.stderr).toBe("");
  expect((await baton(...both, "--state", state)).stdout).toBe(plain.stdout);
  await writeFile(state, (await readFile(state, "utf8")).slice(0, -100));
  const cut = JSON.parse((await baton(...both, "--state", state)).stdout) as Report;
  expect(cut.findings.find(({ code }) => code === "watch.state-rebuilt")).toMatchObject({
    message: "watch.state was made anew: it was changed or cut.",
  });
  expect(JSON.stringify(cut.windows)).toBe(JSON.stringify((JSON.parse(plain.stdout) as Report).windows));
});

test("with a state and labels that are corrected, come late or are not due, the report is the same to the byte", async () => {
  const [state, labels] = [inRoot("labelled.state"), inRoot("changing.csv")];
  const text = await readFile(inRoot("labels.csv"), "utf8");
  const rows = text.trimEnd().split("\n");
  const flipped = rows[20]!.replace(/,([01])$/, (_, label: string) => `,${1 - Number(label)}`);
  expect(flipped).not.toBe(rows[20]);
  const [few, all] = [[inRoot("first")], [inRoot("first"), inRoot("second")]];
  for (const [folders, lines, at] of [
    [few, rows.slice(0, -50), "2013-06-05T12:00:00Z"],
    [all, rows.slice(0, -50), "2013-06-05T12:00:00Z"],
    [all, rows, "2013-06-05T12:00:00Z"],
    [all, [...rows, flipped], "2013-06-05T12:00:00Z"],
    [all, [...rows, flipped], "2013-06-03T12:00:00Z"],
    [all, [...rows, flipped], "2013-06-09T12:00:00Z"],
  ] as const) {
    await writeFile(labels, `${lines.join("\n")}\n`);
    const asked = ["watch", ...folders, "--baton", example, "--labels", labels, "--at", at, "--json"];
    expect((await baton(...asked, "--state", state)).stdout).toBe((await baton(...asked)).stdout);
  }
});

test("windows of before an instant are left out where it is asked", async () => {
  const { windows, findings } = await watch(
    inRoot("whole"),
    "--since",
    "2013-06-03T06:00:00Z",
    "--at",
    "2013-06-05",
  );
  expect(windows.map(({ start }) => start.slice(0, 10))).toEqual(["2013-06-03", "2013-06-04"]);
  expect(findings.map(({ code }) => code)).not.toContain("watch.nothing-observed");
});

test("people read a table, worst first, with whose clause it is", async () => {
  const { code, stdout } = await baton("watch", inRoot("whole"), "--baton", example);
  expect(code).toBe(1);
  const lines = stdout.split("\n");
  const lineOf = (text: string) => lines.findIndex((line) => line.startsWith(text));
  expect(lines[2]).toBe("Each window is compared with the training data of the same day-of-week.");
  expect(lines[4]).toMatch(/^Fails: /);
  expect(lineOf("  → builds (")).toBeLessThan(lineOf("window "));
  expect(lineOf("features.temperature")).toBeGreaterThan(0);
  expect(lineOf("features.temperature")).toBeLessThan(lineOf("features.carrier"));
  expect(lines[lineOf("features.temperature")]).toMatch(/ builds /);
  expect(lines.find((line) => line.startsWith("2013-06-01") && line.includes("quality of the feed"))).toMatch(
    / open .* features\.destination/,
  );
  expect(lines[lineOf("features.destination")]).toMatch(/ drift 0\.\d\d \(0\.\d\d–0\.\d\d\) unseen /);
});

test("a torn file is said, and nothing observed is not well", async () => {
  const folder = inRoot("spoilt");
  await mkdir(folder);
  await writeFile(join(folder, "torn.counters.json"), '{"format_version":1');
  const { code, stdout } = await baton("watch", folder, "--baton", example);
  expect(code).toBe(1);
  expect(stdout).toContain("watch.file-unreadable");
  expect(stdout).toContain("watch.nothing-observed");
});
