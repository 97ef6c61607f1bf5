export { decodeBase64 } from "./base64.ts";
export { canonicalBytes, canonicalJson, type Json, readCanonicalJson } from "./canonical-json.ts";
export { dayText } from "./day-text.ts";
export { digestOf, sha256, shortDigest } from "./digest.ts";
export {
  type Envelope,
  inTotoType,
  isSignedBy,
  keyIdOf,
  payloadOf,
  preAuthEncoding,
  type Statement,
  sealStatement,
} from "./dsse.ts";
export { durationPattern, formatMilliseconds, parseDuration } from "./duration.ts";
export {
  BatonError,
  type ErrorCode,
  type ErrorDetail,
  messageOf,
  type Position,
  redactSecrets,
} from "./errors.ts";
export {
  blocks,
  type Finding,
  type FindingCatalogue,
  type FindingDetail,
  type FindingKind,
  findingMaker,
  type Place,
  type Severity,
  worstFirst,
} from "./finding.ts";
export {
  type ContentFile,
  type ContentReference,
  contentDigest,
  type Manifest,
  manifestOf,
} from "./manifest.ts";
export { markdownCode, markdownTable, markdownText } from "./markdown.ts";
export { isTooDeep } from "./nesting.ts";
export { blocksSignOff, type Outcome, worstOutcome } from "./outcome.ts";
export { type SchemaGuard, schemaGuard } from "./schema-guard.ts";
