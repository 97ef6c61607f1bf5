export type { Clause, ClauseKind, Kept } from "./clause.ts";
export { clausesOf } from "./clauses.ts";
export { consistency } from "./consistency/consistency.ts";
export {
  type ContentPaths,
  contentPaths,
  contractFile,
} from "./content-paths.ts";
export type {
  Behaviour,
  Budget,
  Contract,
  ElementType,
  ErrorRule,
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
export { type ContractCode, contractFindings } from "./contract-findings.ts";
export type { ChangeKind, ContractChange } from "./diff/contract-change.ts";
export { type ContentDigests, type ContractDiff, diffContracts } from "./diff/diff-contracts.ts";
export { type DraftContract, draftContract } from "./draft/draft-contract.ts";
export type {
  DraftColumn,
  DraftData,
  DraftInput,
  DraftTensor,
} from "./draft/draft-facts.ts";
export type { DraftQuestion } from "./draft/draft-text.ts";
export { errorDefinitions } from "./expressions/error-definitions.ts";
export {
  type CompiledExpression,
  compileExpression,
  EvaluationProblem,
  type ExpressionResult,
  type ExpressionScope,
  type ExpressionType,
} from "./expressions/expression.ts";
export {
  behaviourScope,
  errorScope,
  expressionType,
  featureScope,
  gateScope,
  triggerScope,
} from "./expressions/expression-scopes.ts";
export {
  type MetricDefinition,
  metricDefinitions,
  metricsOf,
  watchDefinitions,
} from "./expressions/metric-definitions.ts";
export { isMadeUp } from "./is-made-up.ts";
export { completeness } from "./levels/completeness.ts";
export { nearest } from "./nearest.ts";
export { type CalendarCycle, isCalendarCycle } from "./strata.ts";
export { type ArrayOf, allocate, type Column, elementsPerRow, type Table, valueAt } from "./table.ts";
export { compileOutputValidator, compileValidator, type Validator } from "./validator/compile-validator.ts";
export type { Validation } from "./validator/report.ts";
export { createReport, type Describe, finishReport, type Report, rejectRow } from "./validator/report.ts";
export { pathStep, shownValue, type Violation, type ViolationCode, withheld } from "./violation.ts";

export { contractJsonSchema } from "./written/json-schema.ts";
export { meantErrors } from "./written/meant-errors.ts";
export { type ContractSource, type ParsedContract, parseContract } from "./written/parse-contract.ts";
export type { PositionOf } from "./written/positions.ts";

export type { WrittenContract, WrittenFeature } from "./written/schema.ts";
