import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Table } from "../contract/index.ts";
import { cellSums } from "./cell-sums.ts";
import { type ColumnCells, cellNames, floatAbove, unitCap, unitFor, unitsOf } from "./cells.ts";
import { countOf, type ProfileColumn, profileTable, tableSource } from "./index.ts";

const float: ProfileColumn = { name: "x", column: "x", type: "float64" };

async function profileOf(values: readonly number[], options: { quantiles: number }, column = float) {
  const array = column.type === "int32" ? Int32Array.from(values) : Float64Array.from(values);
  const made = { type: column.type, shape: [], values: array } as Table["columns"] extends ReadonlyMap<
    string,
    infer C
  >
    ? C
    : never;
  const table: Table = { rows: values.length, columns: new Map([["x", made]]) };
  const profile = await profileTable(await tableSource([table], [column]), [column], options);
  const cells = profile.cells.columns[0]!;
  if (cells.kind !== "numeric") throw new Error("numeric");
  return {
    cells,
    counts: profile.counters.columns[0]!.counts,
    sums: profile.counters.columns[0]!.sums!,
    facts: profile.facts[0]!,
  };
}

describe("cells of numbers", () => {
  it("hold equally many where values are distinct", async () => {
    const { cells, counts } = await profileOf([8, 1, 7, 2, 6, 3, 5, 4], { quantiles: 4 });
    expect(cells.starts).toEqual([1, 3, 5, 7, floatAbove(8)]);
    expect(counts).toEqual([0, 2, 2, 2, 2, 0, 0, 0]);
  });

  it("give a value with more than its share a cell of its own", async () => {
    const { cells, counts } = await profileOf([0, 1, 5, 5, 5, 5, 5, 5, 6, 7, 8, 9], { quantiles: 4 });
    expect(cells.starts).toEqual([0, 5, floatAbove(5), 7, floatAbove(9)]);
    expect(counts).toEqual([0, 2, 6, 1, 3, 0, 0, 0]);
  });

  it("start no second cell at the value after an atom", async () => {
    const { cells, counts } = await profileOf([0, 1, 5, 5, 5, 5, 5, 6, 7, 8], { quantiles: 4 });
    expect(cells.starts).toEqual([0, 5, floatAbove(5), floatAbove(8)]);
    expect(counts).toEqual([0, 2, 5, 3, 0, 0, 0]);
  });

  it("give none to a value with exactly its share", async () => {
    const { cells } = await profileOf([1, 1, 2, 3, 4, 5, 6, 7], { quantiles: 4 });
    expect(cells.starts).toEqual([1, 2, 4, 6, floatAbove(7)]);
  });

  it("of whole numbers end at the next whole number, and show a gap between two atoms", async () => {
    const { cells, counts } = await profileOf(
      [1, 1, 1, 2, 2, 2, 5, 5, 5],
      { quantiles: 4 },
      { ...float, type: "int32" },
    );
    expect(cells.starts).toEqual([1, 2, 3, 5, 6]);
    expect(counts).toEqual([0, 3, 3, 0, 3, 0, 0, 0]);
    expect(cellNames(cells)).toEqual([
      "(underflow)",
      "= 1",
      "= 2",
      "3 to below 5",
      "= 5",
      "(overflow)",
      "(missing)",
      "(not a number)",
    ]);
  });

  it("know nothing of infinities but their side, and take NaN for missing", async () => {
    const { cells, counts, facts } = await profileOf(
      [Number.NEGATIVE_INFINITY, 1, Number.POSITIVE_INFINITY, Number.NaN],
      { quantiles: 4 },
    );
    expect(cells.starts).toEqual([1, floatAbove(1)]);
    expect(counts).toEqual([1, 1, 1, 1, 0]);
    expect(facts).toMatchObject({ distinct: 3, finite: { min: 1, max: 1, mean: 1, standardDeviation: 0 } });
  });

  it("sum in units: exact for whole numbers, and a mean close to the true one", async () => {
    const values = [1, 2, 3, 1000, 123_456];
    const { cells, sums, facts } = await profileOf(values, { quantiles: 1 });
    expect(Number(sums[1]) * cells.unit).toBe(124_462);
    expect(facts).toMatchObject({ finite: { median: 3, mean: 24_892.4 } });
    const thirds = await profileOf([1 / 3, 2 / 3], { quantiles: 1 });
    expect(Number(thirds.sums[1]) * thirds.cells.unit).toBeCloseTo(1, 9);
  });

  it("take the largest floats without a number that JSON cannot say", async () => {
    const { cells, facts } = await profileOf([Number.MAX_VALUE, 1.7e308, -1.7e308, 5e-324], { quantiles: 4 });
    expect(cells.starts.every(Number.isFinite)).toBe(true);
    expect(Object.values((facts as { finite: object }).finite).every(Number.isFinite)).toBe(true);
  });
});

describe("units", () => {
  it.each([1, 0.1, 3, 1023.9999, 1024, 5e-324, 1.7e308, 2 ** -970])(
    "of %s stay far inside what adds exactly",
    (value) => {
      const unit = unitFor(value);
      expect(Number.isInteger(Math.log2(unit))).toBe(true);
      expect(Math.abs(unitsOf(value, unit))).toBeLessThan(2 ** 35);
      if (value > 2 ** -960) expect(Math.abs(unitsOf(value, unit))).toBeGreaterThanOrEqual(2 ** 34);
    },
  );

  it("of a wild value stop at the cap", () => {
    expect(unitsOf(1e300, 1)).toBe(unitCap);
    expect(unitsOf(Number.NEGATIVE_INFINITY, 1)).toBe(-unitCap);
  });

  it("floatAbove is the next float64", () => {
    for (const value of [0, -0, 1, -1, 0.1, -5e-324, 5e-324, 1e300, -1e300, Math.fround(0.1)]) {
      const above = floatAbove(value);
      expect(above).toBeGreaterThan(value);
      const middle = value + (above - value) / 2;
      expect(middle === value || middle === above).toBe(true);
    }
  });
});

describe("sums", () => {
  it("keep every unit, however many rows there are", () => {
    const part = fc.record({
      cell: fc.nat(1),
      value: fc.integer({ min: -(2 ** 36), max: 2 ** 36 }),
      times: fc.oneof(fc.nat(5), fc.integer({ min: 1, max: 2 ** 40 })),
    });
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 60 }), (parts) => {
        const sums = cellSums(2, 1);
        const exact = [0n, 0n];
        for (const { cell, value, times } of parts) {
          sums.add(cell, value, times);
          exact[cell]! += BigInt(value) * BigInt(times);
        }
        expect(sums.sums()).toEqual(exact.map(countOf));
      }),
    );
  });

  it("spill in time when many small parts add up", () => {
    const sums = cellSums(1, 1);
    for (let time = 0; time < 5; time++) sums.add(0, 2 ** 36 - 1, 2 ** 15 + 1);
    expect(sums.sums()).toEqual([countOf(5n * (2n ** 36n - 1n) * (2n ** 15n + 1n))]);
  });
});

describe("names of categories", () => {
  it("end with other and missing", () => {
    const cells: ColumnCells = { kind: "categorical", values: ["a"], name: "s", type: "string" };
    expect(cellNames(cells)).toEqual(["a", "(other)", "(missing)"]);
  });
});
