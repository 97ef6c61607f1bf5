import { describe, expect, it } from "vitest";
import { contractOf, featureOf, outputOf } from "../../test/support/contract-of.ts";
import type { Output } from "../contract/index.ts";
import { recordsOf } from "./records-of.ts";
import { sketchPredictor } from "./sketch-predictor.ts";

const features = [
  featureOf("x", "float32", { range: [0, 10_000] }),
  featureOf("s", "string", { missingAs: "" }),
];
const many = Array.from({ length: 400 }, (_, i) => ({ x: i, s: "ab" }));

async function answers(output: Output, records: readonly unknown[] = many, seed?: string) {
  const prediction = await sketchPredictor(contractOf({ features, outputs: [output] }), seed).predictRecords(
    records,
  );
  return recordsOf(prediction).map((record) => ("outputs" in record ? record.outputs[output.name] : record));
}

describe("made-up answers", () => {
  it.each([
    [outputOf("p", { range: [0, 1] }), 0, 1],
    [outputOf("p", { range: [0.1, 0.1000001] }), Math.fround(0.1), Math.fround(0.1000001)],
    [outputOf("p", { range: [null, -5], type: "float64" }), -6, -5],
    [outputOf("p", { range: [7, null] }), 7, 8],
    [outputOf("p", { range: [2, 4], type: "int64" }), 2, 4],
    [outputOf("p", { range: [-1.5, 1.5], type: "int32" }), -1, 1],
  ])("keep to the range of %j", async (output, low, high) => {
    const values = (await answers(output)) as number[];
    expect(Math.min(...values)).toBeGreaterThanOrEqual(low);
    expect(Math.max(...values)).toBeLessThanOrEqual(high);
    expect(new Set(values).size).toBeGreaterThan(1);
  });

  it("have the output's type and shape", async () => {
    expect((await answers(outputOf("p", { type: "boolean" }), many.slice(0, 1)))[0]).toBeTypeOf("boolean");
    expect((await answers(outputOf("p", { type: "string" }), many.slice(0, 1)))[0]).toMatch(/^sketch-\d$/);
    const [nested] = await answers(outputOf("p", { shape: [2, 2] }), many.slice(0, 1));
    expect(nested).toEqual([
      [expect.any(Number), expect.any(Number)],
      [expect.any(Number), expect.any(Number)],
    ]);
  });

  it("depend on the row and the seed, and on nothing else", async () => {
    const output = outputOf("p", { range: [0, 1] });
    const first = await answers(output);
    expect(await answers(output)).toEqual(first);
    expect(await answers(output, many, "other")).not.toEqual(first);
    expect(new Set(first).size).toBeGreaterThan(390);
    expect(await answers(output, [{ s: "a" }, { x: null, s: "a" }])).toEqual(
      await answers(output, [{ s: "a" }, { s: "a" }]),
    );
  });

  it("are marked, and given only to valid rows", async () => {
    const contract = contractOf({ features, outputs: [outputOf("p", { threshold: 0.5 })] });
    const prediction = await sketchPredictor(contract).predictRecords([{ x: -1 }, { x: 1 }]);
    expect(prediction.madeUp).toBe(true);
    expect([...prediction.answered]).toEqual([0, 1]);
    expect(prediction.decisions).toHaveLength(2);
  });
});
