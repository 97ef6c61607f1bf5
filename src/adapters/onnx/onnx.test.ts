import { readFileSync } from "node:fs";
import { InferenceSession } from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import { contractOf, featureOf, outputOf } from "../../../test/support/contract-of.ts";
import { onnxModel, type WrittenModel } from "../../../test/support/onnx-model.ts";
import { bindInputs, bindOutputs, createPredictor, recordsOf, type Tensor } from "../../inference/index.ts";
import { BatonError } from "../../kernel/index.ts";
import { inspectOnnx } from "./inspect-onnx.ts";
import { openOnnxModel } from "./open-onnx-model.ts";
import { runtimeLimits } from "./runtime-limits.ts";

const identity = (
  type: "float32" | "float64" | "int32" | "int64" | "string" | "boolean",
  as: Partial<WrittenModel> = {},
) =>
  onnxModel({
    inputs: [{ name: "x", type, shape: ["N", 2] }],
    outputs: [{ name: "y", type, shape: ["N", 2] }],
    nodes: [{ op: "Identity", inputs: ["x"], outputs: ["y"] }],
    ...as,
  });

/** p = sigmoid(x · w), as [N, 2] probabilities, and a label. */
const classifier = onnxModel({
  inputs: [{ name: "X", type: "float32", shape: ["N", 2] }],
  outputs: [
    { name: "label", type: "int64", shape: ["N"] },
    { name: "probabilities", type: "float32", shape: ["N", 2] },
  ],
  nodes: [
    { op: "MatMul", inputs: ["X", "w"], outputs: ["score"] },
    { op: "Sigmoid", inputs: ["score"], outputs: ["yes"] },
    { op: "Sub", inputs: ["one", "yes"], outputs: ["no"] },
    { op: "Concat", inputs: ["no", "yes"], outputs: ["probabilities"], attributes: { axis: 1n } },
    { op: "ArgMax", inputs: ["probabilities"], outputs: ["label"], attributes: { axis: 1n, keepdims: 0n } },
  ],
  initializers: [
    { name: "w", type: "float32", dims: [2, 1], values: [1, -1] },
    { name: "one", type: "float32", dims: [1], values: [1] },
  ],
});

async function thrownBy(work: () => unknown): Promise<BatonError> {
  try {
    await work();
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(BatonError);
    return thrown as BatonError;
  }
  throw new Error("Nothing was thrown.");
}

