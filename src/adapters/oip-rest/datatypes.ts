import type { ElementType } from "../../contract/index.ts";

/** Element type to OIP v2 datatype. */
export const datatypeOf: Readonly<Record<ElementType, string>> = {
  float32: "FP32",
  float64: "FP64",
  int32: "INT32",
  int64: "INT64",
  string: "BYTES",
  boolean: "BOOL",
};

/** Datatypes of the protocol that have no form in JSON. */
export const binaryOnly: readonly string[] = ["FP16", "BF16"];
