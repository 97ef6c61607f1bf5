import fc from "fast-check";
import { expect, it } from "vitest";
import { contractOf, featureOf, outputOf, ruleOf } from "../../test/support/contract-of.ts";
import { BatonError } from "../kernel/index.ts";
import type { ModelRunner, Tensor } from "./model-runner.ts";
import { createPredictor } from "./predictor.ts";
import { type AnsweredRecord, type RejectedRecord, recordsOf } from "./records-of.ts";
import { sketchPredictor } from "./sketch-predictor.ts";

/*
 * What a record is answered does not depend on the records beside it: not on their faults, their order, their sizes,
 * nor on a runtime that fails on one of them.
 */

const contract = contractOf({
  features: [
    featureOf("x", "float32", { range: [-5, 5], expected: [-3, 3] }),
    featureOf("n", "int64", { missingAs: 0 }),
    featureOf("s", "string", { values: ["a", "b"], missing: "reject" }),
    featureOf("wave", "float64", { shape: [-1] }),
  ],
  outputs: [outputOf("p", { range: [-50, 50], threshold: 0 }), outputOf("k", { type: "int64" })],
  rules: [ruleOf("order", "x < 4.0 || n > 0", { whenMissing: "warn" })],
});

const runner: ModelRunner = {
  inputs: [
    { name: "x", type: "float32", shape: [-1, 1] },
    { name: "n", type: "int64", shape: [-1] },
    { name: "s", type: "string", shape: [-1, 1] },
    { name: "wave", type: "float64", shape: [-1, -1] },
  ],
  outputs: [
    { name: "p", type: "float32", shape: [-1, 1] },
    { name: "k", type: "int64", shape: [-1] },
  ],
  async run(feeds) {
    const tensor = (name: string) => feeds.get(name) as Tensor;
    const x = tensor("x").values as Float32Array;
    const n = tensor("n").values as BigInt64Array;
    const s = tensor("s").values as string[];
    const wave = tensor("wave").values as Float64Array;
    if (n.includes(13n)) throw new BatonError("internal", "the runtime failed");
    const width = wave.length / x.length;
    const sum = (row: number) => wave.slice(row * width, (row + 1) * width).reduce((a, b) => a + b, 0);
    const p = Float32Array.from(x, (value, row) => value * 3 + sum(row) + (s[row] === "a" ? 1 : 2));
    return new Map<string, Tensor>([
      ["p", { type: "float32", shape: [x.length, 1], values: p }],
      ["k", { type: "int64", shape: [x.length], values: n.map((value) => value * 2n) }],
    ]);
  },
  close: async () => undefined,
};

const record = fc.record(
  {
    x: fc.oneof(fc.double({ min: -6, max: 6 }), fc.constantFrom(null, "no")),
    n: fc.oneof(fc.integer({ min: -2, max: 15 }), fc.constantFrom("5", null, 1.5)),
    s: fc.constantFrom("a", "b", "c"),
    wave: fc.oneof(fc.array(fc.integer({ min: -40, max: 40 }), { maxLength: 3 }), fc.constant("x")),
    odd: fc.constant(1),
  },
  { requiredKeys: ["s", "wave"] },
);
const records = fc.array(
  fc.oneof({ weight: 8, arbitrary: record }, { weight: 1, arbitrary: fc.constant(null) }),
  {
    minLength: 1,
    maxLength: 8,
  },
);

/** An answer without the row numbers in its paths and words. */
function bare(answer: AnsweredRecord | RejectedRecord | undefined): unknown {
  return JSON.parse(
    JSON.stringify(answer).replaceAll(/(records|outputs)\[\d+\]|(?<=[Rr](ecord|ow) )\d+/g, "$1"),
  );
}

it.each([
  ["a model", createPredictor({ contract, runner })],
  ["a sketch", sketchPredictor(contract)],
])("a record is answered alone as it is in company, by %s", async (_, predictor) => {
  await fc.assert(
    fc.asyncProperty(records, async (batch) => {
      const together = recordsOf(await predictor.predictRecords(batch));
      for (const [row, single] of batch.entries()) {
        const [alone] = recordsOf(await predictor.predictRecords([single]));
        expect(bare(together[row])).toEqual(bare(alone));
      }
    }),
    { numRuns: 200 },
  );
});
