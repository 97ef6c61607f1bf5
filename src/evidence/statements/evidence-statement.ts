import { createPublicKey, type KeyObject } from "node:crypto";
import { Compile } from "typebox/compile";
import {
  BatonError,
  canonicalBytes,
  canonicalJson,
  digestOf,
  type Envelope,
  isSignedBy,
  keyIdOf,
  payloadOf,
  readCanonicalJson,
  type Statement,
  sealStatement,
  sha256,
  shortDigest,
} from "../../kernel/index.ts";
import { type EvidenceRun, evidencePredicate, type Signers } from "../evidence.ts";
import { EvidenceEnvelopeSchema, EvidenceStatementSchema } from "./evidence-schema.ts";

/** Largest evidence file that is read. */
export const largestEvidenceBytes = 16 * 1024 * 1024;

/** One file of the folder `evidence/`. */
export interface EvidenceFile {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** Who stands behind evidence. */
export type Vouching =
  | { readonly kind: "signed"; readonly by: string; readonly roles: readonly string[] }
  | { readonly kind: "unsigned" }
  /** Signed, and the signature does not count: why, as the end of "does not count: …". */
  | { readonly kind: "refused"; readonly why: string };

/** Evidence that could be read, whoever vouches for it. */
export interface ReadEvidence {
  readonly ok: true;
  /** SHA-256 of the payload. */
  readonly id: string;
  readonly run: EvidenceRun;
  readonly vouching: Vouching;
}

/** The outcome of {@link readEvidence}: `problem` is the end of "this is no evidence: …". */
export type EvidenceReading = ReadEvidence | { readonly ok: false; readonly problem: string };

/**
 * Writes a run as a canonical DSSE envelope; unsigned where no key is given. The name carries the payload's digest.
 * @throws BatonError `internal` for a run that {@link readEvidence} would not read back
 */
export function sealEvidence(run: EvidenceRun, privateKey?: KeyObject): EvidenceFile {
  const statement: Statement<EvidenceRun> = {
    _type: "https://in-toto.io/Statement/v1",
    subject: subjectOf(run),
    predicateType: evidencePredicate,
    predicate: run,
  };
  const envelope = sealStatement(statement, privateKey);
  if (!isStatement(readCanonicalJson(payloadOf(envelope))))
    throw new BatonError("internal", `Evidence of this ${run.kind} does not keep its own format.`);
  return {
    name: `${run.kind}-${shortDigest(sha256(payloadOf(envelope)))}.json`,
    bytes: canonicalBytes(envelope),
  };
}

/**
 * Reads evidence strictly: canonical JSON, known keys, capped sizes, a subject that agrees with what the items read.
 * A time later than `at` (RFC 3339) and a key that `signers` refuse make it refused, not unreadable.
 */
export function readEvidence(bytes: Uint8Array, signers: Signers, at: string): EvidenceReading {
  if (bytes.length > largestEvidenceBytes)
    return problem(`it is larger than ${largestEvidenceBytes / 1024 / 1024} MiB`);
  const envelope = readCanonicalJson(bytes);
  if (!isEnvelope(envelope)) return problem("it is not a DSSE envelope in canonical form");
  const payload = payloadOf(envelope);
  if (Buffer.from(payload).toString("base64") !== envelope.payload)
    return problem("its payload is not canonical base64");
  const statement = readCanonicalJson(payload);
  if (!isStatement(statement)) return problem("its payload is not an evidence statement in canonical form");
  const run = statement.predicate as EvidenceRun;
  if (canonicalJson(subjectOf(run)) !== canonicalJson(statement.subject))
    return problem("its subject is not what its items read");
  return { ok: true, id: sha256(payload), run, vouching: vouchingOf(envelope, run, signers, at) };
}

const compiled: { envelope?: ReturnType<typeof Compile>; statement?: ReturnType<typeof Compile> } = {};

function isEnvelope(value: unknown): value is Envelope {
  compiled.envelope ??= Compile(EvidenceEnvelopeSchema);
  return compiled.envelope.Check(value);
}

function isStatement(value: unknown): value is Statement {
  compiled.statement ??= Compile(EvidenceStatementSchema);
  return compiled.statement.Check(value);
}

function vouchingOf(envelope: Envelope, run: EvidenceRun, signers: Signers, at: string): Vouching {
  if (envelope.signatures.length === 0) return { kind: "unsigned" };
  if (run.finishedAt < run.startedAt) return { kind: "refused", why: "it ends before it starts" };
  if (Date.parse(run.finishedAt) > Date.parse(at) + clockSkewMs)
    return { kind: "refused", why: `it is dated ${run.finishedAt}, which is later than now` };
  const judged = envelope.signatures.map(({ keyid }) => judgeKey(envelope, keyid, run.finishedAt, signers));
  return judged.find((vouching) => vouching.kind === "signed") ?? judged[0]!;
}

const clockSkewMs = 5 * 60_000;

function judgeKey(envelope: Envelope, keyId: string, at: string, signers: Signers): Vouching {
  const found = signers.find(keyId, at);
  if ("refused" in found) return { kind: "refused", why: found.refused };
  const key = publicKeyOf(found.publicKeyPem);
  if (!key || keyIdOf(key) !== keyId || !isSignedBy(envelope, key))
    return { kind: "refused", why: `its signature is not valid under the key of ${found.person}` };
  return { kind: "signed", by: found.person, roles: found.roles };
}

function publicKeyOf(pem: string): KeyObject | undefined {
  try {
    return createPublicKey(pem);
  } catch {
    return undefined;
  }
}

/** The files that the items read; for a run that read none, the clauses and other digests in one. */
function subjectOf(run: EvidenceRun): Statement["subject"] {
  const files = new Map<string, string>();
  for (const { reads } of run.items)
    for (const [name, digest] of Object.entries(reads))
      if (/^(content|data):/.test(name)) files.set(`${name.slice(name.indexOf(":") + 1)}`, digest);
  const subject = [...files].map(([name, digest]) => ({ name, digest: { sha256: digest } }));
  if (subject.length > 0) return subject.sort((a, b) => (a.name < b.name ? -1 : 1));
  const all = run.items.map(({ clause, test, reads }) => ({ clause, test, reads }));
  return [{ name: `${run.model}@${run.version}`, digest: { sha256: digestOf(all) } }];
}

function problem(text: string): EvidenceReading {
  return { ok: false, problem: text };
}
