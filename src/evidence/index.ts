export {
  type EvidenceItem,
  type EvidenceKind,
  type EvidenceRun,
  evidencePredicate,
  type Host,
  type Reads,
  type Signers,
  type SliceResult,
  type Verdict,
} from "./evidence.ts";
export { evidenceFindings } from "./evidence-findings.ts";
export {
  type EvidenceFile,
  type EvidenceReading,
  largestEvidenceBytes,
  type ReadEvidence,
  readEvidence,
  sealEvidence,
  type Vouching,
} from "./evidence-statement.ts";
export { lowerIsBetter, metricNames } from "./metrics/index.ts";
export { type CurrentFiles, currentReads, modelPath, whatChanged } from "./reads.ts";
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
} from "./verdicts.ts";
