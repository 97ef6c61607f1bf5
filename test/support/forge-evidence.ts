import { createPrivateKey } from "node:crypto";
import { readdir, readFile, unlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type EvidenceItem,
  type EvidenceRun,
  readEvidence,
  type Signers,
  sealEvidence,
} from "../../src/evidence/index.ts";

/**
 * What a dishonest person with a valid key can do: turns every result of a folder `evidence/` into a pass, claims that
 * the newest model, data and clauses were read for it, dates it as wanted, and signs that. Format, digests and signature
 * are in order; only the claim is not true.
 */
export async function forgeEvidence(folder: string, keyFile: string, at: string): Promise<void> {
  const key = createPrivateKey(await readFile(keyFile, "utf8"));
  const runs: EvidenceRun[] = [];
  for (const name of await readdir(folder)) {
    const reading = readEvidence(await readFile(join(folder, name)), anyone, at);
    if (!reading.ok) throw new Error(`${name}: ${reading.problem}`);
    runs.push(reading.run);
    await unlink(join(folder, name));
  }
  runs.sort((a, b) => (a.finishedAt < b.finishedAt ? -1 : 1));
  const newest = Object.assign({}, ...runs.flatMap(({ items }) => items.map(({ reads }) => reads)));
  for (const run of runs) {
    const items = run.items.map((item) => passed(item, newest));
    const file = sealEvidence({ ...run, items, startedAt: run.startedAt, finishedAt: at }, key);
    await writeFile(join(folder, file.name), file.bytes);
  }
}

function passed({ reason: _reason, ...item }: EvidenceItem, newest: Record<string, string>): EvidenceItem {
  const reads = Object.fromEntries(Object.keys(item.reads).map((name) => [name, newest[name]!]));
  return { ...item, reads, outcome: "pass", message: "It holds.", findings: [] };
}

/** The forger does not mind who signed before. */
const anyone: Signers = { find: () => ({ refused: "not asked" }) };
