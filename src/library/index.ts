export type { Contract, Feature, Output, Violation } from "../contract/index.ts";
export type { AnsweredRecord, AnswerValue, RecordViolation, RejectedRecord } from "../inference/index.ts";
export { BatonError, type ErrorCode, type Finding } from "../kernel/index.ts";
export { type OpenBatonOptions, type OpenedModel, openBaton } from "./open-baton.ts";
