import { env, InferenceSession, Tensor as OrtTensor } from "onnxruntime-node";
import type { ModelRunner, Tensor, TensorInfo } from "../../inference/index.ts";
import { BatonError } from "../../kernel/index.ts";
import { isElementType } from "./element-types.ts";
import { inspectOnnx } from "./inspect-onnx.ts";
import { refuseUnloadable } from "./runtime-limits.ts";

/** How a model is run. */
export interface OnnxOptions {
  /** Threads within one operator: 1 unless said otherwise, because replicas and workers scale better. */
  readonly threads?: number;
}

/** ORT's level for "fatal only": it otherwise writes to stderr by itself. */
const silent = 4;

/**
 * Loads an ONNX model into ONNX Runtime. An input of a type that Baton does not carry makes the model unloadable; such an
 * output is listed with the runtime's word for it, and never read.
 * @throws BatonError `model-unloadable`
 */
export async function openOnnxModel(
  bytes: Uint8Array,
  { threads = 1 }: OnnxOptions = {},
): Promise<ModelRunner> {
  refuseUnloadable(inspectOnnx(bytes));
  const session = await createSession(bytes, threads);
  try {
    return runnerOf(session);
  } catch (thrown) {
    await session.release();
    throw thrown;
  }
}

/**
 * ONNX Runtime reports to its maker unless it is told not to: it keeps an identifier of the machine under `~/.cache`, leaves
 * files in the temporary folder, and sends events about the models that it loads. It reads this when the first session is
 * made. In a worker thread `process.env` is a copy: start it with `SHARE_ENV`, or load a model in the main thread first.
 */
function keepToItself(): void {
  process.env.ORT_DISABLE_TELEMETRY = "1";
}

async function createSession(bytes: Uint8Array, threads: number): Promise<InferenceSession> {
  keepToItself();
  env.logLevel = "fatal";
  try {
    return await InferenceSession.create(unshared(bytes), {
      executionProviders: ["cpu"],
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      graphOptimizationLevel: "all",
      logSeverityLevel: silent,
    });
  } catch (cause) {
    throw new BatonError("model-unloadable", `ONNX Runtime cannot load the model: ${plain(cause)}`, {
      cause,
      next: "Check that the model runs where it was exported: onnxruntime.InferenceSession(path).",
    });
  }
}

function runnerOf(session: InferenceSession): ModelRunner {
  const inputs = session.inputMetadata.map(infoOf);
  const outputs = session.outputMetadata.map(infoOf);
  const odd = inputs.find((input) => !isElementType(input.type));
  if (odd)
    throw new BatonError("model-unloadable", `The model's input \`${odd.name}\` is ${odd.type}.`, {
      next: "Export it with inputs of float32, float64, int32, int64, string or boolean.",
    });
  const readable = outputs.filter((output) => isElementType(output.type)).map((output) => output.name);
  let running = Promise.resolve();
  let closed: Promise<void> | undefined;
  return {
    inputs,
    outputs,
    async run(feeds) {
      if (closed) throw new BatonError("unavailable", "The model has been closed.");
      const result = runSession(session, feeds, readable);
      running = Promise.allSettled([running, result]).then(() => undefined);
      return result;
    },
    close() {
      closed ??= running.then(() => session.release());
      return closed;
    },
  };
}

async function runSession(
  session: InferenceSession,
  feeds: ReadonlyMap<string, Tensor>,
  outputs: readonly string[],
): Promise<ReadonlyMap<string, Tensor>> {
  try {
    const ortFeeds = Object.fromEntries([...feeds].map(([name, tensor]) => [name, toOrt(tensor)]));
    const results = await session.run(ortFeeds, outputs, { logSeverityLevel: silent });
    return new Map(outputs.map((name) => [name, fromOrt(results[name] as OrtTensor)]));
  } catch (cause) {
    throw new BatonError("internal", `ONNX Runtime failed: ${plain(cause)}`, { cause });
  }
}

function toOrt({ type, values, shape }: Tensor): OrtTensor {
  return type === "boolean"
    ? new OrtTensor("bool", values, shape)
    : new OrtTensor(type, values as never, shape);
}

function fromOrt({ type, data, dims }: OrtTensor): Tensor {
  return { type: type === "bool" ? "boolean" : type, values: data, shape: dims } as unknown as Tensor;
}

type Metadata = InferenceSession["inputMetadata"][number];

function infoOf(metadata: Metadata): TensorInfo {
  if (!metadata.isTensor) return { name: metadata.name, type: "sequence or map", shape: [] };
  return {
    name: metadata.name,
    type: metadata.type === "bool" ? "boolean" : metadata.type,
    shape: metadata.shape.map((size) => (typeof size === "number" ? size : -1)),
  };
}

/** The runtime does not read from shared memory. */
function unshared(bytes: Uint8Array): Uint8Array {
  return bytes.buffer instanceof ArrayBuffer ? bytes : Uint8Array.from(bytes);
}

/** The runtime's message on one line, without the paths of the machine it was built on. */
function plain(thrown: unknown): string {
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  const line = message.replace(/\/onnxruntime_src\/\S+(:\d+)?/g, "").replace(/\s+/g, " ");
  return line.trim().slice(0, 400);
}
