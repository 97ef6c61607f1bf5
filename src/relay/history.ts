import { type Finding, shortDigest, worstFirst } from "../kernel/index.ts";
import type { EntryFile, OpenedEntry } from "./entry.ts";
import type { RelayEntry } from "./entry-schema.ts";
import { disagreementsOf, type Fork } from "./forks.ts";
import { historyFinding } from "./history-findings.ts";
import { judgeEntries } from "./judge-entries.ts";
import type { LastSeen } from "./last-seen.ts";
import type { People } from "./people.ts";
import { unpackEntries } from "./unpack-entries.ts";

/** An entry that counts. */
export interface HistoryEntry {
  /** SHA-256 of the signed payload. */
  readonly id: string;
  /** File name. */
  readonly name: string;
  readonly keyId: string;
  readonly entry: RelayEntry;
}

/** A relay folder, judged. Blocking findings mean that nothing in it should be relied on until they are mended. */
export interface History {
  readonly model: string | undefined;
  /** Entries that count, by time, then number, then id: parents always before children, the same on every machine. */
  readonly entries: readonly HistoryEntry[];
  /** Ids of entries on which nothing stands, sorted. Two after a merge are in order. */
  readonly heads: readonly string[];
  /** Contradictions that nobody has resolved. */
  readonly forks: readonly Fork[];
  readonly findings: readonly Finding[];
}

/** What {@link readHistory} reads. */
export interface HistoryInput {
  /** All files of the relay folder, in any order. */
  readonly entries: readonly EntryFile[];
  readonly people: People;
  /** Name of the model; the history's own where absent. */
  readonly model?: string;
  readonly lastSeen?: LastSeen;
  /** RFC 3339; entries more than ten minutes later are refused. */
  readonly now?: string;
}

/** Judges every file of a relay folder; what is refused is named in a finding and counts for nothing. */
export function readHistory(input: HistoryInput): History {
  const unpacked = unpackEntries(input.entries, input.people);
  const model = input.model ?? unpacked.entries[0]?.entry.model;
  const judged = judgeEntries({ ...input, model, entries: unpacked.entries });
  const entries = judged.entries.map(counted).sort(chronological);
  const { open } = disagreementsOf(entries);
  const findings = [
    ...unpacked.findings,
    ...judged.findings,
    ...cutFindings(input, unpacked.ids),
    ...open.map((fork) => forkFinding(fork, entries)),
  ];
  return { model, entries, heads: headsOf(entries), forks: open, findings: worstFirst(findings) };
}

/**
 * True when every file counts, forked or not: such a history is worth remembering. A fork must be remembered too,
 * or one of its sides could be cut off before anybody resolves it.
 */
export function isIntact(history: History): boolean {
  return history.findings.every(({ code, severity }) => severity !== "blocking" || code === "relay.forked");
}

/** What to remember after a history was read, if it {@link isIntact}. */
export function seenOf(history: History): LastSeen {
  return { heads: history.heads, count: history.entries.length };
}

/** The union of two relay folders by name and bytes, sorted: the same whichever comes first. */
export function mergeEntries(a: readonly EntryFile[], b: readonly EntryFile[]): EntryFile[] {
  const union = new Map<string, EntryFile>();
  for (const file of [...a, ...b]) union.set(`${file.name} ${Buffer.from(file.bytes).toString("hex")}`, file);
  return [...union].sort(([x], [y]) => (x < y ? -1 : 1)).map(([, file]) => file);
}

function counted({ id, file, keyId, entry }: OpenedEntry): HistoryEntry {
  return { id, name: file.name, keyId, entry };
}

function chronological(a: HistoryEntry, b: HistoryEntry): number {
  return (
    Date.parse(a.entry.at) - Date.parse(b.entry.at) ||
    a.entry.sequence - b.entry.sequence ||
    (a.id < b.id ? -1 : 1)
  );
}

function headsOf(entries: readonly HistoryEntry[]): string[] {
  const parents = new Set(entries.flatMap(({ entry }) => entry.parents));
  return entries
    .map(({ id }) => id)
    .filter((id) => !parents.has(id))
    .sort();
}

/** A present head has all its ancestors (or `relay.missing-parent` says so): heads tell everything. */
function cutFindings({ lastSeen }: HistoryInput, ids: ReadonlySet<string>): Finding[] {
  if (!lastSeen) return [];
  const gone = lastSeen.heads.filter((head) => !ids.has(head));
  if (gone.length === 0) return [];
  return [
    historyFinding("relay.cut", {
      expected: `${lastSeen.count} entries`,
      received: `${ids.size} entries`,
      message: `This machine has seen ${lastSeen.count} entries up to ${gone.map(shortDigest).join(", ")}; the folder now holds ${ids.size} without it.`,
    }),
  ];
}

function forkFinding(fork: Fork, entries: readonly HistoryEntry[]): Finding {
  const sides = fork.entries.map((id) => entries.find((entry) => entry.id === id)).filter((side) => !!side);
  const [first, second] = sides.map(({ name, entry }) => `${name} (${entry.person} as ${entry.role})`);
  return historyFinding("relay.forked", {
    file: sides[0]?.name,
    path: fork.entries.map(shortDigest).join(" "),
    message: `${first} and ${second} contradict each other about ${fork.about}.`,
  });
}
