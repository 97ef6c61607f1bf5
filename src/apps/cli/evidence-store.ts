import type { KeyObject } from "node:crypto";
import { join } from "node:path";
import { createFileAtomic, openFolder } from "../../adapters/folder/index.ts";
import {
  currentReads,
  type EvidenceFile,
  type EvidenceRun,
  largestEvidenceBytes,
  type Reads,
  readEvidence,
  type Signers,
  sealEvidence,
  type VerdictInput,
  whatChanged,
} from "../../evidence/index.ts";
import { BatonError } from "../../kernel/index.ts";
import { knownDigests, type ReadyHandoff } from "./handoff.ts";
import type { Session } from "./session.ts";

/** All evidence at hand: the folder `evidence/`, and what the baton carries. */
export async function readEvidenceFiles({ home, sealed }: ReadyHandoff): Promise<EvidenceFile[]> {
  const carried = sealed?.baton.evidence ?? [];
  const kept = await readFolder(join(home, "evidence"));
  const names = new Set(carried.map(({ name }) => name));
  return [...carried, ...kept.filter(({ name }) => !names.has(name))];
}

/** Signs a run and keeps it in `evidence/`. */
export async function keepEvidence(
  handoff: ReadyHandoff,
  run: EvidenceRun,
  key: KeyObject | undefined,
): Promise<EvidenceFile> {
  const file = sealEvidence(run, key);
  await createFileAtomic(join(handoff.home, "evidence", file.name), file.bytes).catch((thrown) => {
    // The same run, sealed again, has the same name and is already there.
    if (!(thrown instanceof BatonError) || thrown.code !== "file-unusable") throw thrown;
  });
  return file;
}

/** What verdicts of a hand-off are made from. */
export async function verdictInput(
  session: Session,
  handoff: ReadyHandoff,
  signers: Signers,
  options: {
    readonly evidence?: readonly EvidenceFile[];
    readonly previous?: string;
    readonly deployed?: boolean;
    readonly watched?: VerdictInput["watched"];
    readonly side?: string;
  } = {},
): Promise<VerdictInput> {
  const { contract, clauses } = handoff;
  return {
    model: contract.model.name,
    level: contract.level,
    clauses,
    envelopes: options.evidence ?? (await readEvidenceFiles(handoff)),
    current: await readsNow(handoff, options.previous),
    signers,
    at: session.now().toISOString(),
    ...(options.side ? { side: options.side } : {}),
    ...(options.deployed ? { deployed: true } : {}),
    ...(options.watched ? { watched: options.watched } : {}),
  };
}

/** Digests of everything that evidence may name, as it is now. */
export async function readsNow(handoff: ReadyHandoff, previous?: string): Promise<Reads> {
  const { contract, clauses } = handoff;
  return currentReads({
    contract,
    clauses,
    files: await knownDigests(handoff),
    ...(previous ? { previous } : {}),
  });
}

/** The evidence of which something still holds: what a seal carries. */
export function standingEvidence(files: readonly EvidenceFile[], input: VerdictInput): EvidenceFile[] {
  return files.filter(({ bytes }) => {
    const reading = readEvidence(bytes, input.signers, input.at);
    return (
      reading.ok &&
      reading.run.model === input.model &&
      reading.vouching.kind !== "refused" &&
      reading.run.items.some((item) => whatChanged(item.reads, input.current).length === 0)
    );
  });
}

async function readFolder(path: string): Promise<EvidenceFile[]> {
  try {
    const folder = await openFolder(path);
    const names = (await folder.list()).filter((name) => name.endsWith(".json") && !name.includes("/"));
    return await Promise.all(
      names.map(async (name) => ({
        name,
        bytes: await folder.read(name, { maxBytes: largestEvidenceBytes + 1 }),
      })),
    );
  } catch (thrown) {
    if (thrown instanceof BatonError && thrown.code === "file-missing") return [];
    throw thrown;
  }
}

/** Ids of evidence files, as relay entries cite them. */
export function evidenceIds(files: readonly EvidenceFile[], signers: Signers, at: string): string[] {
  return files.flatMap(({ bytes }) => {
    const reading = readEvidence(bytes, signers, at);
    return reading.ok ? [reading.id] : [];
  });
}
