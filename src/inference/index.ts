export type { ModelRunner, Tensor, TensorInfo } from "./model-runner.ts";
export type { Prediction, PredictionObserver, Predictor, Violation } from "./prediction.ts";
