import {
  BatonError,
  type ContentFile,
  contentDigest,
  type Manifest,
  manifestOf,
  sha256,
} from "../kernel/index.ts";
import { pathCollision, pathProblem } from "./entry-path.ts";
import { signatureFile } from "./model-signature.ts";
import { referencesOf } from "./references.ts";
import { readSeal, type Seal, type Sealer, sealFile, writeSeal } from "./seal-statement.ts";
import { endOfArchive, type ReadTarEntry, readTar, type TarEntry, writeEntries } from "./tar.ts";

/** A file of the content; the path is relative to the hand-off folder. */
export interface BatonContent {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** A file under `evidence/` or `relay/`; the name is without that folder. */
export interface BatonEntry {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** What stands behind the content and may change without touching it. */
export interface BatonTail {
  /** Bytes of `model.sig`. */
  readonly signature?: Uint8Array;
  readonly evidence: readonly BatonEntry[];
  /** A snapshot, as proof and not as truth. */
  readonly relay: readonly BatonEntry[];
}

/** A baton that was read: complete, in canonical form, and what its seal names. Whose signatures count is another question. */
export interface Baton extends BatonTail {
  readonly manifest: Manifest;
  /** Content digest: names what is handed over. */
  readonly digest: string;
  /** By path relative to the hand-off folder. */
  readonly content: ReadonlyMap<string, Uint8Array>;
  readonly seal: Seal;
  /** The first part of the file: the same bytes for the same content, whoever seals it. */
  readonly contentPart: Uint8Array;
}

/** Path of the contract in the content. */
const contractFile = "baton.yaml";
const contentPrefix = "content/";

/**
 * The manifest of content, sealed or still a folder: both come here, so that one digest names both.
 * @throws BatonError `file-unusable` for paths that a baton cannot carry, `configuration-invalid` for unusable references
 */
export function contentManifest(files: readonly ContentFile[], batonYaml: Uint8Array): Manifest {
  const manifest = manifestOf(files, referencesOf(batonYaml));
  const paths = manifest.files.map(({ path }) => path);
  const unsafe = paths.map((path) => ({ path, problem: pathProblem(path) })).find(({ problem }) => problem);
  const found = unsafe ?? pathCollision(paths);
  if (!found) return manifest;
  throw new BatonError("file-unusable", `The path ${JSON.stringify(found.path)} ${found.problem}.`, {
    file: found.path,
    next: "Rename the file; a baton carries only names that every system can keep.",
  });
}

/** Everything that goes into a baton. */
export interface BatonParts extends Partial<BatonTail> {
  readonly content: readonly BatonContent[];
  /** Signs the seal; absent only for a sketch that nobody vouches for. */
  readonly sealer?: Sealer;
}

/** Bytes of a baton. The content part depends on nothing but the content. @throws BatonError `file-unusable`, `configuration-invalid`, `input-too-large` */
export function writeBaton(parts: BatonParts): Uint8Array {
  const content = new Map(parts.content.map(({ path, bytes }) => [path, bytes]));
  const entries = parts.content
    .map(({ path, bytes }) => ({ path: `${contentPrefix}${path}`, bytes }))
    .sort((a, b) => order(a.path, b.path));
  const contentPart = writeEntries(entries);
  const tail = { signature: parts.signature, evidence: parts.evidence ?? [], relay: parts.relay ?? [] };
  return assemble(contentPart, contentDigest(manifestOfContent(content)), tail, parts.sealer);
}

/**
 * The same content with another tail; what `tail` leaves out stays as it is. Content bytes are copied, not written again.
 * @throws BatonError as {@link readBaton} and {@link writeBaton}
 */
export function withTail(batonBytes: Uint8Array, tail: Partial<BatonTail>, sealer?: Sealer): Uint8Array {
  const baton = readBaton(batonBytes);
  const { signature, evidence, relay } = { ...baton, ...tail };
  return assemble(baton.contentPart, baton.digest, { signature, evidence, relay }, sealer);
}

function assemble(contentPart: Uint8Array, digest: string, tail: BatonTail, sealer?: Sealer): Uint8Array {
  const entries = tailEntries(tail);
  const seal = { path: sealFile, bytes: writeSeal({ digest, tail: entries }, sealer) };
  return Buffer.concat([contentPart, writeEntries([...entries, seal]), endOfArchive()]);
}

function tailEntries({ signature, evidence, relay }: BatonTail): TarEntry[] {
  const entries = [
    ...(signature ? [{ path: signatureFile, bytes: signature }] : []),
    ...evidence.map(({ name, bytes }) => ({ path: `evidence/${name}`, bytes })),
    ...relay.map(({ name, bytes }) => ({ path: `relay/${name}`, bytes })),
  ];
  const wrong = entries.find((entry) => partOf(entry.path) === undefined) ?? entries.find(isTooLarge);
  if (wrong)
    throw new BatonError("file-unusable", `${JSON.stringify(wrong.path)} cannot stand in a baton.`, {
      file: wrong.path,
      next: "Evidence and relay entries are .json files of at most 32 MiB, without folders.",
    });
  return entries.sort((a, b) => order(a.path, b.path));
}

const tailFileLimitBytes = 32 * 1024 ** 2;

function isTooLarge({ bytes }: TarEntry): boolean {
  return bytes.length > tailFileLimitBytes;
}

/**
 * Reads a baton and accepts only what {@link writeBaton} writes. Nothing is executed or unpacked; bytes are views into
 * `bytes`. @throws BatonError `baton-malformed` where it is not in canonical form, `baton-altered` where it is not what its seal names
 */
export function readBaton(bytes: Uint8Array): Baton {
  const entries = readTar(bytes);
  refuseDisorder(entries);
  const contentEntries = entries.filter(({ path }) => path.startsWith(contentPrefix));
  const content = new Map(
    contentEntries.map((entry) => [entry.path.slice(contentPrefix.length), entry.bytes]),
  );
  const manifest = sealedManifest(content);
  const digest = contentDigest(manifest);
  const tail = entries.slice(contentEntries.length, -1);
  const last = entries.at(-1);
  if (last?.path !== sealFile) throw malformed(`The last entry is not ${sealFile}.`);
  return {
    manifest,
    digest,
    content,
    contentPart: bytes.subarray(0, contentEntries.at(-1)?.end ?? 0),
    seal: readSeal(last.bytes, { digest, tail }),
    ...tailOf(tail),
  };
}

function tailOf(tail: readonly TarEntry[]): BatonTail {
  const under = (folder: string) =>
    tail
      .filter(({ path }) => path.startsWith(folder))
      .map(({ path, bytes }) => ({ name: path.slice(folder.length), bytes }));
  const signature = tail.find(({ path }) => path === signatureFile)?.bytes;
  return { ...(signature && { signature }), evidence: under("evidence/"), relay: under("relay/") };
}

function sealedManifest(content: ReadonlyMap<string, Uint8Array>): Manifest {
  try {
    return manifestOfContent(content);
  } catch (thrown) {
    if (thrown instanceof BatonError) throw malformed(thrown.message);
    throw thrown;
  }
}

function manifestOfContent(content: ReadonlyMap<string, Uint8Array>): Manifest {
  const batonYaml = content.get(contractFile);
  if (!batonYaml)
    throw new BatonError("configuration-invalid", `The content has no ${contractFile}.`, {
      file: contractFile,
      next: "Make one with baton init.",
    });
  const files = [...content].map(([path, bytes]) => ({ path, size: bytes.length, sha256: sha256(bytes) }));
  return contentManifest(files, batonYaml);
}

function refuseDisorder(entries: readonly ReadTarEntry[]): void {
  for (const [index, entry] of entries.entries()) {
    const shown = JSON.stringify(entry.path);
    if (partOf(entry.path) === undefined) throw malformed(`${shown} has no place in a baton.`);
    if (partOf(entry.path) !== 0 && isTooLarge(entry)) throw malformed(`${shown} is too large.`);
    const before = entries[index - 1];
    if (before && order(before.path, entry.path) >= 0) throw malformed(`${shown} is not in its place.`);
  }
}

const parts: readonly RegExp[] = [
  /^content\/./,
  /^model\.sig$/,
  /^evidence\/[A-Za-z0-9][A-Za-z0-9._-]*\.json$/,
  /^relay\/[A-Za-z0-9][A-Za-z0-9._-]*\.json$/,
  /^seal\.json$/,
];

/** Which part of a baton a path is in: content, signature, evidence, relay, seal. */
function partOf(path: string): number | undefined {
  const part = parts.findIndex((form) => form.test(path));
  return part === -1 ? undefined : part;
}

/** Part by part; within one by code units. */
function order(a: string, b: string): number {
  return (partOf(a) ?? 0) - (partOf(b) ?? 0) || (a < b ? -1 : a > b ? 1 : 0);
}

function malformed(problem: string): BatonError {
  return new BatonError("baton-malformed", problem, {
    next: "Get the baton again from whoever sealed it; do not repack it with another program.",
  });
}
