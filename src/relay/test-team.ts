import { generateKeyPairSync, type KeyObject } from "node:crypto";
import type { Clause, Contract, Level } from "../contract/index.ts";
import type { Verdict } from "../evidence/index.ts";
import { keyIdOf, sha256 } from "../kernel/index.ts";
import { type EntryFile, openEntry, type SignedEntry, signEntry } from "./entry.ts";
import type { RelayEntry } from "./entry-schema.ts";
import { type History, type HistoryInput, readHistory } from "./history.ts";
import type { LastSeen } from "./last-seen.ts";
import { parsePeople } from "./parse-people.ts";
import type { People } from "./people.ts";
import { type EntryDraft, prepareEntry } from "./prepare-entry.ts";

/* The two teams of all tests in this folder. Keys are made once a run: P-256 takes a millisecond. */

const names = ["lab", "ops", "cat", "sre", "foe", "bot", "duo"] as const;

/** lab builds, ops runs, cat is business, sre is on call, duo holds both roles, bot is a service, foe is nobody. */
export type Name = (typeof names)[number];

export const keys = Object.fromEntries(
  names.map((name) => [name, generateKeyPairSync("ec", { namedCurve: "P-256" })]),
) as Record<Name, { privateKey: KeyObject; publicKey: KeyObject }>;

const roles: Record<Exclude<Name, "foe">, string> = {
  lab: "[builds]",
  ops: "[runs]",
  cat: "[business]",
  sre: "[on-call]",
  bot: "[]",
  duo: "[builds, runs]",
};

export const pemOf = (name: Name) => keys[name].publicKey.export({ type: "spki", format: "pem" }).toString();
export const keyId = (name: Name) => keyIdOf(keys[name].publicKey);

/** `.baton/people.yaml` with more lines for some keys: `{ ops: "revoked: 2026-02-01" }`. */
export function peopleText(extra: Partial<Record<Name, string>> = {}, without: readonly Name[] = []): string {
  const people = (Object.keys(roles) as Exclude<Name, "foe">[]).filter((name) => !without.includes(name));
  return `people:\n${people
    .map((name) => {
      const pem = pemOf(name).trimEnd().split("\n").join("\n          ");
      const line = extra[name] ? `\n        ${extra[name]}` : "";
      const service = name === "bot" ? "\n    service: true" : "";
      return `  - id: ${name}\n    roles: ${roles[name]}${service}\n    keys:\n      - public: |\n          ${pem}${line}`;
    })
    .join("\n")}\n`;
}

export function peopleWith(extra: Partial<Record<Name, string>> = {}, without: readonly Name[] = []): People {
  return parsePeople(peopleText(extra, without), "people.yaml").people;
}

export const people = peopleWith();

/** Content digests by a name. */
export const content = (name: string) => sha256(name);

/** Instant so many minutes after the first of January. */
export const minute = (n: number) => new Date(Date.UTC(2026, 0, 1) + n * 60_000).toISOString();

/** What a test writes of an entry. */
export type Act = Omit<EntryDraft, "model" | "version" | "contentDigest"> &
  Partial<Pick<EntryDraft, "model" | "version" | "contentDigest">>;

const draftOf = (act: Act): EntryDraft => ({
  model: "churn",
  version: "1.0.0",
  contentDigest: content("one"),
  ...act,
});

/** The folder with one more entry, signed on top of its heads at a minute. */
export function sign(files: readonly EntryFile[], by: Name, act: Act, at: number): EntryFile[] {
  return [...files, signed(files, by, act, at).file];
}

export function signed(files: readonly EntryFile[], by: Name, act: Act, at: number): SignedEntry {
  const history = read(files);
  return prepareEntry({
    history,
    people,
    draft: draftOf(act),
    privateKey: keys[by].privateKey,
    at: minute(at),
  });
}

/** An entry that `baton` would not have made: every field can be wrong. */
export function forged(by: Name, entry: Partial<RelayEntry> & Pick<RelayEntry, "action">): SignedEntry {
  const usual = { parents: [], sequence: 1, person: by, role: "runs", at: minute(500) };
  return signEntry({ ...draftOf({ action: entry.action }), ...usual, ...entry }, keys[by].privateKey);
}

export function read(
  files: readonly EntryFile[],
  more: Partial<Pick<HistoryInput, "people" | "now" | "model">> & { lastSeen?: LastSeen } = {},
): History {
  return readHistory({ entries: files, people, model: "churn", ...more });
}

export const codes = (history: { findings: readonly { code: string }[] }) =>
  [...new Set(history.findings.map(({ code }) => code))].sort();

export function idOf(file: EntryFile | undefined): string {
  const opened = file && openEntry(file);
  if (!opened || "problem" in opened) throw new Error("not an entry");
  return opened.id;
}

/** offer, accept, deploy of content one. */
export function shortRelay(): EntryFile[] {
  const offered = sign([], "lab", { action: "offer" }, 1);
  const accepted = sign(offered, "ops", { action: "accept", acknowledged: ["limitations.a"] }, 2);
  return sign(accepted, "ops", { action: "deploy", environment: "production" }, 3);
}

/** Clauses of every way to be kept, and one of the business. */
export const clauses: readonly Clause[] = [
  clause("features.age", "feature", "builds", "enforced"),
  clause("gates.auc", "gate", "business", "tested"),
  clause("golden", "golden", "builds", "tested"),
  clause("budget", "budget", "runs", "tested"),
  clause("limitations.a", "limitation", "builds", "stated"),
  clause("watch", "watch", "runs", "watched"),
];

function clause(id: string, kind: Clause["kind"], owner: string, kept: Clause["kept"][number]): Clause {
  return { id, kind, owner, kept: [kept], path: id, text: `text of ${id}`, digest: sha256(id) };
}

/** Pass for all that is tested, shown by somebody in the given role. */
export function verdicts(side = "runs", worse: Partial<Record<string, Verdict["outcome"]>> = {}): Verdict[] {
  return clauses.map(({ id, kept }) => {
    const evidence = { id: sha256(`evidence ${id}`), at: minute(0), by: "somebody", side };
    if (worse[id]) return { clause: id, outcome: worse[id], why: "it says so", evidence };
    return kept[0] === "enforced" || kept[0] === "tested"
      ? { clause: id, outcome: "pass", why: "it holds", evidence }
      : { clause: id, outcome: "not-applicable", why: "kept otherwise" };
  });
}

export function contractAt(level: Level): Contract {
  return {
    level,
    model: { name: "churn", version: "1.0.0", task: "binary-classification" },
    owners: { builds: "forecasting@example.org", runs: "platform@example.org", business: "shop@example.org" },
    use: "Tests.",
    features: [],
    outputs: [],
    data: { references: [] },
    rules: [],
    limitations: [],
    gates: [],
    behaviours: [],
    slices: [],
    retrain: [],
  };
}
