import type { HandOffCopy } from "../../support/hand-off-copy.ts";
import { onnxModel, type WrittenModel } from "../../support/onnx-model.ts";
import { inContract, type Mutation, relocked, unlocked } from "./mutation.ts";

const model = "model/flight_delay.onnx";

/** Defects of the model, and of the contract against it. */
export const modelMutations: readonly Mutation[] = [
  unlocked("the model is not there", "model.missing", (copy) => copy.remove(model)),
  relocked("the model is cut", "model.unreadable", async (copy) => {
    const bytes = await copy.binary(model);
    await copy.write(model, bytes.subarray(0, bytes.length / 2));
  }),
  relocked("the model is a pointer", "model.unreadable", (copy) =>
    copy.write(model, "version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 110556\n"),
  ),
  relocked("the model is empty", "model.unreadable", (copy) => copy.write(model, "")),
  relocked("the operator set is from the future", "model.opset", (copy) =>
    copy.bytes(model, [0x42, 0x04, 0x0a, 0x00, 0x10, 17], [0x42, 0x04, 0x0a, 0x00, 0x10, 99]),
  ),
  relocked("the format is from the future", "model.opset", (copy) =>
    copy.bytes(model, [0x08, 0x08, 0x12, 0x15], [0x08, 0x63, 0x12, 0x15]),
  ),
  relocked("operators of somebody's own", "model.custom-operators", (copy) =>
    copy.bytes(model, "ai.onnx.ml", "ai.acme.ml"),
  ),
  relocked("weights in another file", "model.external-data", (copy) =>
    appended(copy, {
      nodes: [],
      initializers: [{ name: "weights", type: "float32", dims: [1], values: [1], external: "weights.bin" }],
    }),
  ),
  relocked("another model", "model.other", (copy) => copy.write(model, otherModel())),
  relocked("a graph that cannot run", "model.not-loadable", (copy) =>
    appended(copy, { nodes: [{ op: "Add", inputs: ["nowhere", "nowhere"], outputs: ["nothing"] }] }),
  ),
  relocked("an input of another name", "model.input-renamed", (copy) => copy.bytes(model, "seats", "seatz")),
  relocked("an output of another name", "model.output-absent", (copy) =>
    copy.bytes(model, "late_probability", "late_probabilitz"),
  ),
  inContract(
    "a feature that the model does not take",
    "model.input-absent",
    "\noutput:\n",
    `${feature("humidity")}\noutput:\n`,
  ),
  inContract("a feature of another name", "model.input-renamed", "name: seats\n", "name: seat_count\n"),
  inContract(
    "a feature of another type",
    "model.input-type",
    "name: seats\n    type: float32",
    "name: seats\n    type: float64",
  ),
  inContract(
    "a feature of another shape",
    "model.input-shape",
    "name: pressure\n    type: float32\n    unit: millibar\n    range: [850, 1100]\n    expected: [983, 1043]\n    missing: allowed",
    "name: pressure\n    type: float32\n    shape: [3]\n    unit: millibar\n    range: [850, 1100]\n    expected: [983, 1043]\n    missing: reject",
  ),
  inContract(
    "a tensor that the model does not give",
    "model.output-absent",
    "  name: late_probability\n",
    "  name: late_probability\n  tensor: probabilities\n",
  ),
  inContract(
    "an output of another type",
    "model.output-type",
    "  name: late_probability\n  type: float32",
    "  name: late_probability\n  type: float64",
  ),
  inContract(
    "a column that is not there",
    "model.output-column",
    "  name: late_probability\n",
    "  name: late_probability\n  column: 1\n",
  ),
  {
    name: "an input without feature",
    codes: ["model.input-undeclared"],
    async mutate(copy) {
      const text = await copy.text("baton.yaml");
      const from = text.indexOf("  - name: seats\n");
      await copy.write("baton.yaml", text.slice(0, from) + text.slice(text.indexOf("\noutput:\n")));
    },
  },
];

function feature(name: string): string {
  return `  - { name: ${name}, type: float32, unit: "1", missing: allowed, sensitive: false, available: request, how: Sensor, why: Fog }\n`;
}

/** Protocol buffers merge messages that are written one after the other: this adds to the model's graph. */
async function appended(
  copy: HandOffCopy,
  part: Pick<WrittenModel, "nodes" | "initializers">,
): Promise<void> {
  const more = onnxModel({ inputs: [], outputs: [], opsets: {}, ...part });
  await copy.write(model, Buffer.concat([await copy.binary(model), more]));
}

/** A model that adds two numbers. */
function otherModel(): Uint8Array {
  return onnxModel({
    inputs: [
      { name: "a", type: "float32", shape: ["N", 1] },
      { name: "b", type: "float32", shape: ["N", 1] },
    ],
    outputs: [{ name: "late_probability", type: "float32", shape: ["N", 1] }],
    nodes: [{ op: "Add", inputs: ["a", "b"], outputs: ["late_probability"] }],
  });
}
