import type { ElementType } from "../../contract/index.ts";

/** onnx.proto3 TensorProto.DataType, by number; Baton's own word where it has the type. */
const elementTypes: readonly string[] = [
  "unknown",
  "float32",
  "uint8",
  "int8",
  "uint16",
  "int16",
  "int32",
  "int64",
  "string",
  "boolean",
  "float16",
  "float64",
  "uint32",
  "uint64",
  "complex64",
  "complex128",
  "bfloat16",
];

/** The name of an element type by its ONNX number. */
export function elementTypeOf(code: number): string {
  return elementTypes[code] ?? `type ${code}`;
}

const known: ReadonlySet<string> = new Set<ElementType>([
  "float32",
  "float64",
  "int32",
  "int64",
  "string",
  "boolean",
]);

/** Is it a type that Baton carries? */
export function isElementType(type: string): type is ElementType {
  return known.has(type);
}
