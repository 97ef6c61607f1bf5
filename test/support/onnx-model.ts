import protobuf from "protobufjs/minimal.js";

/** ONNX element types (onnx.proto3, TensorProto.DataType) that tests write. */
const dataTypes = {
  float32: 1,
  uint8: 2,
  int32: 6,
  int64: 7,
  string: 8,
  boolean: 9,
  float16: 10,
  float64: 11,
} as const;

type DataType = keyof typeof dataTypes;

/** A graph input or output; a string is a variable dimension, no shape an unknown one. */
export interface WrittenTensor {
  readonly name: string;
  readonly type: DataType | "sequence";
  readonly shape?: readonly (number | string)[];
}

/** An attribute: an integer as bigint, a float as number, a string, or lists of them. */
export type WrittenAttribute =
  | bigint
  | number
  | string
  | readonly bigint[]
  | readonly number[]
  | readonly string[];

/** A constant of the graph. */
export interface WrittenInitializer {
  readonly name: string;
  readonly type: DataType;
  readonly dims: readonly number[];
  readonly values: readonly (number | string)[];
  /** File that holds the values in place of the model. */
  readonly external?: string;
}

/** A small ONNX model as tests write it. */
export interface WrittenModel {
  readonly irVersion?: number;
  readonly producer?: string;
  /** Domain to version; the standard operators are "". */
  readonly opsets?: Readonly<Record<string, number>>;
  readonly inputs: readonly WrittenTensor[];
  readonly outputs: readonly WrittenTensor[];
  readonly nodes: readonly {
    readonly op: string;
    readonly domain?: string;
    readonly inputs: readonly string[];
    readonly outputs: readonly string[];
    readonly attributes?: Readonly<Record<string, WrittenAttribute>>;
  }[];
  readonly initializers?: readonly WrittenInitializer[];
}

type Writer = protobuf.Writer;
type Write = (writer: Writer) => unknown;

const varint = 0;
const delimited = 2;
const fixed32 = 5;

/** Bytes of an ONNX ModelProto (onnx.proto3), so that tests need no Python. */
export function onnxModel(model: WrittenModel): Uint8Array {
  const writer = protobuf.Writer.create();
  integer(writer, 1, model.irVersion ?? 8);
  text(writer, 2, model.producer ?? "baton-tests");
  message(writer, 7, (graph) => writeGraph(graph, model));
  for (const [domain, version] of Object.entries(model.opsets ?? { "": 17 }))
    message(writer, 8, (opset) => integer(text(opset, 1, domain), 2, version));
  return Uint8Array.from(writer.finish());
}

function writeGraph(graph: Writer, model: WrittenModel): void {
  for (const node of model.nodes)
    message(graph, 1, (writer) => {
      for (const input of node.inputs) text(writer, 1, input);
      for (const output of node.outputs) text(writer, 2, output);
      text(writer, 4, node.op);
      for (const [name, value] of Object.entries(node.attributes ?? {}))
        message(writer, 5, (attribute) => writeAttribute(attribute, name, value));
      if (node.domain) text(writer, 7, node.domain);
    });
  text(graph, 2, "graph");
  for (const initializer of model.initializers ?? []) message(graph, 5, (w) => writeTensor(w, initializer));
  for (const input of model.inputs) message(graph, 11, (w) => writeValueInfo(w, input));
  for (const output of model.outputs) message(graph, 12, (w) => writeValueInfo(w, output));
}

function writeAttribute(writer: Writer, name: string, value: WrittenAttribute): void {
  text(writer, 1, name);
  const list = Array.isArray(value);
  const items: readonly (bigint | number | string)[] = list ? value : [value as bigint | number | string];
  const kind = typeof items[0];
  for (const item of items) {
    if (typeof item === "bigint") integer(writer, list ? 8 : 3, Number(item));
    else if (typeof item === "number") writer.uint32(((list ? 7 : 2) << 3) | fixed32).float(item);
    else text(writer, list ? 9 : 4, item);
  }
  const single = kind === "bigint" ? 2 : kind === "number" ? 1 : 3;
  integer(writer, 20, list ? single + 5 : single);
}

function writeTensor(writer: Writer, { name, type, dims, values, external }: WrittenInitializer): void {
  for (const size of dims) integer(writer, 1, size);
  integer(writer, 2, dataTypes[type]);
  for (const value of external === undefined ? values : []) {
    if (type === "string") text(writer, 6, String(value));
    else if (type === "float32") writer.uint32((4 << 3) | fixed32).float(Number(value));
    else if (type === "int64") integer(writer, 7, Number(value));
    else integer(writer, 5, Number(value));
  }
  text(writer, 8, name);
  if (external === undefined) return;
  message(writer, 13, (entry) => text(text(entry, 1, "location"), 2, external));
  integer(writer, 14, 1);
}

function writeValueInfo(writer: Writer, { name, type, shape }: WrittenTensor): void {
  text(writer, 1, name);
  const tensorType: Write = (tensor) => {
    integer(tensor, 1, dataTypes[type === "sequence" ? "float32" : type]);
    if (shape)
      message(tensor, 2, (dimensions) => {
        for (const size of shape)
          message(dimensions, 1, (dimension) =>
            typeof size === "string" ? text(dimension, 2, size) : integer(dimension, 1, size),
          );
      });
  };
  message(writer, 2, (typeProto) =>
    type === "sequence"
      ? message(typeProto, 4, (sequence) =>
          message(sequence, 1, (element) => message(element, 1, tensorType)),
        )
      : message(typeProto, 1, tensorType),
  );
}

function integer(writer: Writer, field: number, value: number): Writer {
  return writer.uint32((field << 3) | varint).int64(value);
}

function text(writer: Writer, field: number, value: string): Writer {
  return writer.uint32((field << 3) | delimited).string(value);
}

function message(writer: Writer, field: number, write: Write): Writer {
  writer.uint32((field << 3) | delimited).fork();
  write(writer);
  return writer.ldelim();
}
