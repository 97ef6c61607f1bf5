export { inspectOnnx, type OnnxFacts } from "./inspect-onnx.ts";
export { type OnnxOptions, openOnnxModel } from "./open-onnx-model.ts";
export { loadProblems, runtimeLimits } from "./runtime-limits.ts";
