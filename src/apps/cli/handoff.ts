import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Folder, openFolder, readBytes, removeAtExit } from "../../adapters/folder/index.ts";
import {
  type Clause,
  type Contract,
  clausesOf,
  contentPaths,
  contractFile,
  type ParsedContract,
  parseContract,
} from "../../contract/index.ts";
import { batonLockPath, type FileFacts, parseBatonLock, profilePath } from "../../evidence/index.ts";
import {
  BatonError,
  type ContentFile,
  contentDigest,
  type Manifest,
  messageOf,
  type Place,
} from "../../kernel/index.ts";
import { type Baton, contentManifest, readBaton } from "../../seal/index.ts";
import type { Session } from "./session.ts";

/** A sealed file that was opened. Its form and digests hold; whose signatures count is another question. */
export interface OpenedBaton {
  /** Absolute path. */
  readonly file: string;
  readonly bytes: Uint8Array;
  readonly baton: Baton;
}

/** What is handed over, as a folder: the builder's own, or the content of a baton in a private temporary folder. */
export interface Handoff {
  readonly place: Place;
  /** As the person named it. */
  readonly shown: string;
  readonly folder: Folder;
  readonly parsed: ParsedContract;
  readonly contractText: string;
  readonly sealed?: OpenedBaton;
  /** Where `relay/` and `evidence/` are kept: the hand-off folder itself, or for a baton the current folder. */
  readonly home: string;
  /** Removes what was unpacked. */
  close(): Promise<void>;
}

/** A hand-off whose contract can be used, with the digests of its files. */
export interface ReadyHandoff extends Handoff {
  readonly contract: Contract;
  readonly clauses: readonly Clause[];
  readonly manifest: Manifest;
  /** Content digest. */
  readonly digest: string;
  /** Size and SHA-256 of every file that is there, of those the contract names and those that baton generates. */
  readonly files: ReadonlyMap<string, FileFacts>;
}

/** Opens a hand-off folder or a `.baton` file. @throws BatonError where there is none */
export async function openHandoff(session: Session, target = "."): Promise<Handoff> {
  const path = resolve(session.cwd, target);
  const stats = await stat(path).catch(() => undefined);
  if (!stats)
    throw new BatonError("file-missing", `There is no ${target}.`, {
      file: target,
      next: "Name a hand-off folder (with baton.yaml) or a .baton file.",
    });
  return stats.isDirectory() ? openBuilderFolder(path, target) : openSealed(session, path, target);
}

async function openBuilderFolder(path: string, shown: string): Promise<Handoff> {
  const folder = await openFolder(path);
  if (!(await folder.exists(contractFile)))
    throw new BatonError(
      "file-missing",
      `There is no ${contractFile} in ${shown === "." ? "this folder" : shown}.`,
      {
        file: contractFile,
        next: "Name a hand-off folder or a .baton file. To start one: baton init --onnx MODEL.onnx --data TRAIN.parquet, or baton init --sketch.",
      },
    );
  return {
    ...(await readContract(folder)),
    place: "builder",
    shown,
    folder,
    home: folder.root,
    close: async () => {},
  };
}

async function openSealed(session: Session, file: string, shown: string): Promise<Handoff> {
  const bytes = await readBytes(file, { maxBytes: 4 * 1024 ** 3 });
  const baton = readBaton(bytes);
  const unpacked = await mkdtemp(join(tmpdir(), "baton-")).catch((cause: unknown) => {
    throw new BatonError("unavailable", `Nothing can be unpacked into ${tmpdir()}: ${messageOf(cause)}`, {
      next: "Set TMPDIR to a folder that you may write to.",
      cause,
    });
  });
  const atExit = removeAtExit(unpacked);
  const close = () => rm(unpacked, { recursive: true, force: true }).finally(atExit.forget);
  try {
    const folder = await openFolder(unpacked);
    for (const [path, content] of baton.content) await folder.createNew(path, content, { mode: 0o600 });
    const sealed = { file, bytes, baton };
    return {
      ...(await readContract(folder)),
      place: "acceptor",
      shown,
      folder,
      sealed,
      home: session.cwd,
      close,
    };
  } catch (thrown) {
    await close();
    throw thrown;
  }
}

