import { describe, expect, it } from "vitest";
import { contractOf, featureOf, outputOf, ruleOf } from "../../test/support/contract-of.ts";
import type { Contract } from "../contract/index.ts";
import { BatonError } from "../kernel/index.ts";
import type { ModelRunner, Tensor } from "./model-runner.ts";
import type { PredictionObserver } from "./prediction.ts";
import { createPredictor } from "./predictor.ts";
import { idsOf, recordsOf } from "./records-of.ts";

const contract = contractOf({
  features: [
    featureOf("x", "float32", { range: [0, 100], expected: [0, 50], missing: "reject" }),
    featureOf("name", "string", { missingAs: "nobody" }),
    featureOf("n", "int64", { missingAs: -1 }),
  ],
  outputs: [outputOf("p", { range: [0, 1], threshold: 0.7 })],
  rules: [ruleOf("even", "n % 2 == 0")],
});

/** A model that gives x / 100, and remembers what it was fed. */
function fakeRunner(answer = (x: number) => x / 100, as: Partial<ModelRunner> = {}) {
  const fed: ReadonlyMap<string, Tensor>[] = [];
  const runner: ModelRunner = {
    inputs: [
      { name: "x", type: "float32", shape: [-1, 1] },
      { name: "name", type: "string", shape: [-1] },
      { name: "n", type: "int64", shape: [-1, 1] },
    ],
    outputs: [{ name: "p", type: "float32", shape: [-1, 1] }],
    async run(feeds) {
      fed.push(feeds);
      const values = Float32Array.from((feeds.get("x") as Tensor).values as Float32Array, answer);
      return new Map([["p", { type: "float32", shape: [values.length, 1], values }]]);
    },
    close: async () => undefined,
    ...as,
  };
  return { runner, fed };
}

const codes = (list: readonly { row: number; clause: string; code: string }[]) =>
  list.map((v) => `${v.row} ${v.clause} ${v.code}`);

describe("the path", () => {
  it("runs accepted rows only, and puts every answer in its row", async () => {
    const { runner, fed } = fakeRunner();
    const prediction = await createPredictor({ contract, runner }).predictRecords([
      { x: 10 },
      { x: 200 },
      "no record",
      { x: 60, name: "Bo", n: 4 },
      { n: 3, x: 1 },
      { x: "9" },
      { x: 70 },
    ]);
    expect([...prediction.answered]).toEqual([1, 0, 0, 1, 0, 0, 1]);
    expect(prediction.outputs.columns.get("p")?.values).toEqual(Float32Array.of(0.1, 0, 0, 0.6, 0, 0, 0.7));
    expect([...(prediction.decisions ?? [])]).toEqual([0, 0, 0, 0, 0, 0, 1]);
    expect(codes(prediction.rejections)).toEqual([
      "1 features.x input.range",
      "2 features input.record",
      "4 rules.even input.rule",
      "5 features.x input.type",
    ]);
    expect(codes(prediction.warnings)).toEqual([
      "3 features.x input.outside-expected",
      "6 features.x input.outside-expected",
    ]);
    expect(Object.fromEntries(fed[0] ?? [])).toEqual({
      x: { type: "float32", shape: [3, 1], values: Float32Array.of(10, 60, 70) },
      name: { type: "string", shape: [3], values: ["nobody", "Bo", "nobody"] },
      n: { type: "int64", shape: [3, 1], values: BigInt64Array.of(-1n, 4n, -1n) },
    });
  });

  it("does not call the model where no row is left", async () => {
    const { runner, fed } = fakeRunner();
    const predictor = createPredictor({ contract, runner });
    expect((await predictor.predictRecords([{ x: -1 }])).answered).toEqual(Uint8Array.of(0));
    expect((await predictor.predictRecords([])).rows).toBe(0);
    expect(fed).toEqual([]);
  });

  it("withholds answers that break an output clause, and leaves no trace of them", async () => {
    const { runner } = fakeRunner((x) => (x === 3 ? Number.NaN : x));
    const prediction = await createPredictor({ contract, runner }).predictRecords([
      { x: 0.5 },
      { x: 3 },
      { x: 2 },
    ]);
    expect([...prediction.answered]).toEqual([1, 0, 0]);
    expect(prediction.outputs.columns.get("p")?.values).toEqual(Float32Array.of(0.5, 0, 0));
    expect(codes(prediction.rejections)).toEqual([
      "1 outputs.p output.not-a-number",
      "2 outputs.p output.range",
    ]);
  });

  it("counts a threshold of a float32 as the model can say it", async () => {
    const { runner } = fakeRunner(() => 0.7);
    const prediction = await createPredictor({ contract, runner }).predictRecords([{ x: 1 }]);
    expect(prediction.decisions).toEqual(Uint8Array.of(1));
  });

  it("runs many rows in parts", async () => {
    const { runner, fed } = fakeRunner();
    const records = Array.from({ length: 10_000 }, (_, i) => ({ x: (i % 101) / 2 }));
    const prediction = await createPredictor({ contract, runner }).predictRecords(records);
    expect(fed.length).toBeGreaterThan(1);
    expect(prediction.answered.every((flag) => flag === 1)).toBe(true);
    const wanted = Float32Array.from(records, ({ x }) => x / 100);
    expect(prediction.outputs.columns.get("p")?.values).toEqual(wanted);
  });

  it("runs row by row where the model takes one at a time", async () => {
    const { runner, fed } = fakeRunner(undefined, {
      inputs: [
        { name: "x", type: "float32", shape: [1, 1] },
        { name: "name", type: "string", shape: [1] },
        { name: "n", type: "int64", shape: [1, 1] },
      ],
    });
    const prediction = await createPredictor({ contract, runner }).predictRecords([{ x: 1 }, { x: 2 }]);
    expect(fed).toHaveLength(2);
    expect(prediction.outputs.columns.get("p")?.values).toEqual(Float32Array.of(0.01, 0.02));
  });

  it("takes a table without one of its columns as missing values", async () => {
    const { runner, fed } = fakeRunner();
    const column = { type: "float32", shape: [], values: Float32Array.of(5) } as const;
    const predictor = createPredictor({ contract, runner });
    const prediction = await predictor.predict({ rows: 1, columns: new Map([["x", column]]) });
    expect(prediction.answered).toEqual(Uint8Array.of(1));
    expect(fed[0]?.get("name")?.values).toEqual(["nobody"]);
  });
});

