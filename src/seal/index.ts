export {
  type Baton,
  type BatonContent,
  type BatonEntry,
  type BatonParts,
  type BatonTail,
  contentManifest,
  readBaton,
  withTail,
  writeBaton,
} from "./baton-file.ts";
export { pathCollision, pathProblem } from "./entry-path.ts";
export { type BatonSummary, inspectBaton } from "./inspect-baton.ts";
export { type KeySource, parsePrivateKey, parsePublicKey } from "./keys.ts";
export {
  type ContentToSign,
  claimedKeyOf,
  type SignatureToVerify,
  signContent,
  verifySignature,
} from "./model-signature.ts";
export { referencesOf } from "./references.ts";
export { type SealRequest, sealBaton } from "./seal-baton.ts";
export { sealFindings } from "./seal-findings.ts";
export { type Seal, type Sealer, sealPredicate } from "./seal-statement.ts";
export { type SignedBy, type Verification, type VerifyRequest, verifyBaton } from "./verify-baton.ts";
