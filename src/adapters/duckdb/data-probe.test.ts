import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Feature } from "../../contract/index.ts";
import type { DataProblem, TableFacts, TableQuestion } from "../../evidence/index.ts";
import { type DuckdbProbe, openDataProbe } from "./data-probe.ts";
import { testFiles } from "./test-files.ts";

const files = testFiles();
let probe: DuckdbProbe;

beforeAll(async () => {
  probe = await openDataProbe(files.folder);
});

afterAll(() => {
  probe.close();
  files.remove();
});

const feature = (name: string, type: Feature["type"], more: Partial<Feature> = {}): Feature => ({
  name,
  type,
  shape: [],
  unknown: "reject",
  missing: "reject",
  sensitive: false,
  ...more,
});

const features: readonly Feature[] = [
  feature("origin", "string", { values: ["EWR", "JF'K"] }),
  feature("wind", "float32", { range: [0, 0.1], expected: [0, 0.05], missing: "allowed" }),
  feature("seats", "int64", { range: [1, 900], values: ["1", "2", "3"] }),
];

const question = (path: string, more: Partial<TableQuestion> = {}): TableQuestion => ({
  path,
  features,
  prefix: "",
  label: "late",
  task: "binary-classification",
  key: "id",
  time: "at",
  separation: true,
  groups: ["origin"],
  extremes: [],
  ...more,
});

async function parquet(name: string, select: string): Promise<string> {
  await files.parquet(name, select);
  return name;
}

function facts(answer: TableFacts | DataProblem): TableFacts {
  if ("problem" in answer) throw new Error(answer.detail);
  return answer;
}

const rows = (...lines: string[]) =>
  `SELECT * FROM (VALUES ${lines.join(", ")}) AS t(id, "at", origin, wind, seats, late)`;
const row = (id: number, origin: string, wind: string, seats: string, late: string) =>
  `('${id}', TIMESTAMP '2013-05-0${id} 12:00:00', ${origin}, ${wind}::FLOAT, ${seats}::BIGINT, ${late})`;

describe("a probe of a Parquet file", () => {
  it("finds nothing in values that keep the contract, the rounded bound of a float32 included", async () => {
    const path = await parquet(
      "clean.parquet",
      rows(
        row(1, "'EWR'", "0.05", "1", "true"),
        row(2, "'JF''K'", "NULL", "2", "false"),
        row(3, "'EWR'", "0", "3", "false"),
      ),
    );
    const {
      rows: count,
      features: seen,
      label,
      key,
      time,
      groups,
    } = facts(await probe.table(question(path)));
    expect(count).toBe(3);
    for (const [name, { separation, ...values }] of seen) {
      const missing = name === "wind" ? 1 : 0;
      expect(values.missing.count).toBe(missing);
      expect([
        values.unconvertible,
        values.outOfRange,
        values.outsideExpected,
        values.unknownCategory,
      ]).toEqual(Array.from({ length: 4 }, () => ({ count: 0 })));
      expect(separation).toBeDefined();
    }
    expect(label).toEqual({ missing: 0, positive: 1, negative: 2, other: { count: 0 } });
    expect(key).toEqual({ distinct: 3, missing: 0 });
    expect(time).toEqual({ first: "2013-05-01T12:00:00.000Z", last: "2013-05-03T12:00:00.000Z" });
    expect(groups.get("origin")).toEqual([
      { value: "EWR", rows: 2 },
      { value: "JF'K", rows: 1 },
    ]);
  });

  it("counts what breaks and names the first row of it", async () => {
    const path = await parquet(
      "broken.parquet",
      rows(
        row(1, "'EWR'", "0.1", "1", "true"),
        row(2, "'LGA'", "0.2", "7", "false"),
        row(3, "NULL", "'nan'", "1000", "false"),
        row(4, "'EWR'", "'inf'", "NULL", "true"),
      ),
    );
    const seen = facts(await probe.table(question(path))).features;
    expect(seen.get("origin")).toMatchObject({
      missing: { count: 1, row: 2 },
      unknownCategory: { count: 1, row: 1, value: "LGA" },
    });
    expect(seen.get("wind")).toMatchObject({
      missing: { count: 1 },
      unconvertible: { count: 1, row: 3 },
      outOfRange: { count: 1, row: 1, value: "0.2" },
      outsideExpected: { count: 2, row: 0 },
    });
    expect(seen.get("seats")).toMatchObject({
      missing: { count: 1, row: 3 },
      outOfRange: { count: 1, row: 2, value: "1000" },
      unknownCategory: { count: 2, row: 1, value: "7" },
    });
  });

  it("sees NaN and infinity where no bounds ask for them", async () => {
    const free = [feature("nan", "float64"), feature("inf", "float32"), feature("low", "float64")];
    const path = await parquet(
      "free.parquet",
      "SELECT * FROM (VALUES (1.0, 2.0::FLOAT, 3.0), ('nan'::DOUBLE, 'inf'::FLOAT, '-inf'::DOUBLE)) AS t(nan, inf, low)",
    );
    const seen = facts(await probe.table(question(path, { features: free }))).features;
    expect(seen.get("nan")).toMatchObject({ missing: { count: 1, row: 1 }, unconvertible: { count: 0 } });
    expect(seen.get("inf")).toMatchObject({ missing: { count: 0 }, unconvertible: { count: 1, row: 1 } });
    expect(seen.get("low")).toMatchObject({ missing: { count: 0 }, unconvertible: { count: 1, row: 1 } });
  });

  it("counts pairs as the ROC AUC does, ties as one half", async () => {
    const path = await parquet(
      "pairs.parquet",
      `SELECT i::VARCHAR AS id, now() AS at, 'EWR' AS origin, CASE WHEN i % 7 = 0 THEN NULL ELSE (i % 5)::FLOAT END AS wind,
         1::BIGINT AS seats, (i % 3 = 0)::INTEGER AS late FROM range(210) AS r(i)`,
    );
    const told = facts(await probe.table(question(path))).features.get("wind")?.separation;
    const all = Array.from({ length: 210 }, (_, i) => ({
      value: i % 7 === 0 ? undefined : i % 5,
      late: i % 3 === 0,
    }));
    let pairs = 0;
    for (const p of all.filter(({ late, value }) => late && value !== undefined))
      for (const n of all.filter(({ late, value }) => !late && value !== undefined))
        pairs += p.value! > n.value! ? 1 : p.value === n.value ? 0.5 : 0;
    const missing = all.filter(({ value }) => value === undefined);
    expect(told).toEqual({
      pairs,
      present: { positive: 60, negative: 120 },
      missing: {
        positive: missing.filter(({ late }) => late).length,
        negative: missing.filter(({ late }) => !late).length,
      },
      distinct: 5,
      pureRows: 0,
    });
  });

  it("compares a numeric label with each feature", async () => {
    const path = await parquet(
      "regression.parquet",
      `SELECT i::VARCHAR AS id, now() AS at, 'EWR' AS origin, (i * 2)::FLOAT AS wind, i::BIGINT AS seats, i::DOUBLE AS late FROM range(50) AS r(i)`,
    );
    const seen = facts(await probe.table(question(path, { task: "regression" }))).features;
    expect(seen.get("seats")).toMatchObject({ equalsLabel: 50 });
    expect(seen.get("wind")?.equalsLabel).toBe(1);
    expect(seen.get("wind")?.correlation).toBeCloseTo(1, 9);
  });

  it("leaves out columns of a kind that cannot become the feature", async () => {
    const path = await parquet(
      "kinds.parquet",
      "SELECT '1' AS id, 1.5::DOUBLE AS origin, '0.1' AS wind, 2.5::DOUBLE AS seats, 'maybe' AS late, 7 AS at",
    );
    const answer = facts(await probe.table(question(path)));
    expect([...answer.features.keys()]).toEqual(["seats"]);
    expect(answer.features.get("seats")?.unconvertible).toEqual({ count: 1, row: 0 });
    expect(answer.label).toMatchObject({ other: { count: 1, row: 0 } });
    expect(answer.time).toBeUndefined();
    expect(answer.columns.map(({ kind }) => kind)).toEqual([
      "text",
      "float",
      "text",
      "float",
      "text",
      "integer",
    ]);
  });
});

