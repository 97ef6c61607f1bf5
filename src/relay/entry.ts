import type { KeyObject } from "node:crypto";
import {
  canonicalBytes,
  decodeBase64,
  type Envelope,
  payloadOf,
  readCanonicalJson,
  type Statement,
  sealStatement,
  sha256,
  shortDigest,
} from "../kernel/index.ts";
import { type RelayEntry, relayActions, validateEnvelope, validateStatement } from "./entry-schema.ts";
import { instantOf } from "./instant.ts";
import { observationProblem } from "./observations/observation-problem.ts";
import { requestProblem } from "./requests/request-problem.ts";
import { reviewProblem } from "./reviews/review-problem.ts";

/** in-toto predicate type of relay entries. */
export const relayPredicate = "urn:modelbaton:relay-entry:1";

/** Largest entry file, in bytes. */
export const largestEntry = 256 * 1024;

/** A file of the relay folder. */
export interface EntryFile {
  /** Name without folder: `0001-offer-0123456789ab.json`. */
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** An entry with its identity: the SHA-256 of the signed payload. */
export interface SignedEntry {
  readonly id: string;
  readonly entry: RelayEntry;
  readonly file: EntryFile;
}

/** A well-formed entry file; whether the signature holds is for the one who knows the people to say. */
export interface OpenedEntry extends SignedEntry {
  readonly keyId: string;
  readonly envelope: Envelope;
}

const nameForm = new RegExp(`^(\\d{4,6})-(${relayActions.join("|")})-([0-9a-f]{12})\\.json$`);

/** True for a name that an entry file can have. */
export function isEntryName(name: string): boolean {
  return nameForm.test(name);
}

/** `NNNN-ACTION-HASH.json`: sequence, action and the first 12 digits of the id. */
export function entryName(entry: RelayEntry, id: string): string {
  return `${String(entry.sequence).padStart(4, "0")}-${entry.action}-${shortDigest(id)}.json`;
}

/** Signs an entry (ECDSA P-256) and writes its file. The entry must be well-formed: see `prepareEntry`. */
export function signEntry(entry: RelayEntry, privateKey: KeyObject): SignedEntry {
  const statement: Statement<RelayEntry> = {
    _type: "https://in-toto.io/Statement/v1",
    subject: [{ name: entry.model, digest: { sha256: entry.contentDigest } }],
    predicateType: relayPredicate,
    predicate: entry,
  };
  const envelope = sealStatement(statement, privateKey);
  const id = sha256(payloadOf(envelope));
  return { id, entry, file: { name: entryName(entry, id), bytes: canonicalBytes(envelope) } };
}

/** Reads an entry file strictly: canonical JSON and base64, one signature, known fields. The problem is one clause of a sentence. */
export function openEntry(file: EntryFile): OpenedEntry | { readonly problem: string } {
  if (file.bytes.length > largestEntry) return { problem: "is larger than 256 KiB" };
  const envelope = readCanonicalJson(file.bytes);
  if (!validateEnvelope(envelope)) return { problem: "is not a canonical DSSE envelope with one signature" };
  const { payload, signatures } = envelope;
  const [signature] = signatures;
  if (!signature || !decodeBase64(payload) || !decodeBase64(signature.sig))
    return { problem: "holds base64 that is not canonical" };
  const bytes = payloadOf(envelope);
  const statement = readCanonicalJson(bytes);
  if (!validateStatement(statement)) {
    const fault = validateStatement.errors?.[0];
    return {
      problem: `does not say what an entry says (${fault?.instancePath || "entry"} ${fault?.message})`,
    };
  }
  const entry = statement.predicate;
  const problem = subjectProblem(statement) ?? entryProblem(entry);
  if (problem) return { problem };
  return { id: sha256(bytes), entry, file, keyId: signature.keyid, envelope };
}

/** What a well-formed entry lacks for its action, as one clause of a sentence. */
export function entryProblem(entry: RelayEntry): string | undefined {
  if (instantOf(entry.at) === undefined) return "has a time that does not exist";
  if (entry.until !== undefined && instantOf(entry.until) === undefined)
    return "has an end that does not exist";
  if (entry.parents.some((parent, i) => i > 0 && parent <= (entry.parents[i - 1] ?? "")))
    return "does not list its parents in order";
  const missing = (needs[entry.action] ?? []).filter((field) => entry[field] === undefined);
  if (missing.length > 0) return `is a ${entry.action} without ${missing.join(" and ")}`;
  const foreign = bound.filter(
    (field) => entry[field] !== undefined && !needs[entry.action]?.includes(field),
  );
  if (foreign.length > 0) return `is a ${entry.action} and speaks of ${foreign.join(" and ")}`;
  if (entry.resolves?.over.includes(entry.resolves.stands)) return "resolves an entry over itself";
  return requestProblem(entry) ?? reviewProblem(entry) ?? observationProblem(entry);
}

/** Fields without which an action says nothing. */
const needs: Partial<Record<RelayEntry["action"], readonly (keyof RelayEntry)[]>> = {
  return: ["reasons"],
  waive: ["clauses", "until", "note"],
  deploy: ["environment"],
  rollback: ["environment"],
  countersign: ["countersigns"],
  recall: ["note"],
  resolve: ["resolves"],
  review: ["review", "note"],
};

/** Fields that mean something for the actions that need them only. */
const bound = ["clauses", "until", "environment", "countersigns", "resolves", "review"] as const;

function subjectProblem(statement: Statement<RelayEntry>): string | undefined {
  const [subject] = statement.subject;
  const { model, contentDigest } = statement.predicate;
  return subject?.name === model && subject.digest.sha256 === contentDigest
    ? undefined
    : "names another model or content in its subject";
}
