export { calibrate, calibrateInTurns } from "./calibrate/calibrate.ts";
export { planCalibration } from "./calibrate/plan-calibration.ts";
export { type ReferenceRows, referenceRows } from "./calibrate/reference-rows.ts";
export { fileOrder, type TimeOrder, timeOrder } from "./calibrate/time-order.ts";
export type { SampledWindow } from "./classes/column-series.ts";
export { type ErrorClass, errorClasses } from "./classes/error-classes.ts";
export type { ErrorGroup } from "./classes/error-group.ts";
export { gatherSamples, sampleRequests } from "./classes/sample-values.ts";
export type { AlarmPhase } from "./detectors/alarm.ts";
export type { Effect } from "./detectors/effect.ts";
export {
  type ColumnJudgement,
  createDetectors,
  type DetectorReading,
  type DetectorState,
  type Detectors,
  type WindowJudgement,
} from "./detectors/judge-window.ts";
export { type ColumnDistances, columnDistances } from "./distances/column-distances.ts";
export type { AlarmColumn, DriftAlarm, DriftCause } from "./drift/drift-alarm.ts";
export { type DriftSpan, driftSpans, hasUnseen } from "./drift/drift-spans.ts";
export type { DriftRun, DriftState } from "./drift/judge-drift.ts";
export {
  type PerformanceEstimator,
  performanceEstimator,
  scoreProbability,
} from "./estimate/performance-estimator.ts";
export { judgeWindows } from "./kept/judged-windows.ts";
export { type KeptKnownMeasures, keptMeasures, knownMeasures } from "./kept/kept-measures.ts";
export { judgesDigest, keptResults, type NamedJudges } from "./kept/kept-results.ts";
export { knownResults } from "./kept/known-results.ts";
export {
  type LabelCounts,
  type LabelledPredictions,
  type LabelledWindow,
  type LabelQuestion,
  type LoggedFile,
  sliceCells,
  type UnreadableLog,
} from "./labels/labelled-predictions.ts";
export { type MeasuredPerformance, measurePerformance } from "./labels/measure-performance.ts";
export { readEventTime, windowStart } from "./observe/event-time.ts";
export {
  type LogColumn,
  type ObservationPlan,
  observationPlan,
  windowLength,
} from "./observe/observation-plan.ts";
export { type LogValue, logColumns, predictionLog } from "./observe/prediction-log.ts";
export { rowSampler, sampleColumns } from "./observe/row-sample.ts";
export { type ObservedCall, openSegment, type Segment } from "./observe/segment.ts";
export { opsFindings } from "./ops/ops-findings.ts";
export { type Alert, OpsSchema, type SecretReference, type WrittenOps } from "./ops/ops-schema.ts";
export { isUsableAddress, parseOps } from "./ops/parse-ops.ts";
export type { ColumnSummary } from "./page/column-summaries.ts";
export type { PageData } from "./page/page-data.ts";
export { slotOf } from "./page/slots.ts";
export type { TimeLane, TimeMark } from "./page/time-line.ts";
export { type ToDo, toDo } from "./page/to-do.ts";
export { verdictOf } from "./page/verdict.ts";
export { type PageInput, type WatchPage, watchPage } from "./page/watch-page.ts";
export { columnName, countText, figureText, instantText, seenText, shareText } from "./page/words.ts";
export { type WatchedVerdict, type WatchRecord, watchRecord } from "./record/watch-record.ts";
export type { ColumnReport } from "./report/column-report.ts";
export type {
  CalibrationCheck,
  EstimatedPerformance,
  EstimationError,
  EstimationReport,
} from "./report/estimated-performance.ts";
export type { SliceChange, SliceReport } from "./report/slice-report.ts";
export { type WatchInput, type WatchReport, watchReport } from "./report/watch-report.ts";
export type { WindowReport } from "./report/window-report.ts";
export type { WrongClass, WrongPrediction } from "./report/wrong-report.ts";
export type { Delivery, Notifier, RequestNotice } from "./requests/notifier.ts";
export { type MaterialHead, readMaterial } from "./reviews/read-material.ts";
export {
  type ReviewMaterial,
  type ReviewSources,
  reviewMaterial,
  sealMaterial,
} from "./reviews/review-material.ts";
export { reviewPage } from "./reviews/review-page.ts";
export { type MlTestScore, mlTestScore } from "./reviews/score/ml-test-score.ts";
export type { ScoreFacts } from "./reviews/score/score-facts.ts";
export { type RowStrata, rowStrata } from "./strata/row-strata.ts";
export { type StrataMix, type StrataNames, strataNames, windowMix } from "./strata/window-strata.ts";
export { replayTriggers } from "./triggers/replay-triggers.ts";
export type { Firing, TriggerReport, TriggerWindow } from "./triggers/trigger-report.ts";
export { watchFinding, watchFindings } from "./watch-findings.ts";
export {
  type MergedObservations,
  type ObservationMerge,
  openMerge,
} from "./windows/merge-observations.ts";
export {
  countersEnding,
  type ObservationEntry,
  planFields,
  segmentNames,
} from "./windows/observation-file.ts";
export { type ObservationParser, observationParser } from "./windows/parse-observation.ts";
export {
  type KnownPlace,
  parseState,
  stateText,
  type WatchState,
} from "./windows/watch-state.ts";
export { wrongNames } from "./wrong/wrong-names.ts";
