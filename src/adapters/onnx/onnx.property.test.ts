import fc from "fast-check";
import { expect, it } from "vitest";
import { onnxModel } from "../../../test/support/onnx-model.ts";
import { BatonError } from "../../kernel/index.ts";
import { inspectOnnx } from "./inspect-onnx.ts";

const model = onnxModel({
  inputs: [{ name: "x", type: "float32", shape: ["N", 2] }],
  outputs: [{ name: "y", type: "float32", shape: ["N", 2] }],
  nodes: [{ op: "Add", inputs: ["x", "w"], outputs: ["y"], attributes: { axis: 1n, names: ["a", "b"] } }],
  initializers: [{ name: "w", type: "float32", dims: [2], values: [1, 2] }],
});

function survives(bytes: Uint8Array): void {
  try {
    inspectOnnx(bytes);
  } catch (thrown) {
    expect(thrown).toBeInstanceOf(BatonError);
    expect((thrown as BatonError).code).toBe("model-unloadable");
  }
}

it("reads any bytes, or says that they are no model", () => {
  fc.assert(fc.property(fc.uint8Array({ maxLength: 400 }), survives), { numRuns: 2000 });
});

it("reads a model with any bytes changed, or says that it is none", () => {
  const change = fc.tuple(fc.nat(model.length - 1), fc.nat(255));
  fc.assert(
    fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), fc.nat(model.length), (changes, cut) => {
      const bytes = model.slice(0, cut % 3 === 0 ? cut : model.length);
      for (const [at, value] of changes) bytes[at] = value;
      survives(bytes);
    }),
    { numRuns: 3000 },
  );
});

it("does not follow graphs that are nested without end", () => {
  // GraphProto.node (1) → NodeProto.attribute (5) → AttributeProto.g (6), and again.
  let inner = new Uint8Array(0);
  for (let i = 0; i < 600; i++) for (const field of [6, 5, 1]) inner = delimited(field, inner);
  const bytes = Uint8Array.of(8, 8, ...delimited(7, inner));
  expect(() => inspectOnnx(bytes)).toThrow(/nested too deeply/);
});

function delimited(field: number, content: Uint8Array): Uint8Array<ArrayBuffer> {
  const length: number[] = [];
  for (let rest = content.length; ; rest >>>= 7) {
    length.push((rest & 127) | (rest > 127 ? 128 : 0));
    if (rest <= 127) break;
  }
  return Uint8Array.of((field << 3) | 2, ...length, ...content);
}
