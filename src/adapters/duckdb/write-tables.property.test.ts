import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { allocate, type Column, type ElementType, type Table } from "../../contract/index.ts";
import { type Duckdb, openDuckdb, type WrittenColumn } from "./index.ts";
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

const text = fc.oneof(
  fc.constantFrom("", " ", "007", "NULL", 'a"b', "x,y", "line\nbreak", "'", "\u{1F600}"),
  fc.string({ unit: "grapheme", maxLength: 8 }).filter((value) => !/[\r\0]/.test(value)),
);
const valuesOf: Record<ElementType, fc.Arbitrary<unknown>> = {
  float32: fc.float(),
  float64: fc.double(),
  int32: fc.integer(),
  int64: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  string: text,
  boolean: fc.boolean().map(Number),
};

function columnOf(type: ElementType, cells: readonly unknown[]): Column {
  const array = allocate(type, cells.length);
  const values = array as { [row: number]: unknown };
  const blank = { float32: Number.NaN, float64: Number.NaN, int32: 0, int64: 0n, string: "", boolean: 0 }[
    type
  ];
  cells.forEach((cell, row) => {
    values[row] = cell ?? blank;
  });
  const mask = cells.includes(null)
    ? { missing: Uint8Array.from(cells, (cell) => (cell === null ? 1 : 0)) }
    : {};
  return { type, shape: [], values: array, ...mask } as Column;
}

const types = Object.keys(valuesOf) as ElementType[];
const columns: WrittenColumn[] = types.map((type) => ({ name: `a ${type}"`, type }));
const table: fc.Arbitrary<Table> = fc.nat(40).chain((rows) =>
  fc
    .tuple(
      ...types.map((type) =>
        fc
          .array(fc.option(valuesOf[type]), { minLength: rows, maxLength: rows })
          .map((cells) => columnOf(type, cells)),
      ),
    )
    .map((made) => ({
      rows,
      columns: new Map(made.map((column, index) => [columns[index]!.name, column])),
    })),
);

async function readBack(path: string, asked: readonly WrittenColumn[] = columns): Promise<Table | undefined> {
  let read: Table | undefined;
  const request = { columns: asked.map((column) => ({ ...column, column: column.name })) };
  for await (const one of duckdb.readTables(path, request)) read = one;
  return read;
}

describe("writing and reading back", () => {
  it.each(["parquet", "csv"])(
    "gives every value of %s again, missing and not-a-number apart",
    async (extension) => {
      const path = join(files.folder, `round.${extension}`);
      await fc.assert(
        fc.asyncProperty(table, async (written) => {
          expect(await duckdb.writeTables(path, [written], columns)).toBe(written.rows);
          const read = await readBack(path);
          expect(read?.rows ?? 0).toBe(written.rows);
          if (read) expect(read.columns).toEqual(written.columns);
        }),
        { numRuns: 15 },
      );
    },
  );

  it("gives the same bytes for the same rows, however they come in tables", async () => {
    const rows = (from: number, count: number): Table => ({
      rows: count,
      columns: new Map([
        [
          "i",
          columnOf(
            "int32",
            Array.from({ length: count }, (_, row) => from + row),
          ),
        ],
      ]),
    });
    const [a, b] = [join(files.folder, "a.parquet"), join(files.folder, "b.parquet")];
    await duckdb.writeTables(a, [rows(0, 5000)], [{ name: "i", type: "int32" }]);
    await duckdb.writeTables(b, [rows(0, 1), rows(1, 4999)], [{ name: "i", type: "int32" }]);
    expect(readFileSync(a).equals(readFileSync(b))).toBe(true);
    expect((await readBack(b, [{ name: "i", type: "int32" }]))?.columns.get("i")?.values[4999]).toBe(4999);
  });

  it("keeps a column of nothing but missing values", async () => {
    const path = join(files.folder, "blank.csv");
    const blank = { rows: 3, columns: new Map([["x", columnOf("string", [null, "", null])]]) };
    await duckdb.writeTables(path, [blank], [{ name: "x", type: "string" }]);
    expect((await readBack(path, [{ name: "x", type: "string" }]))?.columns).toEqual(blank.columns);
  });

  it("leaves the old file and no scratch when the tables end in an error", async () => {
    const path = join(files.folder, "old.csv");
    writeFileSync(path, "old");
    async function* broken(): AsyncGenerator<Table> {
      yield { rows: 1, columns: new Map([["x", columnOf("int32", [1])]]) };
      throw new Error("no more");
    }
    await expect(duckdb.writeTables(path, broken(), [{ name: "x", type: "int32" }])).rejects.toThrow(
      "no more",
    );
    expect(readFileSync(path, "utf8")).toBe("old");
    expect(readdirSync(files.folder).filter((name) => name.startsWith("."))).toEqual([]);
  });

  it("refuses other extensions and files in place of folders, and makes folders", async () => {
    const one = [{ name: "x", type: "int32" as const }];
    await expect(duckdb.writeTables(join(files.folder, "x.json"), [], one)).rejects.toMatchObject({
      code: "usage",
    });
    const blocked = join(files.folder, "file.csv", "x.csv");
    writeFileSync(join(files.folder, "file.csv"), "x\n");
    await expect(duckdb.writeTables(blocked, [], one)).rejects.toMatchObject({ code: "file-unusable" });
    const fresh = join(files.folder, "new", "deep", "x.csv");
    await duckdb.writeTables(fresh, [], one);
    expect(existsSync(fresh)).toBe(true);
  });
});
