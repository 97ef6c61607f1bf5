import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type Duckdb, openDuckdb } from "./index.ts";
import { testFiles } from "./test-files.ts";

const files = testFiles();
let duckdb: Duckdb;
beforeAll(async () => {
  duckdb = await openDuckdb();
});
afterAll(() => {
  duckdb.close();
  files.remove();
});

describe("facts of a file's columns", () => {
  it("say what CSV text is; codes with leading zeros stay strings", async () => {
    const path = files.csv(
      "facts.csv",
      "code,n,x,flag,when,blank,big\n007,1,1.5,true,2013-01-01,,9007199254740993\n010,2,nan,false,2013-01-02,,1\n010,,-inf,,,,1\n",
    );
    const facts = await duckdb.columnFacts(path);
    expect(facts.map(({ name, type }) => [name, type])).toEqual([
      ["code", "string"],
      ["n", "int64"],
      ["x", "float64"],
      ["flag", "boolean"],
      ["when", "string"],
      ["blank", "string"],
      ["big", "int64"],
    ]);
    expect(facts[0]).toMatchObject({
      rows: 3,
      missing: 0,
      distinct: 2,
      top: [{ value: "010", count: 2 }, { value: "007" }],
    });
    expect(facts[1]).toMatchObject({ rows: 3, missing: 1, min: 1, max: 2 });
    expect(facts[2]).toMatchObject({ notANumber: 1, distinct: 3, min: 1.5, max: 1.5 });
    expect(facts[5]).toMatchObject({ missing: 3, distinct: 0, top: [] });
    expect(facts[6]).toMatchObject({ min: 1, max: "9007199254740993" });
  });

  it("take Parquet's types, times as text, and leave out what no table holds", async () => {
    const path = await files.parquet(
      "facts.parquet",
      "SELECT 1.5::FLOAT AS f, TIMESTAMPTZ '2013-01-01 00:00:00+00' AS t, [1] AS l, 3::DECIMAL(9,2) AS d UNION ALL SELECT NULL, NULL, NULL, NULL",
    );
    const facts = await duckdb.columnFacts(path);
    expect(facts.map(({ type, missing }) => [type, missing])).toEqual([
      ["float32", 1],
      ["string", 1],
      [undefined, 1],
      ["float64", 1],
    ]);
    expect(facts[1]).toMatchObject({ min: "2013-01-01T00:00:00Z", sourceType: "TIMESTAMP WITH TIME ZONE" });
    expect(facts[3]).toMatchObject({ min: 3, max: 3 });
  });

  it("of an empty file are zeros", async () => {
    const facts = await duckdb.columnFacts(files.csv("empty.csv", "a,b\n"));
    expect(facts).toMatchObject([{ rows: 0, missing: 0, distinct: 0 }, { rows: 0 }]);
  });
});

describe("a query", () => {
  it("sees files as tables, typed as asked", async () => {
    const left = files.csv("left.csv", "id,x\n1,2.5\n2,\n");
    const right = await files.parquet("right.parquet", "SELECT 2 AS id, 9007199254740993 AS big");
    const rows = await duckdb.query({
      sql: "SELECT l.id, x, big, $1 AS given FROM l LEFT JOIN r USING (id) ORDER BY l.id",
      files: {
        l: {
          path: left,
          columns: [
            { column: "id", name: "id", type: "int32" },
            { column: "x", name: "x", type: "float64" },
          ],
        },
        r: right,
      },
      values: ["it's"],
    });
    expect(rows).toEqual([
      { id: 1, x: 2.5, big: null, given: "it's" },
      { id: 2, x: null, big: 9007199254740993n, given: "it's" },
    ]);
  });

  it.each(["DROP TABLE x", "SELECT 1; SELECT 2", "CREATE TABLE x AS SELECT 1", "SET threads = 8"])(
    "does nothing but select: %s",
    async (sql) => {
      await expect(duckdb.query({ sql, files: {} })).rejects.toThrow();
    },
  );

  it("can change no setting of the sandbox and load nothing", async () => {
    await expect(
      duckdb.query({ sql: "SELECT 1 FROM read_csv('https://127.0.0.1:9/x.csv')", files: {} }),
    ).rejects.toThrow();
    const [row] = await duckdb.query({
      sql: "SELECT current_setting('autoinstall_known_extensions') AS a, current_setting('autoload_known_extensions') AS b, current_setting('lock_configuration') AS c, current_setting('threads') AS d",
      files: {},
    });
    expect(row).toEqual({ a: false, b: false, c: true, d: 2n });
  });
});
