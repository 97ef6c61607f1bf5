export { type BenchClock, type BenchInput, type BenchPlan, runBench } from "./bench.ts";
export {
  type BatonLock,
  batonLockOf,
  batonLockPath,
  batonLockText,
  type LockSource,
  parseBatonLock,
} from "./checks/baton-lock.ts";
export type {
  BuilderItem,
  Check,
  CheckInput,
  CheckReport,
  FileFacts,
  ModelFacts,
  NotRun,
  RuntimeLimits,
} from "./checks/check.ts";
export { checksFindings } from "./checks/checks-findings.ts";
export type {
  DataColumn,
  DataProbe,
  DataProblem,
  FeatureFacts,
  GroupSizes,
  LabelFacts,
  Occurrence,
  OverlapFacts,
  OverlapQuestion,
  Separation,
  TableFacts,
  TableQuestion,
} from "./checks/data-probe.ts";
export { largestModelBytes } from "./checks/model-file-check.ts";
export { profilePath } from "./checks/profile-check.ts";
export { runChecks } from "./checks/run-checks.ts";
export { type Comparison, compareVersions, comparisonClause } from "./comparison/compare-versions.ts";
export type { Limit } from "./enforcement/feature-limits.ts";
export {
  type Unviolated,
  type ViolatingRecord,
  type ViolatingRecords,
  violatingRecords,
} from "./enforcement/violating-records.ts";
export type {
  EvidenceItem,
  EvidenceKind,
  EvidenceRun,
  Host,
  Reads,
  Signers,
  SliceResult,
  Verdict,
} from "./evidence.ts";
export { evidenceFindings } from "./evidence-findings.ts";
export { seededIntegers } from "./gates/random.ts";
export { metricNames, metricOf, ranked, type Sample } from "./metrics/index.ts";
export type { Reimplementation, TransformRunner } from "./parity/parity-features.ts";
export { featureColumns, recordAt } from "./rows/table-rows.ts";
export { runTests } from "./run-tests.ts";
export {
  type EvidenceFile,
  type EvidenceReading,
  largestEvidenceBytes,
  type ReadEvidence,
  readEvidence,
  sealEvidence,
  type Vouching,
} from "./statements/evidence-statement.ts";
export { type CurrentFiles, currentReads, whatChanged } from "./statements/reads.ts";
export {
  type DiscountedItems,
  type EvidenceStanding,
  type HeldItems,
  requiredTest,
  type StaleItem,
  staleItems,
  standingOf,
  type VerdictInput,
  verdictsOf,
  type WatchedStanding,
} from "./statements/verdicts.ts";
export type { TestInput } from "./test-input.ts";
