import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { ElementType, Table } from "../../contract/index.ts";
import { BatonError } from "../../kernel/index.ts";
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

type Wanted = Record<string, ElementType>;
const ask = (wanted: Wanted) =>
  Object.entries(wanted).map(([column, type]) => ({ column, name: column, type }));

async function tablesOf(path: string, wanted: Wanted, batchRows?: number): Promise<Table[]> {
  const tables: Table[] = [];
  for await (const table of duckdb.readTables(path, { columns: ask(wanted), batchRows })) tables.push(table);
  return tables;
}

async function columnOf(path: string, column: string, type: ElementType) {
  const [table] = await tablesOf(path, { [column]: type });
  const { values, missing } = table!.columns.get(column)!;
  return Array.from(values as ArrayLike<unknown>, (value, row) => (missing?.[row] ? null : value));
}

const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (thrown: unknown) => (thrown instanceof BatonError ? thrown : undefined),
  );

describe("reading Parquet", () => {
  it("keeps every digit of int64, and tells missing from not-a-number", async () => {
    const path = await files.parquet(
      "types.parquet",
      `SELECT * FROM (VALUES
        (9223372036854775807, 1.5::FLOAT, 'NaN'::DOUBLE, true, 'é', 1::TINYINT),
        (-9007199254740993, NULL, -0.0::DOUBLE, NULL, NULL, NULL)) t(a, b, c, d, e, f)`,
    );
    const [table] = await tablesOf(path, {
      a: "int64",
      b: "float32",
      c: "float64",
      d: "boolean",
      e: "string",
      f: "int32",
    });
    const column = (name: string) => table!.columns.get(name)!;
    expect(column("a").values).toEqual(BigInt64Array.of(9223372036854775807n, -9007199254740993n));
    expect(column("a").missing).toBeUndefined();
    expect(column("b").values).toEqual(Float32Array.of(1.5, Number.NaN));
    expect(column("b").missing).toEqual(Uint8Array.of(0, 1));
    expect(column("c").values).toEqual(Float64Array.of(Number.NaN, -0));
    expect(column("c").missing).toBeUndefined();
    expect(column("d").values).toEqual(Uint8Array.of(1, 0));
    expect(column("e").values).toEqual(["é", ""]);
    expect(column("e").missing).toEqual(Uint8Array.of(0, 1));
    expect(column("f").values).toEqual(Int32Array.of(1, 0));
  });

  it("gives tables of the asked size in the file's order", async () => {
    const path = await files.parquet("order.parquet", "SELECT range AS i FROM range(10001)");
    const tables = await tablesOf(path, { i: "int64" }, 3000);
    expect(tables.map((table) => table.rows)).toEqual([3000, 3000, 3000, 1001]);
    const all = tables.flatMap((table) => Array.from(table.columns.get("i")!.values as BigInt64Array));
    expect(all.every((value, row) => value === BigInt(row))).toBe(true);
  });

  it("reads names with quotes, dots, reserved words and other alphabets", async () => {
    const path = await files.parquet(
      "names.parquet",
      `SELECT 1 AS "a""b", 2 AS "raw.x", 3 AS "select", 4 AS "ветер"`,
    );
    const [table] = await tablesOf(path, {
      'a"b': "int32",
      "raw.x": "int32",
      select: "int32",
      ветер: "int32",
    });
    expect([...table!.columns.values()].map(({ values }) => values[0])).toEqual([1, 2, 3, 4]);
  });

  it("writes times as ISO 8601, in UTC where they have a zone, or as milliseconds", async () => {
    const path = await files.parquet(
      "times.parquet",
      `SELECT TIMESTAMP '2013-01-01 05:10:00.25' AS t, DATE '2013-05-01' AS d, TIMESTAMPTZ '2013-01-01 05:00:00+02' AS z`,
    );
    expect(await columnOf(path, "t", "string")).toEqual(["2013-01-01T05:10:00.25"]);
    expect(await columnOf(path, "d", "string")).toEqual(["2013-05-01"]);
    expect(await columnOf(path, "z", "string")).toEqual(["2013-01-01T03:00:00Z"]);
    expect(await columnOf(path, "t", "int64")).toEqual([BigInt(Date.UTC(2013, 0, 1, 5, 10, 0, 250))]);
    expect(await columnOf(path, "d", "float64")).toEqual([Date.UTC(2013, 4, 1)]);
  });

  it("takes a path for one file even where it looks like a pattern", async () => {
    await files.parquet("other.parquet", "SELECT 1 AS x");
    const odd = await files.parquet("o'th[e]r*?.parquet", "SELECT 7 AS x");
    expect(await columnOf(odd, "x", "int32")).toEqual([7]);
    const pattern = await refusal(tablesOf(`${files.folder}/*.parquet`, { x: "int32" }));
    expect(pattern?.code).toBe("file-missing");
  });

  it("does not read columns out of folder names", async () => {
    const { mkdirSync } = await import("node:fs");
    mkdirSync(`${files.folder}/year=2013`);
    const path = await files.parquet("year=2013/x.parquet", "SELECT 1 AS x");
    expect((await duckdb.schema(path)).map(({ name }) => name)).toEqual(["x"]);
  });

  it.each<[string, ElementType]>([
    ["1.5::DOUBLE", "int32"],
    ["'NaN'::DOUBLE", "int64"],
    ["3000000000", "int32"],
    ["2::INTEGER", "boolean"],
    ["1e39::DOUBLE", "float32"],
    ["'x'", "float64"],
    ["'1.0'", "int64"],
    ["'yes'", "boolean"],
    ["18446744073709551615::UBIGINT", "int64"],
  ])("names column and row where %s is not %s", async (value, type) => {
    const path = await files.parquet(
      "bad.parquet",
      `SELECT CASE WHEN range = 2500 THEN ${value} ELSE ${value.startsWith("'") && !value.includes("::") ? "'1'" : 1} END AS "the x" FROM range(5000)`,
    );
    const error = await refusal(tablesOf(path, { "the x": type }));
    expect(error?.code).toBe("data-unreadable");
    expect(error?.message).toContain('column "the x"');
    expect(error?.message).toContain("row 2501");
  });

  it("says which columns are not there, and minds upper and lower case", async () => {
    const path = await files.parquet("case.parquet", "SELECT 1 AS Carrier");
    const error = await refusal(tablesOf(path, { carrier: "int32" }));
    expect(error?.message).toContain('no column "carrier". It has: Carrier');
  });

  it("refuses what no table holds", async () => {
    const path = await files.parquet("nested.parquet", "SELECT {'a': 1} AS s, 'x'::BLOB AS b");
    expect((await refusal(tablesOf(path, { s: "string" })))?.code).toBe("data-unreadable");
    expect((await refusal(tablesOf(path, { b: "string" })))?.code).toBe("data-unreadable");
    expect((await duckdb.schema(path)).map(({ type }) => type)).toEqual([undefined, undefined]);
  });
});

