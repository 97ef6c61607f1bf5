import type { Contract, ElementType } from "../../contract/index.ts";
import { datatypeOf } from "./datatypes.ts";

interface Described {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
}

/** Model metadata: `{name, versions, platform, inputs, outputs}`; -1 is a variable dimension. */
export function modelMetadata(contract: Contract): object {
  const tensor = ({ name, type, shape }: Described) => ({
    name,
    datatype: datatypeOf[type],
    shape: [-1, ...(shape.length > 0 ? shape : [1])],
  });
  return {
    name: contract.model.name,
    versions: [contract.model.version],
    platform: platformOf(contract),
    inputs: contract.features.map(tensor),
    outputs: contract.outputs.map(tensor),
  };
}

/** Model configuration, as far as load generators read it; `dims` are without rows. */
export function modelConfig(contract: Contract, mostRows: number): object {
  const tensor = ({ name, type, shape }: Described) => ({
    name,
    data_type: configTypes[type],
    dims: shape.length > 0 ? shape : [1],
  });
  return {
    name: contract.model.name,
    platform: platformOf(contract),
    max_batch_size: mostRows,
    input: contract.features.map(tensor),
    output: contract.outputs.map(tensor),
  };
}

function platformOf({ run }: Contract): string {
  return run?.kind === "onnx" ? "onnx_onnxv1" : "";
}

const configTypes: Readonly<Record<ElementType, string>> = {
  float32: "TYPE_FP32",
  float64: "TYPE_FP64",
  int32: "TYPE_INT32",
  int64: "TYPE_INT64",
  string: "TYPE_STRING",
  boolean: "TYPE_BOOL",
};