describe("a model that fails", () => {
  it("on one row does not take its neighbours with it", async () => {
    const { runner } = fakeRunner((x) => {
      if (x === 13) throw new BatonError("internal", "ONNX Runtime failed: bad luck");
      return x / 100;
    });
    const prediction = await createPredictor({ contract, runner }).predictRecords([
      { x: 1 },
      { x: 13 },
      { x: 2 },
      { x: 13 },
      { x: 3 },
    ]);
    expect([...prediction.answered]).toEqual([1, 0, 1, 0, 1]);
    expect(codes(prediction.rejections)).toEqual(["1 outputs output.failed", "3 outputs output.failed"]);
    expect(prediction.rejections[0]?.received).toContain("bad luck");
  });

  it("does not repeat a message that may hold sensitive values", async () => {
    const { runner } = fakeRunner(() => {
      throw new BatonError("internal", "unknown category Lab");
    });
    const features = contract.features.map((f) => (f.name === "name" ? { ...f, sensitive: true } : f));
    const predictor = createPredictor({ contract: { ...contract, features }, runner });
    const prediction = await predictor.predictRecords([{ x: 1, name: "Lab" }]);
    expect(JSON.stringify(prediction.rejections)).not.toContain("Lab");
  });

  it("for good ends the call", async () => {
    const { runner } = fakeRunner(undefined, {
      run: async () => {
        throw new BatonError("unavailable", "The model has been closed.");
      },
    });
    await expect(createPredictor({ contract, runner }).predictRecords([{ x: 1 }])).rejects.toThrow(/closed/);
  });

  it("by giving another shape than it promised is told so", async () => {
    const { runner } = fakeRunner(undefined, {
      run: async () => new Map([["p", { type: "float32", shape: [1, 3], values: new Float32Array(3) }]]),
    });
    await expect(createPredictor({ contract, runner }).predictRecords([{ x: 1 }])).rejects.toMatchObject({
      code: "output-invalid",
    });
  });

  it("to match the contract is refused before the first call", () => {
    const { runner } = fakeRunner(undefined, { outputs: [] });
    expect(() => createPredictor({ contract, runner })).toThrow(/no output `p`/);
  });
});

