import type { KeyObject } from "node:crypto";
import type { Signers } from "../evidence/index.ts";
import { BatonError, canonicalBytes, type Finding, keyIdOf, type Severity } from "../kernel/index.ts";
import { type Baton, type BatonEntry, readBaton } from "./baton-file.ts";
import { parsePublicKey } from "./keys.ts";
import { claimedKeyOf, signatureFile, unknownKey, verifySignature } from "./model-signature.ts";
import { sealFinding } from "./seal-findings.ts";
import { isSealedBy, sealFile } from "./seal-statement.ts";

/** A person behind a signature that verifies. */
export interface SignedBy {
  readonly keyId: string;
  readonly person: string;
  readonly roles: readonly string[];
}

/** What `baton verify` is asked. */
export interface VerifyRequest {
  readonly bytes: Uint8Array;
  /** Whose signatures count; never taken from the baton. */
  readonly signers: Signers;
  /** RFC 3339, UTC. Keys are judged at the time of sealing, which must not be later than this. */
  readonly now: string;
  /** A missing signature is then a warning: for sketches, and for who asked for it by a flag. */
  readonly allowUnsigned?: boolean;
}

/** What `baton verify` answers. `baton` is absent where the file cannot be read as one. */
export interface Verification {
  readonly findings: readonly Finding[];
  readonly baton?: Baton;
  /** Who signed the content, in the form that other clients verify too. */
  readonly contentBy?: SignedBy;
  /** Who sealed content and tail together, and when. */
  readonly sealedBy?: SignedBy & { readonly at: string };
}

/**
 * Judges a baton completely: form, digests, seal, model signature, and whether the keys count. Without a blocking finding
 * no byte of the file differs from what a known person signed.
 */
export function verifyBaton(request: VerifyRequest): Verification {
  const read = tryRead(request.bytes);
  if ("finding" in read) return { findings: [read.finding] };
  const { baton } = read;
  const seal = verifySeal(baton, request);
  const content = verifyContent(baton, request);
  return {
    baton,
    findings: [...seal.findings, ...content.findings, ...unreadableEntries(baton)],
    ...(content.by && { contentBy: content.by }),
    ...(seal.by && baton.seal.at && { sealedBy: { ...seal.by, at: baton.seal.at } }),
  };
}

interface Judged {
  readonly findings: readonly Finding[];
  readonly by?: SignedBy;
}

function tryRead(bytes: Uint8Array): { baton: Baton } | { finding: Finding } {
  try {
    return { baton: readBaton(bytes) };
  } catch (thrown) {
    if (!(thrown instanceof BatonError)) throw thrown;
    const code = thrown.code === "baton-altered" ? "baton.altered" : "baton.malformed";
    return { finding: sealFinding(code, { message: thrown.message }) };
  }
}

function verifySeal({ seal }: Baton, request: VerifyRequest): Judged {
  if (seal.keyId === undefined || seal.at === undefined)
    return { findings: [unsigned(request, sealFile, "The seal carries no signature.")] };
  if (Date.parse(seal.at) > Date.parse(request.now) + clockSkewMs)
    return {
      findings: [sealFinding("baton.sealed-ahead", { path: sealFile, message: `Sealed at ${seal.at}.` })],
    };
  const signer = signerOf(seal.keyId, seal.at, request.signers);
  if ("refused" in signer) return { findings: [unknownKey(sealFile, seal.keyId, signer.refused)] };
  if (isSealedBy(seal, signer.key)) return { findings: [], by: signer.by };
  const message = `The seal is not signed by the key of ${signer.by.person}, which it names.`;
  return { findings: [sealFinding("baton.signature-invalid", { path: sealFile, message })] };
}

const clockSkewMs = 5 * 60_000;

function verifyContent({ signature, seal, manifest }: Baton, request: VerifyRequest): Judged {
  if (!signature)
    return { findings: [unsigned(request, signatureFile, "The content carries no signature.")] };
  const keyId = claimedKeyOf(signature);
  const at = seal.at ?? request.now;
  const signer = keyId === undefined ? undefined : signerOf(keyId, at, request.signers);
  if (keyId !== undefined && signer && "refused" in signer)
    return { findings: [unknownKey(signatureFile, keyId, signer.refused)] };
  const publicKeys = signer && "key" in signer ? [signer.key] : [];
  const verified = verifySignature({ bundleBytes: signature, files: manifest.files, publicKeys });
  if ("finding" in verified) return { findings: [verified.finding] };
  return { findings: [], ...(signer && "by" in signer && { by: signer.by }) };
}

function signerOf(
  keyId: string,
  at: string,
  signers: Signers,
): { key: KeyObject; by: SignedBy } | { refused: string } {
  const found = signers.find(keyId, at);
  if ("refused" in found) return found;
  const { person, roles, publicKeyPem } = found;
  const key = tryKey(publicKeyPem);
  if (!key || keyIdOf(key) !== keyId)
    return { refused: `the people file has another public key for ${person}` };
  return { key, by: { keyId, person, roles } };
}

function tryKey(pem: string): KeyObject | undefined {
  try {
    return parsePublicKey(pem);
  } catch {
    return undefined;
  }
}

function unsigned({ allowUnsigned }: VerifyRequest, path: string, message: string): Finding {
  const severity: Severity = allowUnsigned ? "warning" : "blocking";
  return sealFinding("baton.unsigned", { path, message, severity });
}

function unreadableEntries({ evidence, relay }: Baton): Finding[] {
  const wrong = (folder: string, entries: readonly BatonEntry[]) =>
    entries.filter(({ bytes }) => !isEnvelope(bytes)).map(({ name }) => `${folder}/${name}`);
  return [...wrong("evidence", evidence), ...wrong("relay", relay)].map((path) =>
    sealFinding("baton.entry-unreadable", {
      path,
      message: `${path} is not a DSSE envelope in canonical form.`,
    }),
  );
}

/** A DSSE envelope in canonical JSON, signed or not; whose signatures count is for evidence and relay to say. */
function isEnvelope(bytes: Uint8Array): boolean {
  try {
    const { payload, payloadType, signatures, ...rest } = JSON.parse(
      new TextDecoder("utf-8", { fatal: true }).decode(bytes),
    ) as Record<string, unknown>;
    const typed = typeof payload === "string" && typeof payloadType === "string" && Array.isArray(signatures);
    const same = Buffer.compare(canonicalBytes({ payload, payloadType, signatures }), bytes) === 0;
    return typed && same && Object.keys(rest).length === 0;
  } catch {
    return false;
  }
}
