import { type Finding, isSignedBy } from "../kernel/index.ts";
import { type EntryFile, entryName, isEntryName, type OpenedEntry, openEntry } from "./entry.ts";
import { historyFinding } from "./history-findings.ts";
import type { People } from "./people.ts";

/** Most files in a relay folder. */
export const mostEntries = 5000;

/** What a folder holds. */
export interface Unpacked {
  readonly entries: readonly OpenedEntry[];
  /** Ids of all well-formed entries, whoever signed them: what is present cannot have been cut off. */
  readonly ids: ReadonlySet<string>;
  readonly findings: readonly Finding[];
}

/** Files that are intact: well-formed, signed by a known key, under their own name. The same entry from two sources is one. Sorted by number, then id. */
export function unpackEntries(files: readonly EntryFile[], people: People): Unpacked {
  if (files.length > mostEntries)
    return {
      entries: [],
      ids: new Set(),
      findings: [historyFinding("relay.too-many", { message: `The folder holds ${files.length} files.` })],
    };
  const findings: Finding[] = [];
  const entries = new Map<string, OpenedEntry>();
  const names = new Set<string>();
  const ids = new Set<string>();
  for (const file of [...files].sort(byNameAndBytes)) {
    const opened = openEntry(file);
    if ("problem" in opened) {
      findings.push(malformed(file, opened.problem));
      continue;
    }
    ids.add(opened.id);
    const fault = faultOf(opened, people);
    if (fault) findings.push(fault);
    else if (entries.has(opened.id)) continue;
    else if (names.has(file.name)) findings.push(duplicate(file.name));
    else {
      entries.set(opened.id, opened);
      names.add(file.name);
    }
  }
  const order = (a: OpenedEntry, b: OpenedEntry) =>
    a.entry.sequence - b.entry.sequence || (a.id < b.id ? -1 : 1);
  return { entries: [...entries.values()].sort(order), ids, findings };
}

function malformed(file: EntryFile, problem: string): Finding {
  const name = printable(file.name);
  return historyFinding("relay.malformed", { file: name, message: `${name} ${problem}.` });
}

function faultOf(opened: OpenedEntry, people: People): Finding | undefined {
  const name = printable(opened.file.name);
  const known = people.keyOf(opened.keyId);
  if (!known)
    return historyFinding("relay.unknown-key", {
      file: name,
      received: opened.keyId,
      message: `${name} is signed by the key ${opened.keyId.slice(0, 12)}, which is nobody's in the people file.`,
    });
  if (!isSignedBy(opened.envelope, known.key.publicKey))
    return historyFinding("relay.edited", {
      file: name,
      message: `${name} was changed after ${known.person.id} signed it, or was never signed by that key.`,
    });
  const proper = entryName(opened.entry, opened.id);
  if (opened.file.name === proper) return undefined;
  return historyFinding(isEntryName(opened.file.name) ? "relay.renamed" : "relay.malformed", {
    file: name,
    expected: proper,
    received: name,
    message: `${name} holds the entry that belongs into ${proper}.`,
  });
}

function duplicate(name: string): Finding {
  return historyFinding("relay.duplicate", { file: name, message: `Two entries are called ${name}.` });
}

function byNameAndBytes(a: EntryFile, b: EntryFile): number {
  if (a.name !== b.name) return a.name < b.name ? -1 : 1;
  return Buffer.compare(a.bytes, b.bytes);
}

function printable(name: string): string {
  return name.replace(/[^\x20-\x7e]/g, "?").slice(0, 120);
}
