import { createHash, type KeyObject, sign, verify } from "node:crypto";
import { Value } from "typebox/value";
import {
  BatonError,
  type ContentFile,
  canonicalBytes,
  decodeBase64,
  type Finding,
  inTotoType,
  keyIdOf,
  manifestOf,
  preAuthEncoding,
  shortDigest,
} from "../kernel/index.ts";
import { curveOf, hashOfCurve } from "./keys.ts";
import {
  type Bundle,
  BundleSchema,
  bundleMediaType,
  type ModelStatement,
  ModelStatementSchema,
  modelSignaturePredicate,
} from "./model-signature-schema.ts";
import { sealFinding } from "./seal-findings.ts";

/** Name of the signature in a baton. */
export const signatureFile = "model.sig";

const bundleLimitBytes = 32 * 1024 ** 2;

/** What is signed: the files, and a name for the whole that other clients show. */
export interface ContentToSign {
  readonly files: readonly ContentFile[];
  readonly name: string;
  readonly privateKey: KeyObject;
}

/** Bytes of an OpenSSF Model Signing v1.0 bundle over the content. @throws BatonError `usage` for a key of another kind */
export function signContent({ files, name, privateKey }: ContentToSign): Uint8Array {
  const hash = hashOfCurve[curveOf(privateKey) ?? ""];
  if (hash === undefined)
    throw new BatonError("usage", "Model signatures are made with ECDSA keys.", { next: "Use a P-256 key." });
  const payload = canonicalBytes(statementOf(files, name));
  const sig = sign(hash, preAuthEncoding(inTotoType, payload), privateKey);
  return canonicalBytes({
    mediaType: bundleMediaType,
    verificationMaterial: { publicKey: { hint: keyIdOf(privateKey) }, tlogEntries: [] },
    dsseEnvelope: {
      payload: Buffer.from(payload).toString("base64"),
      payloadType: inTotoType,
      signatures: [{ sig: sig.toString("base64"), keyid: "" }],
    },
  } satisfies Bundle);
}

function statementOf(files: readonly ContentFile[], name: string): ModelStatement {
  const resources = manifestOf(files).files.map(({ path, sha256 }) => ({
    name: path,
    algorithm: "sha256" as const,
    digest: sha256,
  }));
  return {
    _type: "https://in-toto.io/Statement/v1",
    subject: [{ name, digest: { sha256: rootOf(resources) } }],
    predicateType: modelSignaturePredicate,
    predicate: {
      serialization: { method: "files", hash_type: "sha256", allow_symlinks: false, ignore_paths: [] },
      resources,
    },
  };
}

/** SHA-256 over the raw digests in the listed order. It does not commit to names, so nothing of ours binds to it. */
function rootOf(resources: readonly { readonly digest: string }[]): string {
  const hash = createHash("sha256");
  for (const { digest } of resources) hash.update(digest, "hex");
  return hash.digest("hex");
}

/** A signature to check, the files it must be over, and the keys that count. */
export interface SignatureToVerify {
  readonly bundleBytes: Uint8Array;
  readonly files: readonly ContentFile[];
  readonly publicKeys: readonly KeyObject[];
}

/** Whose key signed exactly these files, or why that cannot be said. */
export function verifySignature(request: SignatureToVerify): { keyId: string } | { finding: Finding } {
  const bundle = readBundle(request.bundleBytes);
  if (!bundle)
    return unreadable("model.sig is not an OpenSSF Model Signing v1.0 bundle of the form that Baton reads.");
  const keyId = bundle.verificationMaterial.publicKey.hint;
  const key = request.publicKeys.find((candidate) => keyIdOf(candidate) === keyId);
  if (!key)
    return { finding: unknownKey(signatureFile, keyId, `${shortDigest(keyId)} is not among the known keys`) };
  const payload = signedPayload(bundle, key);
  if (!payload)
    return { finding: invalid("The signature in model.sig is not by the key that it names.", keyId) };
  const statement = parseJson(payload);
  if (!Value.Check(ModelStatementSchema, statement))
    return unreadable(
      "What model.sig signs is not an OpenSSF Model Signing v1.0 statement over single files.",
    );
  if (rootOf(statement.predicate.resources) !== statement.subject[0]?.digest.sha256)
    return { finding: invalid("The root digest in model.sig is not that of the files it lists.", keyId) };
  const difference = firstDifference(statement, request.files);
  return difference
    ? { finding: sealFinding("baton.signature-differs", { path: signatureFile, message: difference }) }
    : { keyId };
}

/** Id of the key that a bundle names, without any check of the signature; undefined where it is no bundle. */
export function claimedKeyOf(bundleBytes: Uint8Array): string | undefined {
  return readBundle(bundleBytes)?.verificationMaterial.publicKey.hint;
}

function readBundle(bytes: Uint8Array): Bundle | undefined {
  if (bytes.length > bundleLimitBytes) return undefined;
  const bundle = parseJson(bytes);
  return Value.Check(BundleSchema, bundle) ? bundle : undefined;
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    return undefined;
  }
}

function signedPayload(bundle: Bundle, key: KeyObject): Uint8Array | undefined {
  const payload = decodeBase64(bundle.dsseEnvelope.payload);
  const sig = decodeBase64(bundle.dsseEnvelope.signatures[0]?.sig ?? "");
  const hash = hashOfCurve[curveOf(key) ?? ""];
  if (!payload || !sig || !hash) return undefined;
  try {
    return verify(hash, preAuthEncoding(inTotoType, payload), key, sig) ? payload : undefined;
  } catch {
    return undefined;
  }
}

/** `ignore_paths` is not honoured: each file of the content must be listed, and nothing else. */
function firstDifference(statement: ModelStatement, files: readonly ContentFile[]): string | undefined {
  const signed = new Map(statement.predicate.resources.map(({ name, digest }) => [name, digest]));
  if (signed.size !== statement.predicate.resources.length) return "model.sig lists a file twice.";
  for (const { path, sha256 } of manifestOf(files).files) {
    const digest = signed.get(path);
    if (digest === undefined) return `${path} is not among the files that model.sig signs.`;
    if (digest !== sha256) return `${path} is not the file that model.sig signs.`;
    signed.delete(path);
  }
  const [left] = signed.keys();
  return left === undefined ? undefined : `model.sig signs ${JSON.stringify(left)}, which is not there.`;
}

/** Says that the key of a file does not count; `reason` is the end of a sentence, without its full stop. */
export function unknownKey(path: string, keyId: string, reason: string): Finding {
  const message = `${path} is signed by a key that does not count: ${reason}.`;
  return sealFinding("baton.unknown-key", { path, received: keyId, message });
}

function invalid(message: string, keyId: string): Finding {
  return sealFinding("baton.signature-invalid", { path: signatureFile, received: keyId, message });
}

function unreadable(message: string): { finding: Finding } {
  return { finding: sealFinding("baton.signature-unreadable", { path: signatureFile, message }) };
}
