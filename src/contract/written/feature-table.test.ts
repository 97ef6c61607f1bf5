import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readFeatureTable, writeFeatureTable } from "./feature-table.ts";
import type { WrittenFeature } from "./schema.ts";

describe("a feature table", () => {
  it("is read as a spreadsheet writes it", () => {
    const text =
      '\uFEFFname,type,unit,missing,range,expected,values,unknown,missing-as,shape,sensitive,how\r\nwind,float32,mph,allowed,0..,-1.5..4e2,,,,,FALSE,"Hourly, at the\r\nairport, ""EWR"""\r\n\r\ncode,string,,reject,,,007|NO|a\\|b,warn,"""""",,TRUE,\r\nimage,float32,,,,,,,,28x28,,\r\n';
    const { features, findings, positions } = readFeatureTable(text, "features.csv");
    expect(findings).toEqual([]);
    expect(features).toEqual([
      {
        name: "wind",
        type: "float32",
        unit: "mph",
        missing: "allowed",
        range: [0, null],
        expected: [-1.5, 400],
        sensitive: false,
        how: 'Hourly, at the\r\nairport, "EWR"',
      },
      {
        name: "code",
        type: "string",
        missing: "reject",
        values: ["007", "NO", "a|b"],
        unknown: "warn",
        "missing-as": "",
        sensitive: true,
      },
      { name: "image", type: "float32", shape: [28, 28] },
    ]);
    expect(positions.get("features[1].values")).toEqual({ file: "features.csv", line: 5, column: 23 });
  });

  const text = fc.string({ minLength: 1, maxLength: 12, unit: "grapheme" }).filter((t) => t.trim() === t);
  const number = fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => (n === 0 ? 0 : n));
  const bounds = fc.tuple(fc.option(number), fc.option(number)) as fc.Arbitrary<
    [number | null, number | null]
  >;
  const feature = fc.record(
    {
      name: text,
      type: fc.constant("string" as const),
      unit: text,
      missing: fc.constantFrom("allowed" as const, "reject" as const),
      range: bounds,
      expected: bounds,
      values: fc.array(fc.string({ maxLength: 5 }), { minLength: 1, maxLength: 4 }),
      unknown: fc.constantFrom("reject" as const, "warn" as const),
      "missing-as": fc.string({ maxLength: 5 }),
      shape: fc.array(fc.integer({ min: -1, max: 99 }), { minLength: 1, maxLength: 3 }),
      sensitive: fc.boolean(),
      from: text,
      transform: text,
      available: text,
      how: text,
      why: text,
      owner: text,
    },
    { requiredKeys: ["name", "type"] },
  );

  it("is read back as it was written", () => {
    fc.assert(
      fc.property(fc.array(feature, { minLength: 1, maxLength: 5 }), (features) => {
        const written = writeFeatureTable(features as WrittenFeature[]);
        const read = readFeatureTable(written, "features.csv");
        expect(read.findings).toEqual([]);
        expect(read.features).toEqual(features.map((f) => ({ ...f })));
      }),
    );
  });

  it("writes numbers of numeric features back as numbers", () => {
    fc.assert(
      fc.property(number, (value) => {
        const features = [{ name: "a", type: "float64" as const, "missing-as": value }];
        expect(readFeatureTable(writeFeatureTable(features), "f").features).toEqual(features);
      }),
    );
  });

  it("never throws on any text", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (damaged) => {
        const { features, findings } = readFeatureTable(damaged, "features.csv");
        expect(features !== undefined || findings.length > 0).toBe(true);
        readFeatureTable(`name,type,values,range\n${damaged}`, "features.csv");
      }),
    );
  });
});
