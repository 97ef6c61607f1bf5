export type { Clause, ClauseKind, Kept } from "./clause.ts";
export { boundsText, clausesOf } from "./clauses.ts";
export { completeness } from "./completeness.ts";
export { consistency } from "./consistency.ts";
export {
  type ContentPaths,
  contentPaths,
  contractFile,
  lockFile,
  profileFile,
} from "./content-paths.ts";
export type {
  Behaviour,
  Budget,
  Contract,
  ElementType,
  Feature,
  Gate,
  Golden,
  Labels,
  Level,
  Limitation,
  OnFailure,
  Output,
  Range,
  Reaction,
  RetrainTrigger,
  ReviewCadence,
  Role,
  RollBack,
  Rule,
  Run,
  Serving,
  Task,
  WatchPolicy,
} from "./contract.ts";
export type { ChangeKind, ContractChange } from "./contract-change.ts";
export { type ContractCode, contractFindings } from "./contract-findings.ts";
export { type ContentDigests, type ContractDiff, diffContracts } from "./diff-contracts.ts";
export { type DraftContract, draftContract } from "./draft-contract.ts";
export {
  columnType,
  type DraftColumn,
  type DraftData,
  type DraftInput,
  type DraftTensor,
} from "./draft-facts.ts";
export type { DraftQuestion } from "./draft-text.ts";
export {
  type CompiledExpression,
  compileExpression,
  EvaluationProblem,
  type ExpressionResult,
  type ExpressionScope,
  type ExpressionType,
  longestExpression,
} from "./expression.ts";
export {
  behaviourScope,
  expressionType,
  featureScope,
  gateScope,
  triggerScope,
} from "./expression-scopes.ts";
export { featureColumns, readFeatureTable, writeFeatureTable } from "./feature-table.ts";
export { contractJsonSchema } from "./json-schema.ts";
export {
  type MetricDefinition,
  metricDefinitions,
  metricsOf,
  watchDefinitions,
} from "./metric-definitions.ts";
export { nearest } from "./nearest.ts";
export { type ContractSource, type ParsedContract, parseContract } from "./parse-contract.ts";
export type { PositionOf } from "./positions.ts";
export { pathProblem } from "./safe-path.ts";
export { ContractSchema, type WrittenContract, type WrittenFeature } from "./schema.ts";
export { type ArrayOf, allocate, type Column, elementsPerRow, type Table, valueAt } from "./table.ts";
export { compileOutputValidator, compileValidator, type Validator } from "./validator/compile-validator.ts";
export type { Validation } from "./validator/report.ts";
export { createReport, type Describe, finishReport, type Report, rejectRow } from "./validator/report.ts";
export { pathStep, shownValue, type Violation, type ViolationCode, withheld } from "./violation.ts";
