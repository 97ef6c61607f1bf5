import fc from "fast-check";
import { expect, it } from "vitest";
import { contractOf, featureOf, ruleOf } from "../../../test/support/contract-of.ts";
import type { Feature } from "../contract.ts";
import type { Column, Table } from "../table.ts";
import { compileValidator } from "./compile-validator.ts";

/*
 * The column-wise validator against one that looks at a row at a time and a value at a time, written from the words
 * of the contract and not from the code.
 */

type Value = number | bigint | string | undefined;

const bound = fc.option(fc.integer({ min: -3, max: 3 }), { nil: null });
const range = fc.option(
  fc
    .tuple(bound, bound)
    .map(([a, b]) => (a !== null && b !== null && a > b ? ([b, a] as const) : ([a, b] as const))),
  { nil: undefined },
);
const numberFeature = (name: string, type: "float32" | "float64" | "int32" | "int64") =>
  fc
    .record({
      range,
      expected: range,
      values: fc.option(fc.constant(["-1", "0", "2"]), { nil: undefined }),
      unknown: fc.constantFrom("reject", "warn"),
      missing: fc.constantFrom("reject", "allowed"),
      missingAs: fc.option(fc.constant(0), { nil: undefined }),
    })
    .map((rest) => featureOf(name, type, rest as Partial<Feature>));
const stringFeature = fc
  .record({
    values: fc.option(fc.constant(["a", "b"]), { nil: undefined }),
    unknown: fc.constantFrom("reject", "warn"),
  })
  .map((rest) => featureOf("s", "string", { missingAs: "", ...rest } as Partial<Feature>));

const features = fc.tuple(
  numberFeature("f", "float32"),
  numberFeature("d", "float64"),
  numberFeature("i", "int32"),
  numberFeature("n", "int64"),
  stringFeature,
);
const float = fc.oneof(
  fc.constantFrom(undefined, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, -0),
  fc.integer({ min: -5, max: 5 }),
  fc.double({ min: -4, max: 4, noNaN: true }).map(Math.fround),
);
const whole = fc.option(fc.integer({ min: -5, max: 5 }), { nil: undefined });
const row = fc.record({
  f: float,
  d: float,
  i: whole,
  n: fc.oneof(
    whole.map((n) => (n === undefined ? n : BigInt(n))),
    fc.constantFrom(2n ** 62n, -(2n ** 62n)),
  ),
  s: fc.constantFrom("a", "b", "c", undefined),
});
const rules = fc
  .constantFrom("skip", "warn", "reject")
  .map((whenMissing) => [
    ruleOf("order", "f <= d", { whenMissing: whenMissing as "skip" }),
    ruleOf("soft", 's == "a" || n > 0', { otherwise: "warn", whenMissing: whenMissing as "skip" }),
  ]);

function columnOf(feature: Feature, values: readonly Value[]): Column {
  const missing = Uint8Array.from(values, (value) => (value === undefined ? 1 : 0));
  const { type } = feature;
  const shape: number[] = [];
  switch (type) {
    case "float32":
      return {
        type,
        shape,
        values: Float32Array.from(values, (v) => (v === undefined ? Number.NaN : Number(v))),
      };
    case "float64":
      return {
        type,
        shape,
        values: Float64Array.from(values, (v) => (v === undefined ? Number.NaN : Number(v))),
      };
    case "int32":
      return { type, shape, missing, values: Int32Array.from(values, (v) => Number(v ?? 0)) };
    case "int64":
      return { type, shape, missing, values: BigInt64Array.from(values, (v) => BigInt(v ?? 0)) };
    default:
      return { type: "string", shape, missing, values: values.map((v) => String(v ?? "")) };
  }
}

function oracle(feature: Feature, value: Value): { hard?: string; soft?: string } {
  const float = feature.type.startsWith("float");
  if (value === undefined) {
    const substitute = float || feature.missingAs !== undefined;
    return feature.missing === "reject" || !substitute ? { hard: "input.missing" } : {};
  }
  if (typeof value === "number" && !Number.isFinite(value)) return { hard: "input.not-finite" };
  const outside = ([low, high]: readonly [number | null, number | null]) =>
    (low !== null && Number(value) < low) || (high !== null && Number(value) > high);
  if (feature.range && outside(feature.range)) return { hard: "input.range" };
  const listed = feature.values?.some((text) =>
    typeof value === "string" ? text === value : Number(text) === Number(value),
  );
  if (listed === false)
    return feature.unknown === "reject" ? { hard: "input.category" } : { soft: "input.category" };
  return feature.expected && outside(feature.expected) ? { soft: "input.outside-expected" } : {};
}

it("says of every row what a reader of the contract would say", () => {
  fc.assert(
    fc.property(features, rules, fc.array(row, { maxLength: 12 }), (declared, ruled, rows) => {
      const columns = declared.map((feature) => {
        const values = rows.map((r) => (r as Record<string, Value>)[feature.name]);
        return [feature.name, columnOf(feature, values)] as const;
      });
      const table: Table = { rows: rows.length, columns: new Map(columns) };
      const { validate } = compileValidator(contractOf({ features: declared, rules: ruled }));
      const result = validate(table);

      const hard: string[] = [];
      const soft: string[] = [];
      for (const [index, values] of rows.entries()) {
        for (const feature of declared) {
          const verdict = oracle(feature, (values as Record<string, Value>)[feature.name]);
          if (verdict.hard) hard.push(`${index} features.${feature.name} ${verdict.hard}`);
          if (verdict.soft) soft.push(`${index} features.${feature.name} ${verdict.soft}`);
        }
        const { f, d, s, n } = values;
        const [order, loose] = ruled;
        const told = (missing: boolean, holds: boolean, rule: typeof order) => {
          if (missing && rule?.whenMissing !== "skip")
            (rule?.whenMissing === "warn" ? soft : hard).push(
              `${index} rules.${rule?.id} input.rule-not-evaluable`,
            );
          if (!missing && !holds)
            (rule?.otherwise === "warn" ? soft : hard).push(`${index} rules.${rule?.id} input.rule`);
        };
        told(f === undefined || d === undefined, Math.fround(Number(f)) <= Number(d), order);
        told(s === undefined || n === undefined, s === "a" || (n ?? 0n) > 0n, loose);
      }
      const short = (list: typeof result.rejections) => list.map((v) => `${v.row} ${v.clause} ${v.code}`);
      expect(short(result.rejections)).toEqual(hard);
      expect(short(result.warnings)).toEqual(soft);
      const refused = new Set(hard.map((text) => Number(text.split(" ")[0])));
      expect([...result.accepted]).toEqual(rows.map((_, index) => (refused.has(index) ? 0 : 1)));
    }),
    { numRuns: 400 },
  );
});
