import type { ArrayOf, ElementType } from "../contract/index.ts";

/** What a model says about one of its tensors. */
export interface TensorInfo {
  readonly name: string;
  /** Element type; the runtime's own word (`float16`, `sequence`) where Baton does not know it. */
  readonly type: ElementType | (string & {});
  /** -1 for a variable dimension. */
  readonly shape: readonly number[];
}

/** Values for the runtime, row-major. */
export type Tensor = {
  [Type in ElementType]: {
    readonly type: Type;
    readonly shape: readonly number[];
    readonly values: ArrayOf[Type];
  };
}[ElementType];

/**
 * Port: executes a model. Adapters: `onnx`.
 * `run` takes every input by name and gives every output by name; it throws BatonError `internal` when the runtime fails.
 */
export interface ModelRunner {
  readonly inputs: readonly TensorInfo[];
  readonly outputs: readonly TensorInfo[];
  run(feeds: ReadonlyMap<string, Tensor>): Promise<ReadonlyMap<string, Tensor>>;
  close(): Promise<void>;
}