describe("reading CSV", () => {
  it("leaves strings as they stand and numbers as they are typed", async () => {
    const path = files.csv("plain.csv", '\uFEFFcode,"n ""x""",f\r\n007,1,1e-3\r\n,,NaN\r\n"",-2,\r\n');
    expect(await columnOf(path, "code", "string")).toEqual(["007", null, ""]);
    expect(await columnOf(path, 'n "x"', "int64")).toEqual([1n, null, -2n]);
    expect(await columnOf(path, "f", "float64")).toEqual([0.001, Number.NaN, null]);
    expect(await duckdb.rowCount(path)).toBe(3);
  });

  it("finds the delimiter in the header alone", async () => {
    const path = files.csv("semicolons.csv", "a;b\n1,5;2\n");
    expect(await columnOf(path, "a", "string")).toEqual(["1,5"]);
  });

  it.each([
    ["a,b\n1,2\n3,4,5\n", "line 3"],
    ["a,b\n1,2\n3\n", "line 3"],
    ['a,b\n1,"2\n', "line 2"],
    ["a,a\n1,2\n", "twice"],
    ["a,A\n1,2\n", "twice"],
    ["a,,c\n1,2,3\n", "column 2"],
    ["", "header line is empty"],
  ])("loses no row quietly: %j", async (text, part) => {
    const path = files.csv("broken.csv", text);
    const error = await refusal(tablesOf(path, { a: "string" }));
    expect(error?.code).toBe("data-unreadable");
    expect(error?.message).toContain(part);
  });

  it("does not print the row that broke", async () => {
    const path = files.csv("private.csv", "a,b\n1,2\nsecret person,4,5\n");
    expect((await refusal(tablesOf(path, { a: "string" })))?.message).not.toContain("person");
  });

  it.each(["0x10", "1_000", "1.5", "1e3", "12a"])("does not take %s for a whole number", async (text) => {
    const path = files.csv("whole.csv", `n\n1\n${text}\n`);
    expect((await refusal(tablesOf(path, { n: "int64" })))?.message).toContain("row 2");
  });
});

describe("what is not a table", () => {
  it.each([
    ["x.parquet", "a,b\n1,2\n", "is not Parquet"],
    ["cut.parquet", "PAR1 and no end", "No magic bytes"],
    ["y.parquet", "version https://git-lfs.github.com/spec/v1\noid sha256:00\n", "Git LFS pointer"],
    ["z.csv", new Uint8Array([1, 0, 2, 0]), "neither"],
    ["cut.parquet", "PAR1 and no more", "cannot be read as a table"],
  ])("%s is refused", async (name, bytes, part) => {
    const error = await refusal(duckdb.schema(files.csv(name, bytes)));
    expect(error?.code).toBe("data-unreadable");
    expect(error?.message).toContain(part);
    expect(error?.message).not.toContain("\n");
  });

  it.each(["https://example.org/x.parquet", "s3://bucket/x.csv", "nothing.csv"])(
    "%s is not there",
    async (path) => {
      expect((await refusal(duckdb.schema(path)))?.code).toBe("file-missing");
    },
  );

  it("a folder is refused", async () => {
    expect((await refusal(duckdb.schema(files.folder)))?.code).toBe("file-unusable");
  });
});
