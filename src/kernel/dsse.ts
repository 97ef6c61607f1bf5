import { createHash, createPublicKey, type KeyObject, sign, verify } from "node:crypto";
import { canonicalBytes } from "./canonical-json.ts";

/** in-toto Statement v1 (https://in-toto.io/Statement/v1): what is said, about what. */
export interface Statement<Predicate = unknown> {
  readonly _type: "https://in-toto.io/Statement/v1";
  readonly subject: readonly { readonly name: string; readonly digest: { readonly sha256: string } }[];
  readonly predicateType: string;
  readonly predicate: Predicate;
}

/** A DSSE envelope: payload and signatures in base64. No signature means that nobody vouches for it. */
export interface Envelope {
  readonly payload: string;
  readonly payloadType: string;
  readonly signatures: readonly { readonly keyid: string; readonly sig: string }[];
}

/** Media type of in-toto statements. */
export const inTotoType = "application/vnd.in-toto+json";

/** Pre-authentication encoding, DSSE v1 protocol.md: what is signed in place of the payload alone. */
export function preAuthEncoding(payloadType: string, payload: Uint8Array): Uint8Array {
  const typeLength = Buffer.byteLength(payloadType);
  return Buffer.concat([Buffer.from(`DSSEv1 ${typeLength} ${payloadType} ${payload.length} `), payload]);
}

/** Hex SHA-256 of the PEM text of the public key: the name of a key everywhere in Baton (and the hint of OMS). */
export function keyIdOf(key: KeyObject): string {
  const publicKey = key.type === "private" ? createPublicKey(key) : key;
  return createHash("sha256")
    .update(publicKey.export({ type: "spki", format: "pem" }))
    .digest("hex");
}

/** Canonical statement in an envelope, signed with ECDSA P-256 (DER), or unsigned where no key is given. */
export function sealStatement(statement: Statement, privateKey?: KeyObject): Envelope {
  const payload = canonicalBytes(statement);
  return {
    payload: Buffer.from(payload).toString("base64"),
    payloadType: inTotoType,
    signatures: privateKey
      ? [
          {
            keyid: keyIdOf(privateKey),
            sig: sign("sha256", preAuthEncoding(inTotoType, payload), privateKey).toString("base64"),
          },
        ]
      : [],
  };
}

/** Payload bytes of an envelope. */
export function payloadOf(envelope: Envelope): Uint8Array {
  return Buffer.from(envelope.payload, "base64");
}

/** True when some signature of the envelope is by this key over exactly this payload. */
export function isSignedBy(envelope: Envelope, publicKey: KeyObject): boolean {
  const id = keyIdOf(publicKey);
  const encoded = preAuthEncoding(envelope.payloadType, payloadOf(envelope));
  return envelope.signatures.some(
    (signature) => signature.keyid === id && verifies(encoded, publicKey, signature.sig),
  );
}

function verifies(encoded: Uint8Array, key: KeyObject, sig: string): boolean {
  try {
    return verify("sha256", encoded, key, Buffer.from(sig, "base64"));
  } catch {
    return false;
  }
}
