import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { consistency } from "../consistency/consistency.ts";
import { completeness } from "../levels/completeness.ts";
import { parseContract } from "../written/parse-contract.ts";
import { draftContract } from "./draft-contract.ts";
import type { DraftInput } from "./draft-facts.ts";

function draft(input: DraftInput) {
  const drafted = draftContract(input);
  const parsed = parseContract({
    text: drafted.yaml,
    file: "baton.yaml",
    readTable: () => drafted.featureTable,
  });
  const { contract, positionOf } = parsed;
  const findings = contract
    ? [...parsed.findings, ...completeness(contract, positionOf), ...consistency(contract, positionOf)]
    : parsed.findings;
  return { ...drafted, contract, findings, blocking: findings.filter((f) => f.severity === "blocking") };
}

const flights: DraftInput = {
  name: "flight_delay.onnx",
  modelPath: "model/flight_delay.onnx",
  onnx: {
    opset: 17,
    inputs: [
      { name: "carrier", type: "string", shape: [-1, 1] },
      { name: "hour", type: "int64", shape: [-1, 1] },
      { name: "wind", type: "float32", shape: [-1] },
      { name: "image", type: "float32", shape: [-1, 28, 28] },
    ],
    outputs: [
      { name: "label", type: "int64", shape: [-1] },
      { name: "probabilities", type: "float32", shape: [-1, 2] },
    ],
  },
  data: {
    path: "data/train.parquet",
    rows: 100,
    columns: [
      {
        name: "carrier",
        type: "VARCHAR",
        rows: 100,
        missing: 2,
        distinct: 3,
        values: [
          { value: "UA", count: 50 },
          { value: "NO", count: 30 },
          { value: "007", count: 18 },
        ],
      },
      { name: "hour", type: "BIGINT", rows: 100, missing: 0, min: 5n, max: 23n, distinct: 19 },
      { name: "wind", type: "FLOAT", rows: 100, missing: 5, min: 0, max: 42.5 },
      { name: "late", type: "BOOLEAN", rows: 100, missing: 0, distinct: 2 },
      { name: "flight_id", type: "VARCHAR", rows: 100, missing: 0, distinct: 100 },
      { name: "departure", type: "TIMESTAMP", rows: 100, missing: 0, distinct: 99 },
    ],
  },
};

