import semver from "semver";
import type { Finding } from "../../kernel/index.ts";
import { withoutProse } from "../clauses.ts";
import type { Contract } from "../contract.ts";
import { contractFinding } from "../contract-findings.ts";
import { type ContractChange, changeList, type NoteChange, same } from "./contract-change.ts";
import { diffFeatures, diffOutputs, diffRules, pair } from "./diff-features.ts";

/** What changed between two contracts, and the version that it needs. */
export interface ContractDiff {
  /** Breaking first, then what needs acceptance, then editorial; within a kind in the order of the contract. */
  readonly changes: readonly ContractChange[];
  /** Smallest step of the version. Before 1.0.0 a break needs a minor and the rest a patch (semver §4). */
  readonly requires: "major" | "minor" | "patch";
  /** Smallest version that the new contract may have; the old one's where nothing changed. */
  readonly nextVersion: string;
  /** `contract.version-too-low` where the new contract's own version is smaller than that. */
  readonly findings: readonly Finding[];
}

/** SHA-256 of the content files by path, where it is known: a file that changed is a change even where the contract reads the same. */
export interface ContentDigests {
  readonly old: ReadonlyMap<string, string>;
  readonly new: ReadonlyMap<string, string>;
}

/** Classifies every change between two contracts by what callers feel and what the other team must accept anew. */
export function diffContracts(before: Contract, after: Contract, content?: ContentDigests): ContractDiff {
  const { changes, note } = changeList();
  diffModel(before, after, note);
  diffFeatures(before.features, after.features, note);
  diffOutputs(before.outputs, after.outputs, note);
  diffRules(before.rules, after.rules, note);
  diffLists(before, after, note);
  diffParts(before, after, note);
  if (content) diffContent(after, content, note);
  const weight = { breaking: 0, acceptance: 1, editorial: 2 } as const;
  const sorted = changes.sort((a, b) => weight[a.kind] - weight[b.kind]);
  return { changes: sorted, ...versionNeeds(sorted, before.model.version, after.model.version) };
}

function diffModel(before: Contract, after: Contract, note: NoteChange): void {
  const change = (key: "name" | "task" | "licence", kind: ContractChange["kind"], message: string) => {
    if (before.model[key] !== after.model[key])
      note("model", key, kind, [before.model[key], after.model[key]], message);
  };
  change("name", "breaking", "The model has another name: callers ask for it by name.");
  change("task", "breaking", "The model has another task.");
  change("licence", "acceptance", "The licence of the model changed.");
}

const listed = ["gates", "behaviours", "limitations", "errors", "retrain"] as const;

/** Clauses whose every change of substance the other team accepts anew, whether it asks more or less. */
function diffLists(before: Contract, after: Contract, note: NoteChange): void {
  for (const list of listed) {
    type Clause = { readonly id: string };
    const { removed, added, kept } = pair<Clause>(before[list] ?? [], after[list] ?? [], (item) => item.id);
    const kind = list === "limitations" ? "limitation" : undefined;
    for (const item of removed)
      note(
        `${list}.${item.id}`,
        "",
        "acceptance",
        [withoutProse(item, kind), undefined],
        `${list}.${item.id} is gone.`,
      );
    for (const item of added)
      note(
        `${list}.${item.id}`,
        "",
        "acceptance",
        [undefined, withoutProse(item, kind)],
        `${list}.${item.id} is new.`,
      );
    for (const [old, now] of kept) {
      const [a, b] = [withoutProse(old, kind), withoutProse(now, kind)];
      if (!same(a, b))
        note(`${list}.${now.id}`, "", "acceptance", [a, b], `${list}.${now.id} promises something else.`);
      else if (!same(old, now))
        note(
          `${list}.${now.id}`,
          "",
          "editorial",
          [undefined, undefined],
          `Words or owner of ${list}.${now.id} changed.`,
        );
    }
    const ids = (contract: Contract) => (contract[list] ?? []).map((item) => item.id);
    if (removed.length === 0 && added.length === 0 && !same(ids(before), ids(after)))
      note(list, "", "editorial", [undefined, undefined], `${list} stand in another order.`);
  }
}

