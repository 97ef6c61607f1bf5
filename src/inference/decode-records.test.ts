import { describe, expect, it } from "vitest";
import { contractOf, featureOf } from "../../test/support/contract-of.ts";
import type { Column, Contract } from "../contract/index.ts";
import { decodeRecords } from "./decode-records.ts";
import { longestString } from "./read-value.ts";

const contract = contractOf({
  features: [
    featureOf("wind", "float32"),
    featureOf("exact", "float64"),
    featureOf("hour", "int32"),
    featureOf("serial", "int64"),
    featureOf("origin", "string"),
    featureOf("rain", "boolean"),
  ],
  labels: { key: "flight", arriveAfter: "1d" },
  data: { references: [], key: "row_key" },
  watch: { time: "departs", window: "1d", falseAlarms: "1 per 90d", keepRows: 0 },
});

function decode(record: unknown, as: Contract = contract) {
  const decoded = decodeRecords(as, [record]);
  return {
    ...decoded,
    faults: decoded.violations.map((v) => `${v.path} ${v.code}`),
    column: (name: string) => decoded.table.columns.get(name) as Column,
  };
}

/** What JSON text gives, with `__proto__` as the own key that JSON.parse makes of it. */
const parsed = (text: string): unknown => JSON.parse(text);

describe("values", () => {
  it("become columns of the feature's type", () => {
    const { column, faults } = decode({
      wind: 0.1,
      exact: 0.1,
      hour: -7,
      serial: 5,
      origin: "JFK",
      rain: true,
    });
    expect(faults).toEqual([]);
    expect(column("wind")).toEqual({ type: "float32", shape: [], values: Float32Array.of(0.1) });
    expect(column("exact").values).toEqual(Float64Array.of(0.1));
    expect(column("hour").values).toEqual(Int32Array.of(-7));
    expect(column("serial").values).toEqual(BigInt64Array.of(5n));
    expect(column("origin").values).toEqual(["JFK"]);
    expect(column("rain").values).toEqual(Uint8Array.of(1));
  });

  it.each([
    ["9223372036854775807", 2n ** 63n - 1n],
    ["-9223372036854775808", -(2n ** 63n)],
    [Number.MAX_SAFE_INTEGER, 2n ** 53n - 1n],
    [-5n, -5n],
    ["007", 7n],
  ])("reads int64 %s without loss", (value, wanted) => {
    expect(decode({ serial: value }).column("serial").values[0]).toBe(wanted);
  });

  it.each([
    ["serial", 2 ** 53],
    ["serial", "9223372036854775808"],
    ["serial", 1.5],
    ["serial", "0x10"],
    ["serial", ""],
    ["serial", " 1"],
    ["serial", true],
    ["hour", 2 ** 31],
    ["hour", 1.5],
    ["hour", "7"],
    ["wind", "3"],
    ["wind", true],
    ["wind", []],
    ["origin", 5],
    ["origin", "JFK\0"],
    ["origin", "\ud800"],
    ["origin", ["JFK"]],
    ["rain", 1],
    ["rain", "true"],
    ["rain", {}],
  ])("refuses for %s: %j", (name, value) => {
    const { faults, readable, violations } = decode({ [name]: value });
    expect(faults).toEqual([`records[0].${name} input.type`]);
    expect([...readable]).toEqual([0]);
    expect(violations[0]?.clause).toBe(`features.${name}`);
  });

  it("refuses a string beyond the limit without repeating it", () => {
    const { violations } = decode({ origin: "x".repeat(longestString + 1) });
    expect(violations[0]?.code).toBe("input.too-long");
    expect(violations[0]?.message.length).toBeLessThan(250);
    expect(decode({ origin: "x".repeat(longestString) }).faults).toEqual([]);
  });

  it("keeps whole surrogate pairs", () => {
    expect(decode({ origin: "✈️🛬" }).column("origin").values).toEqual(["✈️🛬"]);
  });
});

describe("what is missing", () => {
  it.each([[{}], [{ wind: null, hour: null, serial: null, origin: null, rain: null, exact: null }]])(
    "is NaN or masked: %j",
    (record) => {
      const { column, faults } = decode(record);
      expect(faults).toEqual([]);
      expect(column("wind").values[0]).toBeNaN();
      for (const name of ["hour", "serial", "origin", "rain"])
        expect([...(column(name).missing ?? [])]).toEqual([1]);
    },
  );

  it("leaves no mask where nothing is", () => {
    expect(decode({ hour: 1 }).column("hour").missing).toBeUndefined();
  });
});

