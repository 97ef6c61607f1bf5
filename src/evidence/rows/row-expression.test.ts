import { describe, expect, it } from "vitest";
import type { Column, Table } from "../../contract/index.ts";
import { smallContract } from "../fixtures/small-model.ts";
import { compileRowExpression, rowsWhere } from "./row-expression.ts";
import { columnAs } from "./table-rows.ts";

const column = (given: Column): Column => given;
const table = (columns: Record<string, Column>, rows = 2): Table => ({
  rows,
  columns: new Map(Object.entries(columns)),
});

describe("an expression over a row", () => {
  const where = (source: string, rows: Table) => {
    const compiled = compileRowExpression(smallContract(), source, "bool");
    if (!compiled.ok) throw new Error(compiled.problem);
    const { holds, unknown } = rowsWhere(compiled, rows);
    return { holds: [...holds], unknown };
  };

  it("has no value where a feature is missing: by mask, by NaN, or the whole column", () => {
    const hour = column({
      type: "int64",
      shape: [],
      values: BigInt64Array.of(0n, 7n),
      missing: Uint8Array.of(1, 0),
    });
    expect(where("hour >= 0", table({ hour }))).toEqual({ holds: [0, 1], unknown: 1 });
    const wind = column({ type: "float32", shape: [], values: Float32Array.of(Number.NaN, 7) });
    expect(where("wind >= 0.0", table({ wind }))).toEqual({ holds: [0, 1], unknown: 1 });
    expect(where("wind >= 0.0", table({}))).toEqual({ holds: [0, 0], unknown: 2 });
  });

  it("has no value where it cannot be computed, and that is no error", () => {
    const hour = column({ type: "int64", shape: [], values: BigInt64Array.of(0n, 5n) });
    expect(where("10 / hour == 2", table({ hour }))).toEqual({ holds: [0, 1], unknown: 1 });
  });
});

describe("a column in another type", () => {
  it("keeps its numbers and its gaps", () => {
    const doubles = column({ type: "float64", shape: [], values: Float64Array.of(3, Number.NaN) });
    expect(columnAs(doubles, "int64")).toEqual({
      type: "int64",
      shape: [],
      values: BigInt64Array.of(3n, 0n),
      missing: Uint8Array.of(0, 1),
    });
    const whole = column({
      type: "int32",
      shape: [],
      values: Int32Array.of(3, 9),
      missing: Uint8Array.of(0, 1),
    });
    const floats = columnAs(whole, "float32")!;
    expect([...(floats.values as Float32Array)]).toEqual([3, Number.NaN]);
  });

  it("does not exist where values would change", () => {
    expect(
      columnAs(column({ type: "float64", shape: [], values: Float64Array.of(2.5) }), "int32"),
    ).toBeUndefined();
    expect(
      columnAs(column({ type: "float64", shape: [], values: Float64Array.of(2 ** 31) }), "int32"),
    ).toBeUndefined();
    expect(columnAs(column({ type: "string", shape: [], values: ["7"] }), "float32")).toBeUndefined();
  });
});
