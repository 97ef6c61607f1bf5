import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { canonicalJson } from "../../kernel/index.ts";
import { tableOf, testColumns, testRows } from "../../profile/generated-tables.ts";
import {
  countSource,
  countTable,
  emptyCounters,
  type ProfileColumn,
  profileTable,
  tableSource,
} from "../../profile/index.ts";
import { type Duckdb, openDuckdb } from "./index.ts";
import { testFiles } from "./test-files.ts";

const files = testFiles();
let two: Duckdb;
let one: Duckdb;
beforeAll(async () => {
  [two, one] = [await openDuckdb(), await openDuckdb({ threads: 1 })];
});
afterAll(() => {
  two.close();
  one.close();
  files.remove();
});

const options = { quantiles: 4, categories: 3 };

async function profileFile(duckdb: Duckdb, path: string, columns: readonly ProfileColumn[] = testColumns) {
  const source = await duckdb.profileSource(path, columns);
  try {
    return await profileTable(source, columns, options);
  } finally {
    source.close();
  }
}

describe("a profile by DuckDB", () => {
  it.each(["parquet", "csv"])(
    "of %s is byte for byte the profile of the same rows as a table",
    async (extension) => {
      const path = join(files.folder, `rows.${extension}`);
      await fc.assert(
        fc.asyncProperty(testRows(), async (rows) => {
          await two.writeTables(path, [tableOf(rows)], testColumns);
          const expected = await profileTable(
            await tableSource([tableOf(rows)], testColumns),
            testColumns,
            options,
          );
          expect(canonicalJson(await profileFile(two, path))).toBe(canonicalJson(expected));
        }),
        { numRuns: 15 },
      );
    },
  );

  it("counts other rows on given cells as a tally does: edges, beyond edges, infinities, missing", async () => {
    const path = join(files.folder, "other.parquet");
    await fc.assert(
      fc.asyncProperty(testRows(), testRows(), async (reference, rows) => {
        const { cells } = await profileTable(
          await tableSource([tableOf(reference)], testColumns),
          testColumns,
          options,
        );
        await two.writeTables(path, [tableOf(rows)], testColumns);
        const source = await two.profileSource(path, testColumns);
        const counted = await countSource(cells, source);
        source.close();
        expect(counted).toEqual(countTable(cells, emptyCounters(cells), tableOf(rows)));
      }),
      { numRuns: 15 },
    );
  });

  it("is the same with one thread and two, again and again, over many row groups", async () => {
    const path = await files.parquet(
      "large.parquet",
      `SELECT hash(range) % 1000003 / 7.0 AS x, (hash(range * 3) % 50)::VARCHAR AS s,
        CASE WHEN range % 5 = 0 THEN NULL ELSE hash(range * 5) % 24 END AS i FROM range(400000)`,
    );
    const columns: ProfileColumn[] = [
      { name: "x", column: "x", type: "float64" },
      { name: "s", column: "s", type: "string" },
      { name: "i", column: "i", type: "int32" },
    ];
    const texts = [];
    for (const duckdb of [two, one, two]) texts.push(canonicalJson(await profileFile(duckdb, path, columns)));
    expect(new Set(texts).size).toBe(1);
  });

  it("names column and row of what is not a number", async () => {
    const path = files.csv("words.csv", "x\n1\ntwo\n");
    await expect(profileFile(two, path, [{ name: "x", column: "x", type: "float32" }])).rejects.toThrow(
      /column "x" is not float32 in row 2/,
    );
  });
});
