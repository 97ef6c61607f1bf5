import { existsSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Table } from "../../contract/index.ts";
import { BatonError } from "../../kernel/index.ts";
import { type Duckdb, openDuckdb } from "./index.ts";
import { testFiles } from "./test-files.ts";

const files = testFiles();
let duckdb: Duckdb;
let golden: string;
beforeAll(async () => {
  duckdb = await openDuckdb();
  golden = await files.parquet(
    "golden.parquet",
    `SELECT * FROM (VALUES (1, TIMESTAMP '2013-01-01 05:10:00', 'a', 10), (NULL, NULL, 'b', 20))
      t("raw.wind", "raw.time", "raw.it's ""x""", "features.wind")`,
  );
});
afterAll(() => {
  duckdb.close();
  files.remove();
});

const run = async (sql: string) =>
  (await duckdb.runTransforms(golden, [{ feature: "f", sql }])).columns.get("f")!;
const refused = (sql: string) =>
  run(sql).then(
    () => undefined,
    (thrown: unknown) => (thrown instanceof BatonError ? thrown : undefined),
  );

describe("a transform", () => {
  it("computes a feature from raw columns under their bare names, in the rows' order", async () => {
    expect(await run("coalesce(wind, 0) * 2.5 -- with a comment")).toEqual({
      type: "float64",
      shape: [],
      values: Float64Array.of(2.5, 0),
    });
    expect(await run("wind + 1")).toMatchObject({
      values: Int32Array.of(2, 0),
      missing: Uint8Array.of(0, 1),
    });
    expect((await run("hour(time)")).values[0]).toBe(5n);
    expect((await run('upper("it\'s ""x""") || \'-\'')).values).toEqual(["A-", "B-"]);
    expect((await run("raw.wind IS NULL")).values).toEqual(Uint8Array.of(0, 1));
    expect((await run("CASE WHEN wind BETWEEN 0 AND 3 THEN 'low' ELSE 'high' END")).values).toEqual([
      "low",
      "high",
    ]);
    expect((await run("list_sum(list_transform([1, 2], lambda x: x * 2)) + nullif(wind, 5)")).values[0]).toBe(
      7n,
    );
    expect((await run("NULL")).missing).toEqual(Uint8Array.of(1, 1));
  });

  it.each([
    ["CAST('it is Smith to SMITH.' || time AS FLOAT)", "FLOAT"],
    ["CAST('Smith' || wind AS TIMESTAMP)", ""],
    ["CAST(9000 + wind AS TINYINT)", ""],
    ["strptime('Smith' || wind, '%Y')", ""],
  ])("says of %s which value does not fit by its type, never by the value", async (sql, type) => {
    const message = (await refused(sql))?.message ?? "";
    expect(message).toContain('The transform of "f" cannot be run');
    expect(message).toContain(type);
    expect(message).not.toMatch(/smith|900/i);
  });

  it.each([
    "SELECT 1",
    "(SELECT max(wind) FROM raw)",
    "wind; DROP TABLE raw",
    "wind) FROM raw; SELECT (1",
    "wind) FROM raw WHERE (wind > 1",
    "wind), (wind",
    "1) FROM raw UNION SELECT (2",
    "wind IN (SELECT 1)",
    "EXISTS (SELECT 1)",
    "sum(wind)",
    "row_number() OVER ()",
    "lag(wind) OVER (ORDER BY wind)",
    "random()",
    "now()",
    "current_timestamp",
    "current_user",
    "user",
    "today()",
    "ago(interval 1 day)",
    "uuid()",
    "nextval('s')",
    "current_setting('memory_limit')",
    "getvariable('x')",
    "version()",
    "pg_get_viewdef(1)",
    "*",
    "COLUMNS(*)",
    "$1",
    "?",
    "unnest([1, 2])",
    "read_text('/etc/passwd')",
    "wind)--",
    "wind))",
    "",
    "no_such_column + 1",
    "no_such_function(wind)",
    "error('x')",
    "wind + 'a'",
    `'${"x".repeat(11_000)}'`,
  ])("%s is refused with the feature's name", async (sql) => {
    const error = await refused(sql);
    expect(error?.code).toBe("configuration-invalid");
    expect(error?.message).toContain('transform of "f"');
    expect(error?.message).not.toContain("\n");
  });

  it("reaches no file, whatever it tries", async () => {
    const target = join(files.folder, "leak.csv");
    for (const sql of [`(COPY raw TO '${target}')`, `1); COPY raw TO '${target}'; SELECT (1`])
      await refused(sql);
    expect(existsSync(target)).toBe(false);
  });

  it("runs on tables too, missing values and all", async () => {
    const raw: Table = {
      rows: 2,
      columns: new Map([
        [
          "n",
          { type: "int64", shape: [], values: BigInt64Array.of(1n << 62n, 0n), missing: Uint8Array.of(0, 1) },
        ],
        ["s", { type: "string", shape: [], values: ["x", "y"] }],
      ]),
    };
    const made = await duckdb.transform(raw, [
      { feature: "a", sql: "n - 1" },
      { feature: "b", sql: "s || s" },
    ]);
    expect(made.columns.get("a")).toMatchObject({
      type: "int64",
      values: BigInt64Array.of((1n << 62n) - 1n, 0n),
    });
    expect(made.columns.get("b")?.values).toEqual(["xx", "yy"]);
  });

  it("needs the raw layer", async () => {
    const path = await files.parquet("flat.parquet", 'SELECT 1 AS "features.x"');
    await expect(duckdb.runTransforms(path, [{ feature: "x", sql: "1" }])).rejects.toThrow("no column raw.");
  });
});