describe("models of other forms", () => {
  it("one [N, k] tensor for all features", async () => {
    const features = [
      featureOf("a", "float32"),
      featureOf("b", "int32", { missingAs: 9 }),
      featureOf("c", "boolean", { missingAs: true }),
    ];
    const { runner, fed } = fakeRunner(undefined, {
      inputs: [{ name: "x", type: "float32", shape: [-1, 3] }],
      run: async (feeds) => {
        fed.push(feeds);
        return new Map([["p", { type: "float32", shape: [2], values: Float32Array.of(0.25, 0.75) }]]);
      },
    });
    const packed = contractOf({ features, outputs: contract.outputs });
    const prediction = await createPredictor({ contract: packed, runner }).predictRecords([
      { a: 1, b: 2, c: false },
      {},
    ]);
    expect(fed[0]?.get("x")).toEqual({
      type: "float32",
      shape: [2, 3],
      values: Float32Array.of(1, 2, 0, Number.NaN, 9, 1),
    });
    expect([...prediction.answered]).toEqual([1, 1]);
  });

  it("two columns of [N, 2] probabilities, and a shaped output", async () => {
    const { runner } = fakeRunner(undefined, {
      outputs: [{ name: "both", type: "float32", shape: [-1, 2] }],
      run: async (feeds) => {
        const x = (feeds.get("x") as Tensor).values as Float32Array;
        const values = Float32Array.from([...x].flatMap((v) => [1 - v / 100, v / 100]));
        return new Map([["both", { type: "float32", shape: [x.length, 2], values }]]);
      },
    });
    const outputs = [
      outputOf("no", { tensor: "both", column: 0 }),
      outputOf("yes", { tensor: "both", column: 1 }),
      outputOf("both", { shape: [2] }),
    ];
    const prediction = await createPredictor({ contract: { ...contract, outputs }, runner }).predictRecords([
      { x: 25 },
      { x: 500 },
      { x: 50 },
    ]);
    const answers = recordsOf(prediction, ["a", null, 3]);
    expect(answers[0]).toEqual({
      id: "a",
      outputs: { no: 0.75, yes: 0.25, both: [0.75, 0.25] },
      warnings: [],
    });
    expect(answers[1]).toMatchObject({
      id: null,
      rejections: [{ clause: "features.x", path: "records[1].x" }],
    });
    expect(answers[2]).toMatchObject({ id: 3, outputs: { both: [0.5, 0.5] } });
  });

  it("values of open size: rows of one size are run together, and every row comes back in its place", async () => {
    const features = [featureOf("wave", "float32", { shape: [-1] })];
    const shapes: string[] = [];
    const { runner } = fakeRunner(undefined, {
      inputs: [{ name: "wave", type: "float32", shape: [-1, -1] }],
      run: async (feeds) => {
        const { shape, values } = feeds.get("wave") as Tensor;
        shapes.push(shape.join("x"));
        const [rows = 0, width = 0] = shape;
        const sums = Array.from({ length: rows }, (_, row) =>
          (values as Float32Array).slice(row * width, (row + 1) * width).reduce((a, b) => a + b, 0),
        );
        return new Map([["p", { type: "float32", shape: [rows, 1], values: Float32Array.from(sums) }]]);
      },
    });
    const open: Contract = contractOf({ features, outputs: [outputOf("p", { threshold: 0.5 })] });
    const prediction = await createPredictor({ contract: open, runner }).predictRecords([
      { wave: [0.5] },
      { wave: [0.25, 0.5] },
      { wave: "x" },
      { wave: [0.125] },
      {},
    ]);
    expect(shapes).toEqual(["2x1", "1x2"]);
    expect(prediction.outputs.columns.get("p")?.values).toEqual(Float32Array.of(0.5, 0.75, 0, 0.125, 0));
    expect(prediction.decisions).toEqual(Uint8Array.of(1, 1, 0, 0, 0));
    expect(prediction.rejections.map((v) => `${v.path} ${v.code}`)).toEqual([
      "records[2].wave input.shape",
      "records[4].wave input.missing",
    ]);
  });
});

describe("observers", () => {
  const seen = (observer: Partial<PredictionObserver>) => ({ observed: () => undefined, ...observer });

  it("see table, prediction and duration, after the reply", async () => {
    const { runner } = fakeRunner();
    const calls: [number, number, number][] = [];
    let clock = 0;
    const observer = seen({
      observed: (table, prediction, ms) => calls.push([table.rows, prediction.rows, ms]),
    });
    const predictor = createPredictor({ contract, runner, observer, now: () => (clock += 5) });
    await predictor.predictRecords([{ x: 1 }, { x: -1 }]);
    expect(calls).toEqual([]);
    await new Promise(setImmediate);
    expect(calls).toEqual([[2, 2, 5]]);
  });

  it("cannot break the path by throwing or by rejecting", async () => {
    const { runner } = fakeRunner();
    const observers = [
      seen({
        observed: () => {
          throw new Error("broken");
        },
      }),
      seen({ observed: () => Promise.reject(new Error("late")) as unknown as undefined }),
    ];
    for (const observer of observers) {
      const prediction = await createPredictor({ contract, runner, observer }).predictRecords([{ x: 1 }]);
      await new Promise(setImmediate);
      expect([...prediction.answered]).toEqual([1]);
    }
  });

  it("that fall behind miss calls, and are told how many", async () => {
    const { runner } = fakeRunner();
    let shown = 0;
    let missed = 0;
    const observer = seen({ observed: () => shown++, dropped: (calls) => (missed += calls) });
    const predictor = createPredictor({ contract, runner, observer });
    const flood = Array.from({ length: 1500 }, () => predictor.predictRecords([{ x: -1 }]));
    await Promise.all(flood);
    await new Promise(setImmediate);
    expect([shown, missed]).toEqual([1024, 476]);
  });
});

it("finds the id of a record by what the contract names", () => {
  const named = contractOf({
    labels: { key: "flight", arriveAfter: "1d" },
    data: { references: [], key: "row" },
  });
  const records = [
    { id: "a", flight: "b" },
    { flight: "b", row: 4 },
    { row: 4 },
    {},
    { id: { x: 1 } },
    null,
    7,
  ];
  expect(idsOf(named, records)).toEqual(["a", "b", 4, null, null, null, null]);
});