async function readContract(folder: Folder): Promise<Pick<Handoff, "parsed" | "contractText">> {
  const contractText = await folder.readText(contractFile);
  const tables = new Map<string, string>();
  // The parser asks for the table by name and does not wait: read what it asks for, and parse again.
  const parse = () =>
    parseContract({
      text: contractText,
      file: contractFile,
      readTable: (path) => {
        wanted.add(path);
        return tables.get(path);
      },
    });
  const wanted = new Set<string>();
  const first = parse();
  for (const path of wanted)
    if (await isReadable(folder, path)) tables.set(path, await folder.readText(path));
  return { contractText, parsed: tables.size ? parse() : first };
}

async function isReadable(folder: Folder, path: string): Promise<boolean> {
  return folder.exists(path).catch(() => false);
}

/** Adds what needs a usable contract. @throws BatonError `configuration-invalid` with the first thing that is wrong */
export async function ready(handoff: Handoff): Promise<ReadyHandoff> {
  const { contract, findings } = handoff.parsed;
  if (!contract) {
    const worst = findings[0];
    throw new BatonError("configuration-invalid", worst?.message ?? "The contract cannot be used.", {
      file: worst?.file ?? contractFile,
      line: worst?.line,
      column: worst?.column,
      next: worst?.next ?? "Run baton check.",
    });
  }
  const files = await digestFiles(handoff.folder, contract);
  const manifest = handoff.sealed?.baton.manifest ?? (await folderManifest(handoff, contract, files));
  return {
    ...handoff,
    contract,
    clauses: clausesOf(contract),
    files,
    manifest,
    digest: contentDigest(manifest),
  };
}

/** Opens a target, does the work and cleans up. */
export async function withHandoff<Result>(
  session: Session,
  target: string | undefined,
  work: (handoff: ReadyHandoff) => Promise<Result>,
): Promise<Result> {
  const handoff = await openHandoff(session, target);
  try {
    return await work(await ready(handoff));
  } finally {
    await handoff.close();
  }
}

/** Paths of the content that are there, of the unsealed folder. */
export async function presentContent(folder: Folder, contract: Contract): Promise<string[]> {
  const { required, generated, isStory } = contentPaths(contract);
  const listed = await folder.list();
  return listed.filter((path) => required.includes(path) || generated.includes(path) || isStory(path));
}

async function folderManifest(
  { folder, contractText }: Handoff,
  contract: Contract,
  files: ReadonlyMap<string, FileFacts>,
): Promise<Manifest> {
  const content: ContentFile[] = [];
  for (const path of await presentContent(folder, contract)) {
    const known = files.get(path);
    content.push(known ? { path, ...known } : await folder.digestFile(path));
  }
  return contentManifest(content, Buffer.from(contractText));
}

async function digestFiles(folder: Folder, contract: Contract): Promise<Map<string, FileFacts>> {
  const { run, lock, data, golden, featureTable } = contract;
  const named = [
    contractFile,
    featureTable,
    run?.kind === "onnx" ? run.path : undefined,
    lock,
    data.training,
    data.joint,
    golden?.rows,
    profilePath,
    batonLockPath,
  ];
  const files = new Map<string, FileFacts>();
  for (const path of named) {
    if (path === undefined || !(await isReadable(folder, path))) continue;
    const { size, sha256 } = await folder.digestFile(path);
    files.set(path, { size, sha256 });
  }
  return files;
}

/** SHA-256 by path, with training data that is not here as `baton.lock` records it. */
export async function knownDigests({
  files,
  folder,
  contract,
}: ReadyHandoff): Promise<Record<string, string>> {
  const digests = Object.fromEntries([...files].map(([path, { sha256 }]) => [path, sha256]));
  const { training } = contract.data;
  if (training !== undefined && !digests[training] && files.has(batonLockPath)) {
    const read = parseBatonLock(await folder.readText(batonLockPath));
    if ("lock" in read && read.lock.training?.path === training)
      digests[training] = read.lock.training.sha256;
  }
  return digests;
}
