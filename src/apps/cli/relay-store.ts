import { join, resolve } from "node:path";
import { createFileAtomic, openFolder, readBytes, writeFileAtomic } from "../../adapters/folder/index.ts";
import { BatonError } from "../../kernel/index.ts";
import {
  type EntryFile,
  type History,
  isEntryName,
  isIntact,
  type LastSeen,
  mergeEntries,
  type People,
  readHistory,
  type SignedEntry,
  seenOf,
} from "../../relay/index.ts";
import type { Handoff } from "./handoff.ts";
import type { Session } from "./session.ts";

/** Option of every command that reads the relay. */
export const relayOption = ["--relay <folder>", "folder of the relay's entries (default: relay)"] as const;

/** The relay as this machine can see it: its folder, and the snapshot in the baton as proof. */
export interface RelayStore {
  readonly folder: string;
  readonly entries: readonly EntryFile[];
  readonly history: History;
  /** Writes a signed entry, with those of the snapshot that the folder lacks, and remembers the new head. */
  append(signed: SignedEntry): Promise<readonly EntryFile[]>;
}

/** Reads the relay of a model. */
export async function openRelay(
  session: Session,
  handoff: Pick<Handoff, "home" | "sealed">,
  options: { readonly relay?: string; readonly people: People; readonly model?: string },
): Promise<RelayStore> {
  const { people } = options;
  const folder = resolve(session.cwd, options.relay ?? join(handoff.home, "relay"));
  const kept = await readEntries(folder);
  const snapshot = (handoff.sealed?.baton.relay ?? []).filter(({ name }) => isEntryName(name));
  const entries = mergeEntries(kept, snapshot);
  const memory = await openMemory(session);
  const now = session.now().toISOString();
  const read = (files: readonly EntryFile[], lastSeen?: LastSeen) =>
    readHistory({
      entries: files,
      people,
      now,
      ...(options.model ? { model: options.model } : {}),
      ...(lastSeen ? { lastSeen } : {}),
    });
  const keys = memoryKeys(folder, read(entries));
  const history = read(entries, memory.recall(keys));
  if (isIntact(history)) await memory.remember(keys, seenOf(history));
  return {
    folder,
    entries,
    history,
    async append(signed) {
      const all = mergeEntries(entries, [signed.file]);
      const there = new Set(kept.map(({ name }) => name));
      for (const { name, bytes } of all)
        if (!there.has(name)) await createFileAtomic(join(folder, name), bytes);
      const after = read(all);
      await memory.remember(memoryKeys(folder, after), seenOf(after));
      return all;
    },
  };
}

async function readEntries(path: string): Promise<EntryFile[]> {
  let folder: Awaited<ReturnType<typeof openFolder>>;
  try {
    folder = await openFolder(path);
  } catch (thrown) {
    if (thrown instanceof BatonError && thrown.code === "file-missing") return [];
    throw thrown;
  }
  const names = (await folder.list()).filter((name) => name.endsWith(".json"));
  return Promise.all(
    names.map(async (name) => ({ name, bytes: await folder.read(name, { maxBytes: 1024 * 1024 }) })),
  );
}

/** What this machine has seen, so that a cut tail is found: by folder, and by the first entry of a history. */
function memoryKeys(folder: string, history: History): string[] {
  const { model } = history;
  const first = history.entries[0]?.id;
  return [`${model} in ${folder}`, ...(first ? [`${model} from ${first}`] : [])];
}

interface Memory {
  recall(keys: readonly string[]): LastSeen | undefined;
  remember(keys: readonly string[], seen: LastSeen): Promise<void>;
}

async function openMemory(session: Session): Promise<Memory> {
  const file = join(stateFolder(session), "heads.json");
  const known = await readMemory(file);
  return {
    recall: (keys) => keys.map((key) => known[key]).find((seen) => seen !== undefined),
    async remember(keys, seen) {
      if (seen.count === 0) return;
      const fresh = await readMemory(file);
      if (keys.every((key) => JSON.stringify(fresh[key]) === JSON.stringify(seen))) return;
      for (const key of keys) fresh[key] = seen;
      await writeFileAtomic(file, Buffer.from(`${JSON.stringify(fresh, null, 1)}\n`)).catch(() => {
        session.err(
          "· This machine cannot remember the relay's head, so a cut history would not be noticed here.\n",
        );
      });
    },
  };
}

async function readMemory(file: string): Promise<Record<string, LastSeen>> {
  try {
    const value: unknown = JSON.parse(
      Buffer.from(await readBytes(file, { maxBytes: 16 * 1024 * 1024 })).toString(),
    );
    return typeof value === "object" && value !== null ? (value as Record<string, LastSeen>) : {};
  } catch {
    return {};
  }
}

function stateFolder({ env, cwd }: Session): string {
  if (env.BATON_STATE) return resolve(cwd, env.BATON_STATE);
  if (env.XDG_STATE_HOME) return join(env.XDG_STATE_HOME, "baton");
  return join(env.HOME ?? cwd, ".local", "state", "baton");
}
