import type { TensorInfo } from "../../inference/index.ts";
import { elementTypeOf } from "./element-types.ts";
import { type Field, malformed, type Reader, readFields, readFile } from "./wire.ts";

/** What an ONNX file says about itself, read without loading it (onnx.proto3). */
export interface OnnxFacts {
  readonly irVersion: number;
  /** Program that wrote it, with its version: `skl2onnx 1.20.0`; empty where it does not say. */
  readonly producer: string;
  /** Version of the standard operators (`ai.onnx`); absent where the file imports none. */
  readonly opset?: number;
  /** All imported operator sets by domain; the standard one is `ai.onnx`. */
  readonly opsets: Readonly<Record<string, number>>;
  /** Domains of operators that are used and that neither ONNX Runtime nor the file itself has. */
  readonly customDomains: readonly string[];
  /** Inputs that a caller must feed: those with a stored value are left out. */
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  /** Files beside the model that hold its weights. */
  readonly externalData: readonly string[];
  readonly nodes: number;
}

/** Domains whose operators ONNX Runtime brings. */
const builtIn = new Set([
  "ai.onnx",
  "ai.onnx.ml",
  "ai.onnx.training",
  "ai.onnx.preview.training",
  "com.microsoft",
  "com.microsoft.experimental",
  "com.microsoft.nchwc",
  "com.ms.internal.nhwc",
  "org.pytorch.aten",
]);

/** Protobuf messages end at 2 GiB; so do ONNX files. */
const largestFile = 2 ** 31;
const mostTensors = 10_000;
const mostNodes = 2_000_000;

interface Gathered {
  irVersion: number;
  producer: string[];
  readonly opsets: Map<string, number>;
  readonly inputs: TensorInfo[];
  readonly outputs: TensorInfo[];
  readonly stored: Set<string>;
  readonly domains: Set<string>;
  readonly ownDomains: Set<string>;
  readonly externalData: Set<string>;
  nodes: number;
  graphs: number;
}

/** Reads a model's own description. @throws BatonError `model-unloadable` where the bytes are no ONNX model */
export function inspectOnnx(bytes: Uint8Array): OnnxFacts {
  if (bytes.length > largestFile) throw malformed(`it has ${bytes.length} bytes, more than protobuf allows`);
  const found: Gathered = {
    irVersion: 0,
    producer: [],
    opsets: new Map(),
    inputs: [],
    outputs: [],
    stored: new Set(),
    domains: new Set(),
    ownDomains: new Set(),
    externalData: new Set(),
    nodes: 0,
    graphs: 0,
  };
  readFile(bytes, {
    1: integer((value) => (found.irVersion = value)),
    2: text((value) => (found.producer[0] = value)),
    3: text((value) => (found.producer[1] = value)),
    7: message((...at) => readGraph(found, true, ...at)),
    8: message((...at) => readOpset(found, ...at)),
    25: message((...at) => readFunction(found, ...at)),
  });
  if (found.graphs === 0 || found.irVersion < 1) throw malformed("it has no graph, or no version");
  const opset = found.opsets.get("ai.onnx");
  return {
    irVersion: found.irVersion,
    producer: found.producer.filter((part) => part).join(" "),
    ...(opset !== undefined && { opset }),
    opsets: Object.fromEntries(found.opsets),
    customDomains: [...found.domains].filter((d) => !builtIn.has(d) && !found.ownDomains.has(d)).sort(),
    inputs: found.inputs.filter((input) => !found.stored.has(input.name)),
    outputs: found.outputs,
    externalData: [...found.externalData].sort(),
    nodes: found.nodes,
  };
}

function readGraph(found: Gathered, main: boolean, reader: Reader, end: number, depth: number): void {
  if (main) found.graphs++;
  const tensorInto = (list: TensorInfo[]) =>
    message((...at) => {
      if (list.length >= mostTensors) throw malformed(`it has more than ${mostTensors} inputs or outputs`);
      list.push(readValueInfo(...at));
    });
  const fields = {
    1: message((...at) => readNode(found, ...at)),
    5: message((...at) => found.stored.add(readTensor(found, ...at))),
    15: message((...at) => found.stored.add(readSparseTensor(found, ...at))),
  };
  const ends = { 11: tensorInto(found.inputs), 12: tensorInto(found.outputs) };
  readFields(reader, end, main ? { ...fields, ...ends } : fields, depth);
}

