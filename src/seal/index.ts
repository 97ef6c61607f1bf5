export {
  type Baton,
  type BatonContent,
  type BatonEntry,
  contentManifest,
  readBaton,
  withTail,
  writeBaton,
} from "./baton-file.ts";
export { inspectBaton } from "./inspect-baton.ts";
export { parsePrivateKey, parsePublicKey } from "./keys.ts";
export { signContent, verifySignature } from "./model-signature.ts";
export { referencesOf } from "./references.ts";
export { sealBaton } from "./seal-baton.ts";
export { sealFindings } from "./seal-findings.ts";
export { type Verification, verifyBaton } from "./verify-baton.ts";
