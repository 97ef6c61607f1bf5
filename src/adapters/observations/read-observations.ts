import { open, readdir, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { BatonError, type Finding, messageOf, sha256 } from "../../kernel/index.ts";
import {
  countersEnding,
  type KnownPlace,
  type MergedObservations,
  type ObservationMerge,
  type ObservationParser,
  type ObservationPlan,
  observationParser,
  openMerge,
  type WatchState,
  watchFinding,
} from "../../watch/index.ts";

/** Largest counters file that is read: 64 MiB. */
const largestBytes = 64 * 1024 ** 2;

/** A file that changed so shortly before it was looked at may change again within one tick of the file system's clock. */
const restlessMs = 2000;

/** What is known already, and what time it is. */
export interface ReadOptions {
  readonly known?: WatchState | undefined;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
}

/** What files say together, and what to go on from when more of them come. */
export interface ReadObservations {
  readonly merged: MergedObservations;
  readonly findings: readonly Finding[];
  readonly state: WatchState;
  /** Why what was known could not be used; everything was read anew. */
  readonly anew?: string;
}

/**
 * Adds up all counters in some folders, one file in memory at a time; what cannot be read becomes a finding. Of files that are
 * `known` only those that changed are read. @throws BatonError `file-missing` for a folder that is not there
 */
export async function readObservations(
  folders: readonly string[],
  plan: ObservationPlan,
  { known, now = Date.now }: ReadOptions = {},
): Promise<ReadObservations> {
  const parse = observationParser(plan);
  const round = async (start?: WatchState, without: ReadonlySet<string> = new Set(start?.without)) => {
    const merge = openMerge(plan, { without, ...(start && { windows: start.windows }) });
    const { findings, places, gone } = await addAll(folders, merge, { known: start, now, parse });
    const result = (): ReadObservations => {
      const merged = merge.merged();
      const files = new Map(merge.entries().map(({ folder: _, ...file }) => [file.sha256, file]));
      const state = { windows: merged.windows, files: [...files.values()], places, without: [...without] };
      return { merged, findings, state };
    };
    return { gone, spoilt: merge.spoilt(), result };
  };
  let anew: string | undefined;
  if (known) {
    const { gone, spoilt, result } = await round(known);
    if (gone === 0 && spoilt.size === 0) return result();
    anew =
      gone > 0
        ? `${gone} files that it holds are gone or changed`
        : "a new file contradicts one that it holds";
  }
  const first = await round();
  const { result } = first.spoilt.size === 0 ? first : await round(undefined, first.spoilt);
  return { ...result(), ...(anew !== undefined && { anew }) };
}

/** Files that are named one by one; of more only their number is said. */
const mostNamed = 20;

/** As many findings as people read, and how many there are beside them. */
function fewFindings(all: readonly Finding[]): readonly Finding[] {
  if (all.length <= mostNamed) return all;
  const rest = watchFinding("watch.file-unreadable", {
    message: `${all.length - mostNamed} further files cannot be read.`,
  });
  return [...all.slice(0, mostNamed), rest];
}

/** Shows a merge all files; `gone` counts those of `known` that were not there. */
async function addAll(
  folders: readonly string[],
  merge: ObservationMerge,
  { known, now, parse }: ReadOptions & { readonly now: () => number; readonly parse: ObservationParser },
) {
  const places: KnownPlace[] = [];
  const unreadable: Finding[] = [];
  const placesBefore = new Map(known?.places.map((place) => [place.path, place]));
  const filesBefore = new Map(known?.files.map((file) => [file.sha256, file]));
  const there = new Set<string>();
  for (const folder of folders)
    for (const name of await countersIn(folder)) {
      const path = join(folder, name);
      try {
        const stamp = await stampOf(path, now());
        const before = placesBefore.get(path);
        const unchanged = stamp !== "" && before?.stamp === stamp;
        const text = unchanged ? "" : await textOf(path);
        const digest = unchanged ? before.sha256 : sha256(text);
        const file = filesBefore.get(digest);
        if (file) merge.know({ folder, ...file });
        else merge.add({ folder, file: parse(text, name), sha256: digest });
        places.push({ path, stamp, sha256: digest });
        there.add(digest);
      } catch (thrown) {
        unreadable.push(watchFinding("watch.file-unreadable", { file: name, message: messageOf(thrown) }));
      }
    }
  return {
    places,
    findings: fewFindings(unreadable),
    gone: [...filesBefore.keys()].filter((digest) => !there.has(digest)).length,
  };
}

async function countersIn(folder: string): Promise<string[]> {
  try {
    const names = await readdir(folder);
    return names.filter((name) => name.endsWith(countersEnding) && !name.startsWith("."));
  } catch (cause) {
    throw new BatonError("file-missing", `${folder} cannot be listed: ${messageOf(cause)}`, {
      file: folder,
      next: "Name a folder that --observe wrote to.",
      cause,
    });
  }
}

/** Size, times and inode, as git tells by them whether a file has changed; empty where that is too early to tell. */
async function stampOf(path: string, nowMs: number): Promise<string> {
  const facts = await stat(path, { bigint: true });
  if (!facts.isFile()) throw new BatonError("file-unusable", `${basename(path)} is not a file.`);
  const { size, mtimeNs, ctimeNs, ino, dev } = facts;
  const newest = Number((mtimeNs > ctimeNs ? mtimeNs : ctimeNs) / 1_000_000n);
  if (newest + restlessMs > nowMs) return "";
  return `${size} ${mtimeNs} ${ctimeNs} ${dev}:${ino}`;
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