describe("running a model", () => {
  it.each<Tensor>([
    { type: "float32", shape: [1, 2], values: Float32Array.of(0.1, Number.NaN) },
    { type: "float64", shape: [1, 2], values: Float64Array.of(0.1, -0) },
    { type: "int32", shape: [1, 2], values: Int32Array.of(-(2 ** 31), 7) },
    { type: "int64", shape: [1, 2], values: BigInt64Array.of(2n ** 63n - 1n, -(2n ** 63n)) },
    { type: "string", shape: [1, 2], values: ["", "Zürich ✈️"] },
    { type: "boolean", shape: [1, 2], values: Uint8Array.of(1, 0) },
  ])("carries $type there and back unchanged", async (tensor) => {
    const runner = await openOnnxModel(identity(tensor.type));
    expect(runner.inputs).toEqual([{ name: "x", type: tensor.type, shape: [-1, 2] }]);
    const results = await runner.run(new Map([["x", tensor]]));
    expect(results.get("y")).toEqual(tensor);
    await runner.close();
  });

  it("reads views with an offset, and bytes in shared memory", async () => {
    const model = identity("float32");
    const shared = new Uint8Array(new SharedArrayBuffer(model.length + 3), 3);
    shared.set(model);
    const runner = await openOnnxModel(shared);
    const values = Float32Array.of(9, 1, 2).subarray(1);
    const results = await runner.run(new Map([["x", { type: "float32", shape: [1, 2], values }]]));
    expect(results.get("y")?.values).toEqual(Float32Array.of(1, 2));
    await runner.close();
  });

  it("fails as `internal` where the runtime fails, and goes on working", async () => {
    const runner = await openOnnxModel(identity("float32"));
    const error = await thrownBy(() =>
      runner.run(new Map([["x", { type: "float32", shape: [1, 3], values: new Float32Array(3) }]])),
    );
    expect(error.code).toBe("internal");
    expect(error.message).not.toContain("onnxruntime_src");
    const missing = await thrownBy(() => runner.run(new Map()));
    expect(missing.code).toBe("internal");
    const results = await runner.run(
      new Map([["x", { type: "float32", shape: [0, 2], values: new Float32Array(0) }]]),
    );
    expect(results.get("y")?.values).toHaveLength(0);
    await runner.close();
  });

  it("waits for what runs when it is closed, closes once, and then refuses", async () => {
    const runner = await openOnnxModel(identity("float32"));
    const feeds = new Map([
      ["x", { type: "float32", shape: [1, 2], values: Float32Array.of(1, 2) } as const],
    ]);
    const running = runner.run(feeds);
    await Promise.all([runner.close(), runner.close()]);
    expect((await running).get("y")?.values).toEqual(Float32Array.of(1, 2));
    expect((await thrownBy(() => runner.run(feeds))).code).toBe("unavailable");
  });

  it("answers [N, 2] probabilities through the contract, packed from named features", async () => {
    const contract = contractOf({
      features: [featureOf("a", "float32"), featureOf("b", "float32", { range: [0, 10] })],
      outputs: [outputOf("late", { tensor: "probabilities", column: 1, range: [0, 1], threshold: 0.5 })],
    });
    const runner = await openOnnxModel(classifier);
    const predictor = createPredictor({ contract, runner });
    const answers = recordsOf(
      await predictor.predictRecords([
        { a: 2, b: 1 },
        { a: 1, b: 99 },
        { a: 1, b: 2 },
      ]),
    );
    const late = (score: number) => expect.closeTo(1 / (1 + Math.exp(-score)), 6);
    expect(answers).toMatchObject([
      { outputs: { late: late(1) }, decision: true },
      { rejections: [{ code: "input.range" }] },
      { outputs: { late: late(-1) }, decision: false },
    ]);
    await predictor.close();
  });

  it("takes a string with a mapping of categories", async () => {
    const model = onnxModel({
      opsets: { "": 17, "ai.onnx.ml": 2 },
      inputs: [{ name: "origin", type: "string", shape: ["N", 1] }],
      outputs: [{ name: "code", type: "int64", shape: ["N", 1] }],
      nodes: [
        {
          op: "LabelEncoder",
          domain: "ai.onnx.ml",
          inputs: ["origin"],
          outputs: ["code"],
          attributes: { keys_strings: ["EWR", "Zürich"], values_int64s: [1n, 2n], default_int64: -1n },
        },
      ],
    });
    const contract = contractOf({
      features: [featureOf("origin", "string", { missingAs: "EWR" })],
      outputs: [outputOf("code", { type: "int64" })],
    });
    const predictor = createPredictor({ contract, runner: await openOnnxModel(model) });
    const { outputs } = await predictor.predictRecords([{ origin: "Zürich" }, {}, { origin: "nowhere" }]);
    expect(outputs.columns.get("code")?.values).toEqual(BigInt64Array.of(2n, 1n, -1n));
    await predictor.close();
  });
});

