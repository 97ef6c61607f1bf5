export type { Violation } from "../contract/index.ts";
export { type BoundInputs, bindInputs, type InputBinding } from "./bind-inputs.ts";
export { bindOutputs } from "./bind-outputs.ts";
export { contractTypes } from "./contract-types.ts";
export { compileDecoder, type DecodedRecords, decodeRecords, type RecordDecoder } from "./decode-records.ts";
export { inferenceFindings } from "./inference-findings.ts";

export type { ModelRunner, Tensor, TensorInfo } from "./model-runner.ts";
export type { PredictorOptions } from "./predict-path.ts";
export type { Prediction, PredictionObserver, Predictor } from "./prediction.ts";
export { createPredictor } from "./predictor.ts";
export {
  type AnsweredRecord,
  type AnswerValue,
  idsOf,
  type RecordId,
  type RecordViolation,
  type RejectedRecord,
  recordsOf,
} from "./records-of.ts";
export { sketchPredictor } from "./sketch-predictor.ts";
