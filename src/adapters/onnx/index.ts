export { inspectOnnx, type OnnxFacts } from "./inspect-onnx.ts";
export { type OnnxOptions, openOnnxModel } from "./open-onnx-model.ts";
export { runtimeLimits } from "./runtime-limits.ts";
