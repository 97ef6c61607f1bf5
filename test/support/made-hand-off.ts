import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { onnxModel } from "./onnx-model.ts";

/** One input of a made-up model: a column of single values. */
export interface MadeInput {
  readonly name: string;
  readonly type: "float32" | "float64" | "int64" | "string";
}

/** A model that answers with the logistic function of one of its inputs, x / 8 − 2.5, and looks at no other. */
export function logisticModel(inputs: readonly MadeInput[], of: string): Uint8Array {
  const shape = ["N", 1];
  const number = (name: string, value: number) =>
    ({ name, type: "float32", dims: [1], values: [value] }) as const;
  return onnxModel({
    opsets: { "": 17 },
    inputs: inputs.map((input) => ({ ...input, shape })),
    outputs: [{ name: "late_probability", type: "float32", shape }],
    initializers: [number("slope", 0.125), number("offset", -2.5)],
    nodes: [
      { op: "Mul", inputs: [of, "slope"], outputs: ["product"] },
      { op: "Add", inputs: ["product", "offset"], outputs: ["score"] },
      { op: "Sigmoid", inputs: ["score"], outputs: ["late_probability"] },
    ],
  });
}

/** Writes contract, model and training data, with a lock beside them. */
export async function writeMadeHandOff(
  folder: string,
  {
    contract,
    model,
    training,
  }: { readonly contract: string; readonly model: Uint8Array; readonly training: string },
): Promise<void> {
  const files: Record<string, string | Uint8Array> = {
    "baton.yaml": contract,
    "model/late.onnx": model,
    "data/training.csv": training,
    "requirements.lock": `numpy==2.1.0 \\\n    --hash=sha256:${"a1b2c3d4".repeat(8)}\n`,
  };
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
}