describe("models that cannot be loaded", () => {
  const graph = { op: "Identity", inputs: ["x"], outputs: ["y"] };

  it.each([
    ["a newer operator set", { opsets: { "": 27 } }, /operator set ai\.onnx 27.*up to 26/],
    ["a newer set of ML operators", { opsets: { "": 17, "ai.onnx.ml": 6 } }, /ai\.onnx\.ml 6.*up to 5/],
    ["a newer file format", { irVersion: 14 }, /version 14.*up to 13/],
    [
      "operators of its own",
      { opsets: { "": 17, "com.acme": 1 }, nodes: [{ ...graph, domain: "com.acme" }] },
      /com\.acme/,
    ],
    [
      "weights elsewhere",
      {
        nodes: [{ op: "Add", inputs: ["x", "w"], outputs: ["y"] }],
        initializers: [
          { name: "w", type: "float32" as const, dims: [2], values: [], external: "/etc/passwd" },
        ],
      },
      /other files \(\/etc\/passwd\)/,
    ],
    [
      "an operator that is not there",
      { nodes: [{ ...graph, op: "Levitate" }] },
      /ONNX Runtime cannot load.*Levitate/,
    ],
    [
      "an input of a type that Baton does not carry",
      {
        inputs: [{ name: "x", type: "float16" as const, shape: ["N", 2] }],
        outputs: [{ name: "y", type: "float16" as const, shape: ["N", 2] }],
      },
      /input `x` is float16/,
    ],
  ] satisfies [string, Partial<WrittenModel>, RegExp][])("%s", async (_, parts, message) => {
    const error = await thrownBy(() => openOnnxModel(identity("float32", parts)));
    expect(error.code).toBe("model-unloadable");
    expect(error.message).toMatch(message);
    expect(error.next).toBeTruthy();
  });

  it("is where the runtime's limits stand, and not before", async () => {
    const atTheLimit: Partial<WrittenModel>[] = [
      { opsets: { "": 26 } },
      { opsets: { "": 17, "ai.onnx.ml": 5 } },
      { irVersion: 13 },
    ];
    for (const parts of atTheLimit) {
      const runner = await openOnnxModel(identity("float32", parts));
      await runner.close();
    }
    const beyond: Partial<WrittenModel>[] = [
      { opsets: { "": 27 } },
      { opsets: { "": 17, "ai.onnx.ml": 6 } },
      { irVersion: 14 },
    ];
    for (const parts of beyond)
      await expect(
        InferenceSession.create(identity("float32", parts), { logSeverityLevel: 4 }),
      ).rejects.toThrow();
    const { version } = JSON.parse(readFileSync("node_modules/onnxruntime-node/package.json", "utf8")) as {
      version: string;
    };
    expect(runtimeLimits.runtime).toBe(`onnxruntime-node ${version}`);
  });

  it.each([
    ["nothing", new Uint8Array(0)],
    ["text", new TextEncoder().encode("version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n")],
    ["noise", Uint8Array.from({ length: 500 }, (_, i) => (i * 7919) % 256)],
    ["half a model", identity("float32").subarray(0, 60)],
  ])("%s", async (_, bytes) => {
    const error = await thrownBy(() => openOnnxModel(bytes));
    expect(error.code).toBe("model-unloadable");
    expect(error.message).toMatch(/^The file is not an ONNX model/);
  });

  it("an output of another kind is listed, and does not hinder the rest", async () => {
    const model = identity("float32", {
      outputs: [
        { name: "y", type: "float32", shape: ["N", 2] },
        { name: "all", type: "sequence" },
      ],
      nodes: [graph, { op: "SequenceConstruct", inputs: ["x"], outputs: ["all"] }],
    });
    const runner = await openOnnxModel(model);
    expect(runner.outputs.map((output) => output.type)).toEqual(["float32", "sequence or map"]);
    const feeds = new Map([
      ["x", { type: "float32", shape: [1, 2], values: Float32Array.of(1, 2) } as const],
    ]);
    expect([...(await runner.run(feeds)).keys()]).toEqual(["y"]);
    const wanted = contractOf({ outputs: [outputOf("all")] });
    expect(bindOutputs(wanted, runner).problems.map((p) => p.code)).toContain("model.output-type");
    await runner.close();
  });
});

describe("what a file says about itself", () => {
  it("is read without loading it", () => {
    const facts = inspectOnnx(
      identity("string", {
        irVersion: 9,
        producer: "hand",
        opsets: { "": 18, "ai.onnx.ml": 3, "com.acme": 2 },
        inputs: [
          { name: "x", type: "string", shape: ["N", 2] },
          { name: "w", type: "float32", shape: [2] },
          { name: "u", type: "uint8" },
        ],
        outputs: [{ name: "y", type: "sequence" }],
        nodes: [{ op: "Fly", domain: "com.acme", inputs: ["x"], outputs: ["y"] }],
        initializers: [{ name: "w", type: "float32", dims: [2], values: [1, 2] }],
      }),
    );
    expect(facts).toEqual({
      irVersion: 9,
      producer: "hand",
      opset: 18,
      opsets: { "ai.onnx": 18, "ai.onnx.ml": 3, "com.acme": 2 },
      customDomains: ["com.acme"],
      inputs: [
        { name: "x", type: "string", shape: [-1, 2] },
        { name: "u", type: "uint8", shape: [] },
      ],
      outputs: [{ name: "y", type: "sequence", shape: [] }],
      externalData: [],
      nodes: 1,
    });
  });

  it("agrees with the runtime about the example, whose features bind to it", async () => {
    const bytes = readFileSync("examples/flight-delay/model/flight_delay.onnx");
    const facts = inspectOnnx(bytes);
    const runner = await openOnnxModel(bytes);
    expect(facts.inputs).toEqual(runner.inputs);
    expect(facts.outputs).toEqual(runner.outputs);
    const features = facts.inputs.map(({ name, type }) => featureOf(name, type as "float32"));
    const contract = contractOf({ features, outputs: [outputOf("late_probability")] });
    expect([...bindInputs(contract, runner).problems, ...bindOutputs(contract, runner).problems]).toEqual([]);
    await runner.close();
  });
});