describe("keys", () => {
  it("of no feature are refused, with what may have been meant", () => {
    const { violations } = decode({ wimd: 3 });
    expect(violations[0]).toMatchObject({ code: "input.unknown-field", path: "records[0].wimd" });
    expect(violations[0]?.message).toContain("did you mean wind?");
  });

  it("that name the row and its time are let through", () => {
    expect(decode({ id: "a", flight: 7, row_key: {}, departs: "2013-01-01" }).faults).toEqual([]);
  });

  it("are told for a few only, and counted for the call in bounded time", () => {
    const record = Object.fromEntries(Array.from({ length: 50_000 }, (_, i) => [`k${i}`, i]));
    expect(decode(record).violations).toHaveLength(5);
  });

  it("may stand in any order, and differ from record to record", () => {
    const { table, count } = decodeRecords(contract, [
      { hour: 1, wind: 2 },
      { wind: 3, hour: 4 },
      { hour: 5 },
      {},
      { hour: 6, wind: 7 },
    ]);
    expect(count).toBe(0);
    expect(table.columns.get("hour")?.values).toEqual(Int32Array.of(1, 4, 5, 0, 6));
    expect(table.columns.get("wind")?.values).toEqual(Float32Array.of(2, 3, Number.NaN, Number.NaN, 7));
  });
});

describe("prototypes", () => {
  const odd = contractOf({
    features: [
      featureOf("__proto__", "float32"),
      featureOf("constructor", "string"),
      featureOf("toString", "int64"),
      featureOf("hasOwnProperty", "boolean"),
    ],
  });

  it("carry no values", () => {
    const { faults, column } = decode({}, odd);
    expect(faults).toEqual([]);
    expect(column("__proto__").values[0]).toBeNaN();
    expect(column("constructor").missing?.[0]).toBe(1);
    expect(decode(Object.create({ wind: 3 })).column("wind").values[0]).toBeNaN();
  });

  it("are not reached through keys", () => {
    const { faults, column } = decode(parsed('{"__proto__": 3, "constructor": "c", "toString": 4}'), odd);
    expect(faults).toEqual([]);
    expect([column("__proto__").values[0], column("toString").values[0]]).toEqual([3, 4n]);
    expect(decode(parsed('{"__proto__": {"wind": 3}}')).faults).toEqual([
      "records[0].__proto__ input.unknown-field",
    ]);
    expect(({} as Record<string, unknown>).wind).toBeUndefined();
  });
});

describe("records that are none", () => {
  it.each([[null], [5], ["x"], [[]], [true], [undefined]])("are refused: %j", (record) => {
    expect(decode(record).faults).toEqual(["records[0] input.record"]);
  });
});

describe("shaped features", () => {
  const grid = contractOf({
    features: [featureOf("grid", "float32", { shape: [2, 2] }), featureOf("tags", "string", { shape: [2] })],
  });

  it("are read from nested lists, with null for a missing number", () => {
    const { column, faults } = decode(
      {
        grid: [
          [1, 2],
          [null, 4],
        ],
        tags: ["a", "b"],
      },
      grid,
    );
    expect(faults).toEqual([]);
    expect(column("grid")).toEqual({
      type: "float32",
      shape: [2, 2],
      values: Float32Array.of(1, 2, Number.NaN, 4),
    });
    expect(column("tags").values).toEqual(["a", "b"]);
  });

  it.each([
    [[1, 2, 3, 4], "input.shape"],
    [[[1, 2]], "input.shape"],
    [[[1, 2], [3, 4], []], "input.shape"],
    [[[1, 2], [3]], "input.shape"],
    [
      [
        [1, 2],
        [3, "4"],
      ],
      "input.type",
    ],
    [
      [
        [1, 2],
        [3, [4]],
      ],
      "input.type",
    ],
    [5, "input.shape"],
  ])("refuse %j", (value, code) => {
    expect(decode({ grid: value }, grid).faults).toEqual([`records[0].grid ${code}`]);
  });

  it("have no missing elements where their type has none", () => {
    expect(decode({ tags: ["a", null] }, grid).faults).toEqual(["records[0].tags input.type"]);
  });

  it("of open size take their size from the values, and may not be missing", () => {
    const open = contractOf({ features: [featureOf("wave", "float32", { shape: [-1] })] });
    expect(decode({ wave: [1, 2, 3] }, open).column("wave").shape).toEqual([3]);
    expect(decode({}, open).faults).toEqual(["records[0].wave input.missing"]);
    expect(decode({ wave: "x" }, open).faults).toEqual(["records[0].wave input.shape"]);
    expect(decodeRecords(open, [{ wave: [1] }, { wave: [1, 2] }]).violations.map((v) => v.path)).toEqual([
      "records[1].wave",
    ]);
  });
});

it("withholds sensitive values that cannot be read", () => {
  const secret = contractOf({ features: [featureOf("age", "int32", { sensitive: true })] });
  expect(JSON.stringify(decode({ age: "forty-two" }, secret).violations)).not.toContain("forty-two");
});
