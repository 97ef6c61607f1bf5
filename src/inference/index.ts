export type { Violation } from "../contract/index.ts";
export type { ModelRunner, Tensor, TensorInfo } from "./model-runner.ts";
export type { Prediction, PredictionObserver, Predictor } from "./prediction.ts";
