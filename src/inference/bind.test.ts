import { describe, expect, it } from "vitest";
import { contractOf, featureOf, outputOf } from "../../test/support/contract-of.ts";
import type { Contract } from "../contract/index.ts";
import { bindInputs } from "./bind-inputs.ts";
import { bindOutputs } from "./bind-outputs.ts";
import type { TensorInfo } from "./model-runner.ts";

const info = (name: string, type: TensorInfo["type"], ...shape: number[]): TensorInfo => ({
  name,
  type,
  shape,
});
const codes = (problems: readonly { code: string; path?: string }[]) =>
  problems.map((p) => `${p.code} ${p.path ?? ""}`);
const inputs = (features: Contract["features"], ...tensors: TensorInfo[]) =>
  bindInputs(contractOf({ features }), { inputs: tensors });
const outputs = (output: Contract["outputs"][number], ...tensors: TensorInfo[]) =>
  codes(bindOutputs(contractOf({ outputs: [output] }), { outputs: tensors }).problems);

describe("inputs", () => {
  it.each([[[-1]], [[-1, 1]], [[-1, -1]], [[1, 1]], [[1]]])("a scalar fits %j", (shape) => {
    expect(inputs([featureOf("x", "float32")], info("x", "float32", ...shape)).problems).toEqual([]);
  });

  it.each([[[]], [[-1, 2]], [[-1, 1, 1]]])("a scalar does not fit %j", (shape) => {
    const bound = inputs([featureOf("x", "float32")], info("x", "float32", ...shape));
    expect(codes(bound.problems)).toEqual(["model.input-shape features[0]"]);
  });

  it.each([
    [[3], [-1, 3], true],
    [[-1], [-1, -1], true],
    [[3], [-1, -1], true],
    [[3], [-1, 4], false],
    [[3], [-1, 3, 1], false],
    [[2, 3], [-1, 2, 3], true],
    [[2, 3], [-1, 3, 2], false],
  ])("rows of %j in %j: %s", (row, tensor, fits) => {
    const bound = inputs([featureOf("x", "float32", { shape: row })], info("x", "float32", ...tensor));
    expect(bound.problems.length === 0).toBe(fits);
  });

  it("that differ are all named: type, name, and what the model wants beside", () => {
    const bound = inputs(
      [featureOf("wind", "float64"), featureOf("orgin", "string"), featureOf("hour", "int64")],
      info("wind", "float32", -1, 1),
      info("origin", "string", -1, 1),
      info("hour", "float16", -1, 1),
    );
    expect(codes(bound.problems)).toEqual([
      "model.input-type features[0].type",
      "model.input-absent features[1].name",
      "model.input-type features[2].type",
      "model.input-undeclared features",
    ]);
    expect(bound.problems[1]?.message).toContain("it has `origin`");
  });

  it("with a fixed number of rows are run one by one, or refused", () => {
    expect(inputs([featureOf("x", "float32")], info("x", "float32", 1, 1)).mostRows).toBe(1);
    const batch = inputs([featureOf("x", "float32")], info("x", "float32", 8, 1));
    expect(codes(batch.problems)).toEqual(["model.batch-fixed "]);
  });
});

describe("one tensor for all features", () => {
  const numbers = [featureOf("a", "float32"), featureOf("b", "int64"), featureOf("c", "boolean")];

  it("takes them as columns in the contract's order", () => {
    const { bindings, problems } = inputs(numbers, info("X", "float32", -1, 3));
    expect(problems).toEqual([]);
    expect(bindings).toMatchObject([
      { kind: "packed", features: [{ name: "a" }, { name: "b" }, { name: "c" }] },
    ]);
  });

  it.each([
    ["another width", numbers, [info("X", "float32", -1, 4)]],
    ["an open width", numbers, [info("X", "float32", -1, -1)]],
    ["integers", numbers, [info("X", "int64", -1, 3)]],
    ["a string feature", [...numbers.slice(0, 2), featureOf("s", "string")], [info("X", "float32", -1, 3)]],
    ["a second input", numbers, [info("X", "float32", -1, 3), info("Y", "float32", -1, 1)]],
    [
      "a feature of its name",
      [...numbers.slice(0, 2), featureOf("X", "float32")],
      [info("X", "float32", -1, 3)],
    ],
  ])("is not guessed with %s", (_, features, tensors) => {
    const { bindings, problems } = inputs(features, ...tensors);
    expect(bindings.some((binding) => binding.kind === "packed")).toBe(false);
    expect(problems.length).toBeGreaterThan(0);
  });
});

it.each([[4], [-1]])("one tensor of another width (%i) is one problem, not one for each feature", (width) => {
  const numbers = [featureOf("a", "float32"), featureOf("b", "int64"), featureOf("c", "boolean")];
  expect(codes(inputs(numbers, info("X", "float32", -1, width)).problems)).toEqual([
    "model.input-shape features",
  ]);
});

describe("outputs", () => {
  it.each([
    ["[N]", outputOf("p"), info("p", "float32", -1), []],
    ["[N, 1]", outputOf("p"), info("p", "float32", -1, 1), []],
    ["no shape at all", outputOf("p"), info("p", "float32"), []],
    ["a column", outputOf("p", { column: 1 }), info("p", "float32", -1, 2), []],
    ["a column of open width", outputOf("p", { column: 1 }), info("p", "float32", -1, -1), []],
    ["a whole row", outputOf("p", { shape: [2] }), info("p", "float32", -1, 2), []],
    ["another tensor", outputOf("p", { tensor: "probabilities" }), info("probabilities", "float32", -1), []],
    [
      "[N, 2] without a column",
      outputOf("p"),
      info("p", "float32", -1, 2),
      ["model.output-column output[0]"],
    ],
    [
      "a column too far",
      outputOf("p", { column: 2 }),
      info("p", "float32", -1, 2),
      ["model.output-column output[0].column"],
    ],
    [
      "a second column of [N]",
      outputOf("p", { column: 1 }),
      info("p", "float32", -1),
      ["model.output-column output[0].column"],
    ],
    ["another type", outputOf("p"), info("p", "int64", -1), ["model.output-type output[0].type"]],
    ["another name", outputOf("p"), info("q", "float32", -1), ["model.output-absent output[0].tensor"]],
    [
      "another shape",
      outputOf("p", { shape: [3] }),
      info("p", "float32", -1, 2),
      ["model.output-shape output[0].shape"],
    ],
    [
      "an open shape",
      outputOf("p", { shape: [-1] }),
      info("p", "float32", -1, -1),
      ["model.output-shape output[0].shape"],
    ],
    ["a fixed batch", outputOf("p"), info("p", "float32", 8, 1), ["model.batch-fixed "]],
  ])("%s", (_, output, tensor, wanted) => {
    expect(outputs(output, tensor)).toEqual(wanted);
  });
});
