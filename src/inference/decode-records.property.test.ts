import fc from "fast-check";
import { expect, it } from "vitest";
import { contractOf, featureOf } from "../../test/support/contract-of.ts";
import { compileDecoder } from "./decode-records.ts";

const contract = contractOf({
  features: [
    featureOf("a", "float32"),
    featureOf("b", "int64"),
    featureOf("c", "string", { sensitive: true }),
    featureOf("d", "boolean"),
    featureOf("e", "float64", { shape: [2] }),
    featureOf("f", "int32", { shape: [-1, 2] }),
    featureOf("__proto__", "string"),
  ],
});
const decode = compileDecoder(contract);
const known = fc.constantFrom("a", "b", "c", "d", "e", "f", "__proto__", "id", "constructor");
const plausible = fc.oneof(
  fc.jsonValue(),
  fc.double(),
  fc.bigInt().map(String),
  fc.array(fc.oneof(fc.integer(), fc.array(fc.integer(), { maxLength: 3 }), fc.constant(null)), {
    maxLength: 3,
  }),
);
const record = fc
  .array(fc.tuple(fc.oneof(known, fc.string()), plausible), { maxLength: 8 })
  .map((entries) => Object.fromEntries(entries) as unknown);

it("never throws, whatever JSON comes, and always gives whole columns", () => {
  fc.assert(
    fc.property(
      fc.array(fc.oneof(record, fc.jsonValue() as fc.Arbitrary<unknown>), { maxLength: 6 }),
      (records) => {
        const { table, readable, violations, count } = decode(records);
        expect(table.rows).toBe(records.length);
        for (const column of table.columns.values()) {
          const perRow = column.shape.reduce((product, size) => product * size, 1);
          expect(column.values.length).toBe(records.length * perRow);
          expect(column.missing?.every((flag) => flag <= 1) ?? true).toBe(true);
        }
        const refused = new Set(violations.map((violation) => violation.row));
        expect([...readable]).toEqual(records.map((_, row) => (refused.has(row) ? 0 : 1)));
        expect(count).toBeGreaterThanOrEqual(violations.length);
        JSON.stringify(violations);
      },
    ),
    { numRuns: 1500 },
  );
});