const parts: readonly (readonly [key: keyof Contract, written: string, kind: ContractChange["kind"]])[] = [
  ["level", "level", "acceptance"],
  ["run", "run", "acceptance"],
  ["lock", "lock", "acceptance"],
  ["use", "use", "acceptance"],
  ["owners", "owners", "editorial"],
  ["featureTable", "features", "editorial"],
  ["data", "data", "acceptance"],
  ["slices", "slices", "acceptance"],
  ["golden", "golden", "acceptance"],
  ["budget", "budget", "acceptance"],
  ["onFailure", "on-failure", "acceptance"],
  ["labels", "labels", "acceptance"],
  ["watch", "watch", "acceptance"],
  ["review", "review", "acceptance"],
  ["serving", "serving", "acceptance"],
  ["rollBack", "roll-back", "acceptance"],
];

function diffParts(before: Contract, after: Contract, note: NoteChange): void {
  for (const [key, written, kind] of parts) {
    const [old, now] = [before[key], after[key]];
    if (same(old, now)) continue;
    if (same(substance(old), substance(now)))
      note(written, "", "editorial", [undefined, undefined], `Words or owner of \`${written}\` changed.`);
    else
      note(
        written,
        "",
        kind,
        [old, now],
        `\`${written}\` ${old === undefined ? "is new" : now === undefined ? "is gone" : "changed"}.`,
      );
  }
}

function substance(value: unknown): unknown {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? withoutProse(value) : value;
}

/** Files of the content that changed by their bytes; the contract and its table are compared above. */
function diffContent(after: Contract, content: ContentDigests, note: NoteChange): void {
  const compared = new Set(["baton.yaml", after.featureTable]);
  const paths = [...new Set([...content.old.keys(), ...content.new.keys()])].sort();
  for (const path of paths) {
    const [old, now] = [content.old.get(path), content.new.get(path)];
    if (old === now || compared.has(path)) continue;
    const kind = path.startsWith("story/") ? "editorial" : "acceptance";
    const verb = old === undefined ? "is new" : now === undefined ? "is gone" : "has other bytes";
    note("content", path, kind, [old?.slice(0, 12), now?.slice(0, 12)], `${path} ${verb}.`);
  }
}

function versionNeeds(
  changes: readonly ContractChange[],
  old: string,
  now: string,
): Omit<ContractDiff, "changes"> {
  const from = semver.parse(old);
  const breaks = changes.some((change) => change.kind === "breaking");
  const accepts = changes.some((change) => change.kind === "acceptance");
  const early = from?.major === 0;
  const requires = breaks ? (early ? "minor" : "major") : accepts && !early ? "minor" : "patch";
  if (changes.length === 0 || !from) return { requires, nextVersion: old, findings: [] };
  const nextVersion = semver.inc(old, requires) ?? old;
  const to = semver.parse(now);
  const release = to && `${to.major}.${to.minor}.${to.patch}`;
  const enough = release && semver.gte(release, nextVersion) && semver.gt(now, old);
  if (enough || !to) return { requires, nextVersion, findings: [] };
  return {
    requires,
    nextVersion,
    findings: [
      contractFinding("contract.version-too-low", {
        path: "model.version",
        message: `${now} follows ${old}, and ${whyNeeded(changes)} at least ${nextVersion}.`,
        expected: `at least ${nextVersion}`,
        received: now,
        next: `Write version: ${nextVersion}.`,
      }),
    ],
  };
}

function whyNeeded(changes: readonly ContractChange[]): string {
  const [worst] = changes;
  if (worst?.kind === "breaking") return `a change that breaks callers (${worst.path}) needs`;
  if (worst?.kind === "acceptance") return `a change that must be accepted anew (${worst.path}) needs`;
  return "a change of words needs";
}
