import { open, readdir } from "node:fs/promises";
import { join } from "node:path";
import { BatonError, type Finding, messageOf, sha256 } from "../../kernel/index.ts";
import {
  countersEnding,
  type MergedObservations,
  type ObservationMerge,
  type ObservationPlan,
  openMerge,
  parseObservation,
  watchFinding,
} from "../../watch/index.ts";

/** Largest counters file that is read: 64 MiB. */
const largestBytes = 64 * 1024 ** 2;

/**
 * Adds up all counters in some folders, one file in memory at a time; what cannot be read becomes a finding.
 * @throws BatonError `file-missing` for a folder that is not there
 */
export async function readObservations(
  folders: readonly string[],
  plan: ObservationPlan,
): Promise<{ readonly merged: MergedObservations; readonly findings: Finding[] }> {
  const merge = openMerge(plan);
  const findings = await addAll(folders, merge);
  const without = merge.spoilt();
  if (without.size === 0) return { merged: merge.merged(), findings };
  const again = openMerge(plan, { without });
  return { findings: await addAll(folders, again), merged: again.merged() };
}

async function addAll(folders: readonly string[], merge: ObservationMerge): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const folder of folders)
    for (const name of await countersIn(folder)) {
      try {
        const text = await textOf(join(folder, name));
        merge.add({ folder, file: parseObservation(text, name), sha256: sha256(text) });
      } catch (thrown) {
        findings.push(watchFinding("watch.file-unreadable", { file: name, message: messageOf(thrown) }));
      }
    }
  return findings;
}

async function countersIn(folder: string): Promise<string[]> {
  try {
    const entries = await readdir(folder, { withFileTypes: true });
    const counters = entries.filter((entry) => entry.isFile() && entry.name.endsWith(countersEnding));
    return counters.map(({ name }) => name).filter((name) => !name.startsWith("."));
  } catch (cause) {
    throw new BatonError("file-missing", `${folder} cannot be listed: ${messageOf(cause)}`, {
      file: folder,
      next: "Name a folder that --observe wrote to.",
      cause,
    });
  }
}

async function textOf(path: string): Promise<string> {
  const handle = await open(path);
  try {
    const { size } = await handle.stat();
    if (size > largestBytes)
      throw new BatonError("file-unusable", `It has ${size} bytes; the limit is ${largestBytes}.`);
    return await handle.readFile("utf8");
  } finally {
    await handle.close();
  }
}
