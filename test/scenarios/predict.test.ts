import { existsSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { afterAll, beforeAll, expect, it } from "vitest";
import { type SmallBaton, smallBaton } from "../support/small-baton.ts";
import { smallProbability } from "../support/small-hand-off.ts";

let small: SmallBaton;
beforeAll(async () => {
  small = await smallBaton();
});
afterAll(() => small?.discard());

const flags = ["--allow-unaccepted"];
const predict = (input: string, output: string, ...more: string[]) =>
  small.run("predict", small.file, input, output, ...flags, ...more);
const path = (name: string) => join(small.root, name);

/** Rows of a file, as DuckDB reads it without any of our code. */
async function rowsOf(file: string): Promise<Record<string, unknown>[]> {
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  try {
    const reader = await connection.runAndReadAll(`SELECT * FROM '${path(file)}'`);
    return reader.getRowObjectsJS();
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

it("answers each row of a CSV file in its place, says why others got no answer, and ends with 1 for them", async () => {
  await writeFile(
    path("in.csv"),
    `flight_id,hour,origin,wind_speed,remark
a,17,JFK,20.5,
b,17,JFK,,wind is missing
c,17,XXX,10,unknown airport
d,25,LGA,10,no such hour
e,,LGA,10,hour is missing
f,6,LGA,50,beyond what is expected
g,17,,10,airport is missing
h,17,"EWR",1e1,quoted
`,
  );
  const ran = await predict("in.csv", "out.csv");
  expect(ran.exitCode).toBe(1);
  expect(ran.stdout).toContain("8 rows, 4 answered, 1 of them with warnings");
  const rows = await rowsOf("out.csv");
  expect(rows.map(({ flight_id }) => flight_id)).toEqual(["a", "b", "c", "d", "e", "f", "g", "h"]);
  expect(rows.map(({ rejected_by }) => rejected_by)).toEqual([
    null,
    null,
    "features.origin",
    "features.hour",
    "features.hour",
    null,
    "features.origin",
    null,
  ]);
  const expected = [
    smallProbability({ origin: "JFK", wind: 20.5, hour: 17 }),
    smallProbability({ origin: "JFK", hour: 17 }),
    null,
    null,
    null,
    smallProbability({ origin: "LGA", wind: 50, hour: 6 }),
    null,
    smallProbability({ origin: "EWR", wind: 10, hour: 17 }),
  ];
  for (const [row, probability] of expected.entries()) {
    const { late_probability, decision, reason } = rows[row]!;
    if (probability === null) {
      expect([row, late_probability, decision]).toEqual([row, null, null]);
      expect([row, reason]).toEqual([row, expect.stringMatching(/\w/)]);
    } else {
      expect(late_probability, `row ${row}`).toBeCloseTo(probability, 6);
      expect([row, decision, reason]).toEqual([row, probability >= 0.5, null]);
    }
  }
  expect(rows[5]?.warnings).toBe("features.wind_speed");

  const { stdout } = await predict("in.csv", "again.csv", "--json");
  expect(JSON.parse(stdout)).toMatchObject({
    passed: false,
    rows: 8,
    answered: 4,
    warned: 1,
    rejected: { "features.hour": 2, "features.origin": 2 },
  });
  expect(await readFile(path("again.csv"), "utf8")).toBe(await readFile(path("out.csv"), "utf8"));
});

it("gives the same answers from Parquet to Parquet, with the types of the contract", async () => {
  const input = join(small.folder, "data/joint.parquet");
  expect(await predict(input, "out.parquet")).toMatchObject({ exitCode: 0 });
  expect(await predict(input, "joint.csv")).toMatchObject({ exitCode: 0 });
  const [rows, text, given] = [
    await rowsOf("out.parquet"),
    await rowsOf("joint.csv"),
    await rowsOf("builder/data/joint.parquet"),
  ];
  expect(rows.length).toBe(500);
  expect(rows.map(({ flight_id }) => flight_id)).toEqual(given.map(({ flight_id }) => flight_id));
  for (const [at, row] of rows.entries()) {
    const { origin, wind_speed, hour } = given[at]!;
    const features = { origin: origin as "JFK", hour: Number(hour) };
    const probability = smallProbability(
      wind_speed === null ? features : { ...features, wind: Number(wind_speed) },
    );
    expect(row.late_probability, `row ${at}`).toBeCloseTo(probability, 6);
    expect(text[at]?.late_probability).toBeCloseTo(Number(row.late_probability), 7);
  }
  const { columnTypes } = await describe("out.parquet");
  expect(columnTypes).toEqual({
    flight_id: "VARCHAR",
    late_probability: "FLOAT",
    decision: "BOOLEAN",
    rejected_by: "VARCHAR",
    reason: "VARCHAR",
    warnings: "VARCHAR",
  });
});

async function describe(file: string): Promise<{ columnTypes: Record<string, string> }> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    const reader = await connection.runAndReadAll(`DESCRIBE SELECT * FROM '${path(file)}'`);
    const rows = reader.getRowObjectsJS();
    return {
      columnTypes: Object.fromEntries(rows.map((row) => [String(row.column_name), String(row.column_type)])),
    };
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

it("takes a file without a column that may be missing, and refuses one without a column that may not", async () => {
  await writeFile(path("no-wind.csv"), "hour,origin\n17,JFK\n");
  expect(await predict("no-wind.csv", "no-wind-out.csv")).toMatchObject({ exitCode: 0 });
  expect((await rowsOf("no-wind-out.csv"))[0]?.late_probability).toBeCloseTo(
    smallProbability({ origin: "JFK", hour: 17 }),
    6,
  );
  await writeFile(path("no-hour.csv"), "origin,wind_speed\nJFK,3\n");
  const ran = await predict("no-hour.csv", "no-hour-out.csv");
  expect(ran).toMatchObject({ exitCode: 2, stdout: "" });
  expect(ran.stderr).toContain('The file has no column "hour".');
  expect(existsSync(path("no-hour-out.csv"))).toBe(false);
});

it.each([
  ["text where a number is wanted", "hour,origin,wind_speed\n17,JFK,strong\n", /wind_speed.*row 1/],
  ["a fraction where a whole number is wanted", "hour,origin\n17,JFK\n17.5,JFK\n", /hour.*row 2/],
  ["no header", "", /\w/],
  ["rows of different length", "hour,origin\n17\n", /\w/],
])("names the place of %s, and leaves no half file", async (what, content, place) => {
  const name = what.replaceAll(" ", "-");
  await writeFile(path(`${name}.csv`), content);
  const ran = await predict(`${name}.csv`, `${name}-out.csv`);
  expect([ran.exitCode, ran.stdout]).toEqual([2, ""]);
  expect(ran.stderr).toMatch(place);
  expect(existsSync(path(`${name}-out.csv`))).toBe(false);
});

it("writes a header alone for a file without rows", async () => {
  await writeFile(path("none.csv"), "hour,origin\n");
  expect(await predict("none.csv", "none-out.csv")).toMatchObject({ exitCode: 0 });
  expect(await readFile(path("none-out.csv"), "utf8")).toBe(
    "late_probability,decision,rejected_by,reason,warnings\n",
  );
});

it("does not write the answers over the rows", async () => {
  await writeFile(path("same.csv"), "hour,origin\n17,JFK\n");
  expect(await predict("same.csv", "./same.csv")).toMatchObject({ exitCode: 2, stdout: "" });
  expect(await readFile(path("same.csv"), "utf8")).toBe("hour,origin\n17,JFK\n");
});