function readNode(found: Gathered, reader: Reader, end: number, depth: number): void {
  if (++found.nodes > mostNodes) throw malformed(`it has more than ${mostNodes} nodes`);
  let domain = "";
  readFields(
    reader,
    end,
    {
      5: message((...at) => readAttribute(found, ...at)),
      7: text((value) => (domain = value)),
    },
    depth,
  );
  found.domains.add(domain || "ai.onnx");
}

/** Attributes may hold tensors (5, 10), graphs (6, 11) and sparse tensors (22, 23). */
function readAttribute(found: Gathered, reader: Reader, end: number, depth: number): void {
  const tensor = message((...at) => readTensor(found, ...at));
  const graph = message((...at) => readGraph(found, false, ...at));
  const sparse = message((...at) => readSparseTensor(found, ...at));
  readFields(reader, end, { 5: tensor, 10: tensor, 6: graph, 11: graph, 22: sparse, 23: sparse }, depth);
}

function readFunction(found: Gathered, reader: Reader, end: number, depth: number): void {
  let domain = "";
  readFields(
    reader,
    end,
    { 7: message((...at) => readNode(found, ...at)), 10: text((value) => (domain = value)) },
    depth,
  );
  found.ownDomains.add(domain || "ai.onnx");
}

/** Name of a tensor; notes the file that holds its values, if any. */
function readTensor(found: Gathered, reader: Reader, end: number, depth: number): string {
  let name = "";
  let external = false;
  let location = "";
  readFields(
    reader,
    end,
    {
      8: text((value) => (name = value)),
      13: message((...at) => {
        const entry = readEntry(...at);
        if (entry.key === "location") location = entry.value;
      }),
      14: integer((value) => (external = value === 1)),
    },
    depth,
  );
  if (external || location) found.externalData.add(location || "(unnamed)");
  return name;
}

function readSparseTensor(found: Gathered, reader: Reader, end: number, depth: number): string {
  let name = "";
  readFields(
    reader,
    end,
    {
      1: message((...at) => (name = readTensor(found, ...at))),
      2: message((...at) => readTensor(found, ...at)),
    },
    depth,
  );
  return name;
}

function readEntry(reader: Reader, end: number, depth: number): { key: string; value: string } {
  const entry = { key: "", value: "" };
  readFields(
    reader,
    end,
    { 1: text((key) => (entry.key = key)), 2: text((value) => (entry.value = value)) },
    depth,
  );
  return entry;
}

function readOpset(found: Gathered, reader: Reader, end: number, depth: number): void {
  let domain = "";
  let version = 0;
  readFields(reader, end, { 1: text((v) => (domain = v)), 2: integer((v) => (version = v)) }, depth);
  found.opsets.set(domain || "ai.onnx", version);
}

function readValueInfo(reader: Reader, end: number, depth: number): TensorInfo {
  let name = "";
  let type: Pick<TensorInfo, "type" | "shape"> = { type: "unknown", shape: [] };
  readFields(
    reader,
    end,
    { 1: text((value) => (name = value)), 2: message((...at) => (type = readType(...at))) },
    depth,
  );
  return { name, ...type };
}

const otherTypes = { 4: "sequence", 5: "map", 8: "sparse tensor", 9: "optional" } as const;

function readType(reader: Reader, end: number, depth: number): Pick<TensorInfo, "type" | "shape"> {
  let type = "unknown";
  const shape: number[] = [];
  const others = Object.entries(otherTypes).map(([field, word]) => [
    field,
    message((inner, stop) => {
      type = word;
      inner.pos = stop;
    }),
  ]);
  const tensor = message((inner, stop, below) =>
    readFields(
      inner,
      stop,
      {
        1: integer((code) => (type = elementTypeOf(code))),
        2: message((...at) => readShape(shape, ...at)),
      },
      below,
    ),
  );
  readFields(reader, end, { ...Object.fromEntries(others), 1: tensor }, depth);
  return { type, shape };
}

function readShape(shape: number[], reader: Reader, end: number, depth: number): void {
  const dimension = message((inner, stop, below) => {
    if (shape.length >= 64) throw malformed("a tensor has more than 64 dimensions");
    let size = -1;
    readFields(inner, stop, { 1: integer((value) => (size = value >= 0 ? value : -1)) }, below);
    shape.push(size);
  });
  readFields(reader, end, { 1: dimension }, depth);
}

function message(read: (reader: Reader, end: number, depth: number) => unknown): Field {
  return { kind: "message", read };
}

function text(read: (value: string) => unknown): Field {
  return { kind: "text", read };
}

function integer(read: (value: number) => unknown): Field {
  return { kind: "integer", read };
}
