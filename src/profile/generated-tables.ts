import fc from "fast-check";
import type { Column, Table } from "../contract/index.ts";
import type { ProfileColumn } from "./profile-source.ts";

/** Columns of every type, as tests profile them. */
export const testColumns: readonly ProfileColumn[] = [
  { name: "f64", column: "f64", type: "float64" },
  { name: "f32", column: "f32", type: "float32" },
  { name: "i64", column: "i64", type: "int64" },
  { name: "i32", column: "i32", type: "int32" },
  { name: "code", column: "code", type: "int32", values: ["1", "2", "-3"] },
  { name: "text", column: "text", type: "string" },
  { name: "listed", column: "listed", type: "string", values: ["b", "a", "never"] },
  { name: "flag", column: "flag", type: "boolean" },
];

const special = [0, -0, 1, -1, 0.1, Math.fround(0.1), 1e300, -1e300, Number.MAX_VALUE, Number.MIN_VALUE];
const wild = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
const float64 = fc.oneof(
  fc.constantFrom(...special, ...wild),
  fc.integer({ min: -5, max: 5 }),
  fc.double({ min: -100, max: 100, noNaN: true }),
);
const float32 = fc.oneof(fc.constantFrom(0, -0, Math.fround(0.1), ...wild), fc.float({ noNaN: true }));
const int64 = fc.oneof(
  fc.bigInt({ min: -4n, max: 4n }),
  fc.constantFrom(9007199254740993n, 9007199254740992n, 9223372036854775807n, -9223372036854775808n),
);
const int32 = fc.oneof(fc.integer({ min: -3, max: 3 }), fc.constantFrom(2147483647, -2147483648));
const text = fc.constantFrom("a", "b", "", "007", "é", "\u{1F600}", "\uFFFD", "a'b\"c");

const row = fc.record({
  f64: fc.option(float64),
  f32: fc.option(float32),
  i64: fc.option(int64),
  i32: fc.option(int32),
  code: fc.option(int32),
  text: fc.option(text),
  listed: fc.option(text),
  flag: fc.option(fc.boolean()),
});

/** One generated row: null is missing. */
export type TestRow = typeof row extends fc.Arbitrary<infer Row> ? Row : never;

/** Rows with many ties, edges of types, infinities, NaN and missing values. */
export const testRows = (maxLength = 60): fc.Arbitrary<TestRow[]> => fc.array(row, { maxLength });

/** Rows as a table. */
export function tableOf(rows: readonly TestRow[]): Table {
  const mask = (values: readonly unknown[]) =>
    values.includes(null) ? { missing: Uint8Array.from(values, (value) => (value === null ? 1 : 0)) } : {};
  const column = <Name extends keyof TestRow>(name: Name) => rows.map((one) => one[name]);
  const columns: Record<keyof TestRow, Column> = {
    f64: { type: "float64", shape: [], values: Float64Array.from(column("f64"), (v) => v ?? Number.NaN) },
    f32: { type: "float32", shape: [], values: Float32Array.from(column("f32"), (v) => v ?? Number.NaN) },
    i64: { type: "int64", shape: [], values: BigInt64Array.from(column("i64"), (v) => v ?? 0n) },
    i32: { type: "int32", shape: [], values: Int32Array.from(column("i32"), (v) => v ?? 0) },
    code: { type: "int32", shape: [], values: Int32Array.from(column("code"), (v) => v ?? 0) },
    text: { type: "string", shape: [], values: column("text").map((v) => v ?? "") },
    listed: { type: "string", shape: [], values: column("listed").map((v) => v ?? "") },
    flag: { type: "boolean", shape: [], values: Uint8Array.from(column("flag"), Number) },
  };
  return {
    rows: rows.length,
    columns: new Map(
      Object.entries(columns).map(([name, one]) => [
        name,
        { ...one, ...mask(column(name as keyof TestRow)) },
      ]),
    ),
  };
}