describe("a probe of a CSV file", () => {
  it("reads numbers, times and the label from text", async () => {
    files.csv(
      "data.csv",
      "id,at,origin,wind,seats,late\n1,2013-05-01T12:00:00Z,EWR,0.04,1,1\n2,2013-05-02 12:00:00,EWR,,2,0\n3,2013-05-03,EWR,0.01,2.5,true\n",
    );
    const answer = facts(await probe.table(question("data.csv")));
    expect(answer.label).toEqual({ missing: 0, positive: 2, negative: 1, other: { count: 0 } });
    expect(answer.features.get("wind")?.missing).toEqual({ count: 1 });
    expect(answer.features.get("seats")?.unconvertible).toEqual({ count: 1, row: 2 });
    expect(answer.time).toEqual({ first: "2013-05-01T12:00:00.000Z", last: "2013-05-03T00:00:00.000Z" });
  });
});

describe("a file that is none", () => {
  it.each([
    ["absent.parquet", undefined, "missing"],
    ["cut.parquet", "PAR1 and then nothing", "unreadable"],
    ["pointer.parquet", "version https://git-lfs.github.com/spec/v1\n", "unreadable"],
    ["odd.csv", "a,a\n1,2\n", "unreadable"],
    ["bad.csv", 'a,b\n1,"2\n', "unreadable"],
  ])("%s is a problem, and its folder is not told", async (name, text, problem) => {
    if (text !== undefined) files.csv(name, text);
    const answer = await probe.table(question(name));
    expect(answer).toMatchObject({ problem });
    expect(JSON.stringify(answer)).not.toContain(files.folder);
  });
});

describe("an overlap of two files", () => {
  const overlap = (joint: string) =>
    probe.overlap({ training: "train.parquet", joint, key: "id", features, label: "late" });
  const select = (from: number, to: number, id: string) =>
    `SELECT ${id} AS id, 'EWR' AS origin, (i / 1000.0)::FLOAT AS wind, i::BIGINT AS seats, (i % 2 = 0) AS late FROM range(${from}, ${to}) AS r(i)`;

  it("finds shared keys, and shared rows under other keys", async () => {
    await parquet("train.parquet", select(0, 100, "'k' || i"));
    await parquet("apart.parquet", select(100, 150, "'k' || i"));
    await parquet("keys.parquet", select(98, 150, "'k' || i"));
    await parquet("renamed.parquet", select(90, 150, "'new' || i"));
    expect(await overlap("apart.parquet")).toEqual({ byKey: { count: 0 }, byContent: 0, trainingRepeats: 0 });
    expect(await overlap("keys.parquet")).toEqual({
      byKey: { count: 2, row: 0, value: "k98" },
      byContent: 2,
      trainingRepeats: 0,
    });
    expect(await overlap("renamed.parquet")).toMatchObject({ byKey: { count: 0 }, byContent: 10 });
  });
});
