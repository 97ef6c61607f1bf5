import type { KeyObject } from "node:crypto";
import {
  BatonError,
  canonicalBytes,
  decodeBase64,
  type Envelope,
  inTotoType,
  isSignedBy,
  type Statement,
  sealStatement,
  sha256,
} from "../kernel/index.ts";
import { canonicalSignature, isCanonicalSignature } from "./ecdsa-signature.ts";
import type { TarEntry } from "./tar.ts";

/** Name of the last entry of a baton: the statement that binds content and tail together. */
export const sealFile = "seal.json";

/** in-toto predicate type of that statement. */
export const sealPredicate = "urn:modelbaton:seal:1";

/** Who seals, and when (RFC 3339, UTC). */
export interface Sealer {
  readonly privateKey: KeyObject;
  readonly at: string;
}

/** The seal of a baton as it was read: `keyId` and `at` are claims until {@link isSealedBy} says so. */
export interface Seal {
  readonly envelope: Envelope;
  readonly keyId?: string;
  readonly at?: string;
}

/** What a seal is over: the content digest, and every other entry of the baton in its order. */
export interface Sealed {
  readonly digest: string;
  readonly tail: readonly TarEntry[];
}

/** Bytes of `seal.json`. Without a sealer it is unsigned, carries no time, and so has exactly one form. */
export function writeSeal(sealed: Sealed, sealer?: Sealer): Uint8Array {
  if (sealer && !instant.test(sealer.at))
    throw new BatonError("usage", `"${sealer.at}" is not a time in UTC.`, {
      next: "Write it as 2025-06-01T12:00:00Z.",
    });
  const envelope = sealStatement(statementOf(sealed, sealer?.at), sealer?.privateKey);
  return canonicalBytes({ ...envelope, signatures: envelope.signatures.map(inOneForm) });
}

const instant = /^\d{4}-(0\d|1[0-2])-([0-2]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{3})?Z$/;

function statementOf({ digest, tail }: Sealed, at: string | undefined): Statement {
  return {
    _type: "https://in-toto.io/Statement/v1",
    subject: [
      { name: "content", digest: { sha256: digest } },
      ...tail.map(({ path, bytes }) => ({ name: path, digest: { sha256: sha256(bytes) } })),
    ],
    predicateType: sealPredicate,
    predicate: at === undefined ? {} : { at },
  };
}

function inOneForm(signature: Envelope["signatures"][number]): Envelope["signatures"][number] {
  const der = canonicalSignature(Buffer.from(signature.sig, "base64"));
  if (!der) throw new BatonError("usage", "Seals are signed with ECDSA P-256.", { next: "Use a P-256 key." });
  return { keyid: signature.keyid, sig: Buffer.from(der).toString("base64") };
}

/**
 * Reads `seal.json` against what is there. The statement is made again from the entries and must be the same, byte for byte:
 * only key id, signature and time are taken from the file. @throws BatonError `baton-malformed`, `baton-altered`
 */
export function readSeal(bytes: Uint8Array, sealed: Sealed): Seal {
  const { envelope, statement } = parseSeal(bytes);
  const [signature] = envelope.signatures;
  const { at } = statement.predicate;
  if ((signature === undefined) !== (at === undefined)) throw notASeal();
  const expected = statementOf(sealed, at);
  if (Buffer.from(canonicalBytes(expected)).toString("base64") !== envelope.payload)
    throw altered(expected, statement);
  const whole = { payload: envelope.payload, payloadType: inTotoType, signatures: envelope.signatures };
  if (Buffer.compare(canonicalBytes(whole), bytes) !== 0) throw notASeal();
  return { envelope: whole, keyId: signature?.keyid, at };
}

/** True when the seal is signed by this key, in the one form that a signature can have. */
export function isSealedBy(seal: Seal, publicKey: KeyObject): boolean {
  const der = decodeBase64(seal.envelope.signatures[0]?.sig ?? "");
  return der !== undefined && isCanonicalSignature(der) && isSignedBy(seal.envelope, publicKey);
}

type SealStatement = Statement<{ readonly at?: string }>;

function parseSeal(bytes: Uint8Array): { envelope: Envelope; statement: SealStatement } {
  const envelope = parseJson(bytes);
  const statement = parseJson(decodeBase64(stringAt(envelope, "payload")) ?? new Uint8Array());
  const signatures = valueAt(envelope, "signatures");
  const at = valueAt(valueAt(statement, "predicate"), "at");
  if (!Array.isArray(signatures) || signatures.length > 1 || !isTime(at)) throw notASeal();
  const signature = signatures.map((one) => ({ keyid: stringAt(one, "keyid"), sig: stringAt(one, "sig") }));
  return {
    envelope: {
      payload: stringAt(envelope, "payload"),
      payloadType: stringAt(envelope, "payloadType"),
      signatures: signature,
    },
    statement: { ...(statement as Statement), predicate: at === undefined ? {} : { at } },
  };
}

function isTime(value: unknown): value is string | undefined {
  return value === undefined || (typeof value === "string" && instant.test(value));
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch {
    throw notASeal();
  }
}

function valueAt(value: unknown, key: string): unknown {
  const has = typeof value === "object" && value !== null && Object.hasOwn(value, key);
  return has ? (value as Record<string, unknown>)[key] : undefined;
}

function stringAt(value: unknown, key: string): string {
  const text = valueAt(value, key);
  if (typeof text !== "string") throw notASeal();
  return text;
}

/** Names the first entry that differs, as far as the seal can be understood. */
function altered(expected: Statement, found: Statement): BatonError {
  const sealed = new Map(subjects(found));
  const changed = expected.subject.find(({ name, digest }) => sealed.get(name) !== digest.sha256)?.name;
  for (const { name } of expected.subject) sealed.delete(name);
  const [gone] = sealed.keys();
  const problem = changed
    ? `${changed} is not what was sealed`
    : gone
      ? `${JSON.stringify(gone)} was sealed and is missing`
      : "The entries are not what was sealed";
  return new BatonError("baton-altered", `${problem}.`, {
    next: "Do not use the file. Get it again from whoever sealed it.",
  });
}

function subjects(statement: Statement): [name: string, digest: string][] {
  const list: unknown = statement.subject;
  if (!Array.isArray(list)) return [];
  return list.map((entry) => [stringAt(entry, "name"), stringAt(valueAt(entry, "digest"), "sha256")]);
}

function notASeal(): BatonError {
  return new BatonError("baton-malformed", `${sealFile} is not a seal in canonical form.`, {
    next: "Get the baton again from whoever sealed it.",
  });
}
