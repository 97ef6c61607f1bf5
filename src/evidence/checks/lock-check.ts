import type { Finding } from "../../kernel/index.ts";
import type { Check, CheckFacts } from "./check.ts";
import { type CheckCode, finding } from "./checks-findings.ts";
import { bothTeams } from "./findings/places.ts";
import { isStrongHash, type LockContent, type LockEntry } from "./lock-entry.ts";
import { place, readsOf } from "./reading.ts";
import { parseRequirements } from "./requirements-lock.ts";
import { parseUvLock } from "./uv-lock.ts";

/** The environment is pinned, with hashes. */
export const lockCheck: Check = {
  name: "lock.pinned",
  title: "The environment lock pins every package with a hash",
  codes: [
    "lock.missing",
    "lock.unreadable",
    "lock.empty",
    "lock.not-pinned",
    "lock.no-hash",
    "lock.weak-hash",
    "lock.from-elsewhere",
    "lock.includes",
    "lock.contradictory",
  ],
  where: bothTeams,
  reads: (facts) => readsOf(facts, [], [facts.contract.lock ?? ""]),
  notApplicable: (facts) =>
    facts.contract.lock === undefined ? "The contract names no environment lock." : undefined,
  run: lockFindings,
};

/** Reads a lock by its name: TOML files are uv's, all others are pip's. */
export function parseLock(path: string, text: string): LockContent {
  return path.endsWith(".lock") && /^\s*\[\[package\]\]/m.test(text)
    ? parseUvLock(text)
    : byExtension(path, text);
}

function byExtension(path: string, text: string): LockContent {
  return /(^|\/)uv\.lock$|\.toml$/.test(path) ? parseUvLock(text) : parseRequirements(text);
}

function lockFindings(facts: CheckFacts): Finding[] {
  const path = facts.contract.lock!;
  if (facts.lock === undefined)
    return [finding("lock.missing", { ...place(facts, "lock"), message: `There is no file "${path}".` })];
  const content = parseLock(path, facts.lock);
  const [problem] = content.problems;
  if (problem)
    return [
      finding("lock.unreadable", {
        path: "lock",
        file: path,
        line: problem.line,
        message: `"${path}" cannot be read as a lock: ${problem.problem}.`,
      }),
    ];
  const { entries, includes } = content;
  if (entries.length === 0 && includes.length === 0)
    return [finding("lock.empty", { path: "lock", file: path, message: `"${path}" names no package.` })];
  const elsewhere = entries.filter((entry) => entry.elsewhere !== undefined);
  const indexed = entries.filter((entry) => entry.elsewhere === undefined);
  const pinned = indexed.filter((entry) => entry.version !== undefined);
  const hashed = pinned.filter((entry) => entry.hashes.length > 0);
  return [
    ...includeFindings(path, includes),
    ...summed(path, "lock.from-elsewhere", elsewhere, "do not come from an index"),
    ...summed(
      path,
      "lock.not-pinned",
      indexed.filter((entry) => entry.version === undefined),
      "have no single version",
    ),
    ...summed(
      path,
      "lock.no-hash",
      pinned.filter((entry) => entry.hashes.length === 0),
      "have no hash",
    ),
    ...summed(
      path,
      "lock.weak-hash",
      hashed.filter((entry) => !entry.hashes.every(isStrongHash)),
      "have a weak or cut hash",
    ),
    ...summed(path, "lock.contradictory", contradictions(pinned), "are pinned to two versions"),
  ];
}

function includeFindings(path: string, includes: LockContent["includes"]): Finding[] {
  const [first] = includes;
  if (!first) return [];
  const all = includes.map((include) => include.path).join(", ");
  return [
    finding("lock.includes", {
      path: "lock",
      file: path,
      line: first.line,
      message: `"${path}" refers to ${all}.`,
    }),
  ];
}

/** One finding for all packages with the same fault, at the line of the first. */
function summed(path: string, code: CheckCode, entries: readonly LockEntry[], what: string): Finding[] {
  const [first] = entries;
  if (!first) return [];
  const names = [...new Set(entries.map((entry) => entry.name))];
  const shown = names.slice(0, 5).join(", ") + (names.length > 5 ? ` and ${names.length - 5} more` : "");
  return [
    finding(code, {
      path: "lock",
      file: path,
      line: first.line,
      received: first.elsewhere ?? first.hashes.find((hash) => !isStrongHash(hash))?.slice(0, 80),
      message: `${names.length} package(s) of "${path}" ${what}: ${shown}.`,
    }),
  ];
}

function contradictions(pinned: readonly LockEntry[]): LockEntry[] {
  const versions = new Map<string, string>();
  return pinned.filter((entry) => {
    const key = `${entry.name};${entry.marker ?? ""}`;
    const before = versions.get(key);
    versions.set(key, before ?? entry.version!);
    return before !== undefined && before !== entry.version;
  });
}
