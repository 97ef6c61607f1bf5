export {
  type EvidenceItem,
  type EvidenceKind,
  type EvidenceRun,
  evidencePredicate,
  type Host,
  type Reads,
  type Signers,
  type Verdict,
} from "./evidence.ts";
