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
  const seen = memory.recall(keys);
  const history = read(entries, seen);
  if (isIntact(history)) await memory.remember(keys, seenOf(history));
  return {
    folder,
    entries,
    history,
    async append(signed) {
      const all = mergeEntries(entries, [signed.file]);
      const there = new Set(kept.map(({ name }) => name));
      for (const { name, bytes } of all) if (!there.has(name)) await writeOnce(join(folder, name), bytes);
      const after = read(all);
      await memory.remember(memoryKeys(folder, after), withMissing(seenOf(after), seen, after));
      return all;
    },
  };
}

/** Another process may have written the same entry a moment ago: an entry has one spelling, so that is as good. */
async function writeOnce(file: string, bytes: Uint8Array): Promise<void> {
  try {
    await createFileAtomic(file, bytes);
  } catch (thrown) {
    const there = await readBytes(file).catch(() => undefined);
    if (!there || Buffer.compare(there, bytes) !== 0) throw thrown;
  }
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

/** A decision that is allowed on a cut history, such as a recall, does not make the machine forget what was cut. */
function withMissing(now: LastSeen, before: LastSeen | undefined, { entries }: History): LastSeen {
  const there = new Set(entries.map(({ id }) => id));
  const gone = (before?.heads ?? []).filter((head) => !there.has(head));
  if (gone.length === 0) return now;
  return { heads: [...now.heads, ...gone].sort(), count: Math.max(now.count, before?.count ?? 0) };
}

interface Memory {
  recall(keys: readonly string[]): LastSeen | undefined;
  remember(keys: readonly string[], seen: LastSeen): Promise<void>;
}

async function openMemory(session: Session): Promise<Memory> {
  const file = join(stateFolder(session), "heads.json");
  const known = await readMemory(file);
  return {
    // All that was seen, in this folder or in another clone: what is cut in one place is found by the other.
    recall(keys) {
      const seen = keys.flatMap((key) => (known.has(key) ? [known.get(key)!] : []));
      if (seen.length === 0) return undefined;
      const heads = [...new Set(seen.flatMap(({ heads }) => heads))].sort();
      return { heads, count: Math.max(...seen.map(({ count }) => count)) };
    },
    async remember(keys, seen) {
      if (seen.count === 0) return;
      const fresh = await readMemory(file);
      if (keys.every((key) => JSON.stringify(fresh.get(key)) === JSON.stringify(seen))) return;
      for (const key of keys) fresh.set(key, seen);
      const text = `${JSON.stringify(Object.fromEntries(fresh), null, 1)}\n`;
      await writeFileAtomic(file, Buffer.from(text)).catch(() => {
        session.err(
          "· This machine cannot remember the relay's head, so a cut history would not be noticed here.\n",
        );
      });
    },
  };
}

async function readMemory(file: string): Promise<Map<string, LastSeen>> {
  try {
    const bytes = await readBytes(file, { maxBytes: 16 * 1024 * 1024 });
    const value: unknown = JSON.parse(Buffer.from(bytes).toString());
    return new Map(
      Object.entries(value ?? {}).filter((entry): entry is [string, LastSeen] => isSeen(entry[1])),
    );
  } catch {
    return new Map();
  }
}

function isSeen(value: unknown): value is LastSeen {
  const { heads, count } = (value ?? {}) as Partial<Record<keyof LastSeen, unknown>>;
  return Array.isArray(heads) && heads.every((head) => typeof head === "string") && typeof count === "number";
}

function stateFolder({ env, cwd }: Session): string {
  if (env.BATON_STATE) return resolve(cwd, env.BATON_STATE);
  if (env.XDG_STATE_HOME) return join(env.XDG_STATE_HOME, "baton");
  return join(env.HOME ?? cwd, ".local", "state", "baton");
}
