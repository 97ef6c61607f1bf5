import { generateKeyPairSync, type KeyObject } from "node:crypto";
import type { Signers } from "../evidence/index.ts";
import { canonicalBytes, keyIdOf, sealStatement } from "../kernel/index.ts";
import { type BatonContent, type BatonEntry, sealBaton, type Verification, verifyBaton } from "./index.ts";

/** UTF-8 bytes. */
export function utf8(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** A person with a key. */
export interface Signer {
  readonly person: string;
  readonly privateKey: KeyObject;
  readonly publicKey: KeyObject;
}

/** A new person with a new key. */
export function signer(person: string, namedCurve = "P-256"): Signer {
  return { person, ...generateKeyPairSync("ec", { namedCurve }) };
}

/** A people file of these. */
export function signersOf(...people: readonly Signer[]): Signers {
  const byKey = new Map(people.map((one) => [keyIdOf(one.publicKey), asFound(one)]));
  return {
    find: (keyId) => {
      const found = byKey.get(keyId);
      return found ?? { refused: `the key ${keyId.slice(0, 12)} is nobody's in the people file` };
    },
  };
}

function asFound({ person, publicKey }: Signer) {
  return {
    person,
    roles: ["builds"],
    publicKeyPem: publicKey.export({ type: "spki", format: "pem" }).toString(),
  };
}

/** A DSSE envelope as evidence and relay entries are. */
export function envelopeBytes(predicate: unknown, by?: Signer): Uint8Array {
  const subject = [{ name: "content", digest: { sha256: "0".repeat(64) } }];
  const statement = {
    _type: "https://in-toto.io/Statement/v1",
    subject,
    predicateType: "urn:x",
    predicate,
  } as const;
  return canonicalBytes(sealStatement(statement, by?.privateKey));
}

/** A small hand-off, with a path of each kind that tar writes in its own way. */
export const smallContent: readonly BatonContent[] = [
  {
    path: "baton.yaml",
    bytes: utf8(`data: {references: [{uri: "s3://x", size: 1, sha256: ${"a".repeat(64)}}]}\n`),
  },
  { path: "model/m.onnx", bytes: Uint8Array.from({ length: 40 }, (_, i) => i % 256) },
  { path: "story/caf\u00e9.md", bytes: utf8("why") },
];

/** When the small baton is sealed, and a later time at which it is verified. */
export const [sealedAt, now] = ["2025-06-01T12:00:00Z", "2025-06-02T12:00:00Z"];

/** A small baton by this person, with evidence and relay. */
export function smallBaton(by: Signer, content = smallContent): Uint8Array {
  return sealBaton({
    name: "small",
    content,
    ...smallTail(by),
    sealer: { privateKey: by.privateKey, at: sealedAt },
  }).bytes;
}

/** Evidence, signed and not, and two relay entries. */
export function smallTail(by: Signer): { evidence: BatonEntry[]; relay: BatonEntry[] } {
  return {
    evidence: [
      { name: "test-1.json", bytes: envelopeBytes({ outcome: "pass" }, by) },
      { name: "check-1.json", bytes: envelopeBytes({ outcome: "pass" }) },
    ],
    relay: [
      { name: "0001-offer-aa.json", bytes: envelopeBytes({ action: "offer" }, by) },
      { name: "0002-accept-bb.json", bytes: envelopeBytes({ action: "accept" }, by) },
    ],
  };
}

/** The verdict on bytes where only these people count. */
export function verdict(bytes: Uint8Array, ...people: readonly Signer[]): Verification {
  return verifyBaton({ bytes, signers: signersOf(...people), now });
}

/** The codes that `verify` finds. */
export function codesOf(bytes: Uint8Array, ...people: readonly Signer[]): string[] {
  return verdict(bytes, ...people).findings.map(({ code }) => code);
}