describe("a draft from a model and data", () => {
  const { contract, yaml, questions, featureTable } = draft(flights);

  it("takes names, types and shapes from the model, what is usual from the data", () => {
    expect(contract?.features).toMatchObject([
      {
        name: "carrier",
        type: "string",
        shape: [],
        missing: "allowed",
        values: ["007", "NO", "UA"],
        unknown: "warn",
      },
      { name: "hour", type: "int64", shape: [], expected: [5, 23], undecided: ["missing", "sensitive"] },
      { name: "wind", type: "float32", shape: [], expected: [0, 42.5], missing: "allowed" },
      { name: "image", type: "float32", shape: [28, 28] },
    ]);
    expect(contract?.outputs).toMatchObject([
      { name: "probability", tensor: "probabilities", column: 1, shape: [] },
    ]);
    expect(contract).toMatchObject({
      level: "handed-over",
      model: { name: "flight-delay", task: "binary-classification" },
    });
  });

  it("forbids nothing and decides nothing that a sample cannot show", () => {
    expect(contract?.features.some((f) => f.range)).toBe(false);
    expect(featureTable).not.toContain("reject");
    expect(contract?.data).toMatchObject({ training: "data/train.parquet" });
    expect(contract?.data.label).toBeUndefined();
    expect(yaml).toContain("# label: late");
    expect(yaml).toContain("# key: flight_id");
    expect(yaml).toContain("time: departure");
  });

  it("asks with the line to edit", () => {
    const lines = { "baton.yaml": yaml.split("\n"), "features.csv": featureTable.split("\n") };
    const lineOf = (id: string) => {
      const question = questions.find((q) => q.id === id);
      return lines[question?.file as "baton.yaml"]?.[(question?.line ?? 0) - 1];
    };
    expect(lineOf("use")).toMatch(/^use:/);
    expect(lineOf("owners")).toMatch(/^owners:/);
    expect(lineOf("data")).toMatch(/label: late/);
    expect(lineOf("golden")).toMatch(/golden/);
    expect(lineOf("gates")).toMatch(/gates/);
    expect(lineOf("lock")).toMatch(/lock/);
    expect(lineOf("on-failure")).toMatch(/on-failure/);
    expect(lineOf("missing")).toMatch(/^hour,/);
    expect(lineOf("missing-as")).toMatch(/^carrier,/);
  });

  it("is complete once every question is answered on its line", () => {
    const answers: Record<string, (line: string) => string> = {
      use: () => "use: Warns passengers. Never for paying crews.",
      owners: (line) => line.replace('"?"', "a@example.org").replace('"?"', "b@example.org"),
    };
    const answered = yaml.split("\n").map((line, index) => {
      const question = questions.find((q) => q.file === "baton.yaml" && q.line === index + 1);
      const answer = question && answers[question.id];
      return answer ? answer(line) : question || line.includes("joint:") ? line.replace(/# /, "") : line;
    });
    const table = featureTable
      .replace(/^hour,int64,,,/m, "hour,int64,,reject,")
      .replace(/^image,float32,,,/m, "image,float32,,reject,")
      .replace(/^carrier,string,,allowed/m, "carrier,string,,reject");
    const parsed = parseContract({ text: answered.join("\n"), file: "baton.yaml", readTable: () => table });
    expect(parsed.findings).toEqual([]);
    const rest = [
      ...completeness(parsed.contract!, parsed.positionOf),
      ...consistency(parsed.contract!, parsed.positionOf),
    ];
    expect(rest.filter((f) => f.severity === "blocking")).toEqual([]);
  });
});

describe("a sketch", () => {
  it("is a template that two teams can fill in", () => {
    const { contract, blocking, questions } = draft({ name: "My Model", sketch: true });
    expect(contract).toMatchObject({ level: "sketch", model: { name: "my-model", version: "0.1.0" } });
    expect(blocking.map((f) => f.code).sort()).toEqual([
      "contract.needs-gates",
      "contract.needs-owner",
      "contract.needs-use",
    ]);
    expect(questions.map((q) => q.id)).toEqual(["owners", "use", "gates"]);
  });

  it("takes its features from the data where there is some, without label, key and time", () => {
    const { contract } = draft({ name: "m", sketch: true, data: flights.data! });
    expect(contract?.features.map((f) => `${f.name} ${f.type}`)).toEqual([
      "carrier string",
      "hour int64",
      "wind float32",
    ]);
  });
});

describe("models that cannot be served as they are", () => {
  it("are told what they lack", () => {
    const { contract, questions, yaml } = draft({
      name: "silero",
      modelPath: "model/silero.onnx",
      onnx: {
        inputs: [
          { name: "input", type: "float16", shape: [-1, -1] },
          { name: "state", type: "float32", shape: [2, -1, 128] },
          { name: "sr", type: "int64", shape: [] },
        ],
        outputs: [
          { name: "scores", type: "sequence", shape: [] },
          { name: "output", type: "float32", shape: [-1, 1] },
        ],
      },
    });
    expect(contract).toBeDefined();
    const text = questions.find((q) => q.id === "model")?.text ?? "";
    for (const part of ["float16", "`state`", "`sr`", "zipmap"]) expect(text).toContain(part);
    expect(yaml).toContain("# `sr` has the shape [] and no batch dimension");
  });
});

describe("a model with 60 features", () => {
  it("gives at most ten questions and ten blocking findings", () => {
    const types = ["float32", "int64", "string", "boolean"];
    const tensors = Array.from({ length: 60 }, (_, i) => ({
      name: `f${i}`,
      type: types[i % 4]!,
      shape: [-1, 1],
    }));
    const columns = tensors.map(({ name }, i) => ({
      name,
      type: "VARCHAR",
      rows: 9,
      missing: i % 3,
      distinct: 9,
    }));
    const { questions, blocking } = draft({
      name: "wide",
      modelPath: "model/wide.onnx",
      onnx: { inputs: tensors, outputs: [{ name: "p", type: "float32", shape: [-1, 1] }] },
      data: { path: "data/train.csv", rows: 9, columns },
    });
    expect(questions.length).toBeLessThanOrEqual(10);
    expect(blocking.length).toBeLessThanOrEqual(10);
  });
});

describe("whatever the model and the data look like", () => {
  const name = fc.oneof(
    fc.string({ minLength: 1, maxLength: 10 }),
    fc.constantFrom("a, b", '"q"', "no", "#x", "a: b", "1", "x\ny", "__proto__", "=1+1", "{}", "€"),
  );
  const type = fc.constantFrom("float32", "float64", "int32", "int64", "string", "boolean", "float16", "map");
  const shape = fc.oneof(
    fc.constant([-1, 1]),
    fc.constant([-1]),
    fc.array(fc.integer({ min: -1, max: 9 }), { maxLength: 4 }),
  );
  const tensor = fc.record({ name, type, shape });
  const tensors = (min: number, max: number) =>
    fc.uniqueArray(tensor, { selector: (t) => t.name.trim(), minLength: min, maxLength: max });
  const column = fc.record(
    {
      name,
      type: fc.constantFrom(
        "DOUBLE",
        "FLOAT",
        "BIGINT",
        "INTEGER",
        "VARCHAR",
        "BOOLEAN",
        "TIMESTAMP",
        "STRUCT(a INTEGER)",
        "DECIMAL(18,3)",
      ),
      rows: fc.constant(50),
      missing: fc.nat(50),
      min: fc.oneof(fc.double(), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n }), fc.constant(null)),
      max: fc.oneof(fc.double(), fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n }), fc.constant(null)),
      distinct: fc.nat(50),
      values: fc.array(fc.record({ value: fc.string({ maxLength: 6 }), count: fc.nat(9) }), { maxLength: 5 }),
    },
    { requiredKeys: ["name", "type", "rows", "missing"] },
  );
  const input = tensors(1, 12).chain((inputs) =>
    fc.record(
      {
        name: fc.string({ maxLength: 20 }),
        modelPath: fc.constantFrom("model/a.onnx", "/abs.onnx", "a b#.onnx", "model/ü.onnx"),
        onnx: fc.record({ inputs: fc.constant(inputs), outputs: tensors(1, 3) }),
        data: fc.record({
          path: fc.constantFrom("data/t.parquet", "../t.csv", "data/x: y.csv"),
          rows: fc.constant(50),
          columns: fc.uniqueArray(
            fc.oneof(
              column,
              column.map((c) => ({ ...c, name: inputs[0]!.name })),
            ),
            {
              selector: (c) => c.name.trim(),
              maxLength: 8,
            },
          ),
        }),
        sketch: fc.boolean(),
      },
      { requiredKeys: ["name"] },
    ),
  ) as fc.Arbitrary<DraftInput>;

  it("the draft can be read, says nothing untrue, and asks at most ten questions", () => {
    fc.assert(
      fc.property(input, (facts) => {
        const { contract, findings, questions, blocking, yaml } = draft(facts);
        expect(contract, JSON.stringify(findings)).toBeDefined();
        expect(questions.length).toBeLessThanOrEqual(10);
        expect(new Set(blocking.map((f) => f.code)).size).toBe(blocking.length);
        expect(contract?.features.some((f) => f.range)).toBe(false);
        for (const question of questions.filter((q) => q.file === "baton.yaml"))
          expect(question.line).toBeLessThanOrEqual(yaml.split("\n").length);
      }),
      { numRuns: 80 },
    );
  });
});
