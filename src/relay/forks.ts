import { type Ancestry, ancestryOf } from "./ancestry.ts";
import type { RelayAction, RelayEntry } from "./entry-schema.ts";
import type { CountedEntry } from "./turns.ts";

/** Two decisions of which neither knew the other and that cannot both stand. */
export interface Fork {
  /** Ids, smaller first. */
  readonly entries: readonly [string, string];
  /** What they disagree about, in words. */
  readonly about: string;
}

/** What is contradicted, and what was decided against by a resolution. */
export interface Disagreements {
  /** Not yet resolved. */
  readonly open: readonly Fork[];
  /** Entries that a resolution decided against: they stay in the history and count for nothing. */
  readonly void: ReadonlySet<string>;
  /** Entries in an open fork. */
  readonly contested: ReadonlySet<string>;
}

/** Whether an entry counts, was decided against, or is part of an open fork. */
export function standingIn({ void: decided, contested }: Disagreements, id: string) {
  if (decided.has(id)) return "void" as const;
  return contested.has(id) ? ("contested" as const) : ("counts" as const);
}

/** Finds contradictions among entries in topological order, and what the resolutions among them settle. */
export function disagreementsOf(entries: readonly CountedEntry[]): Disagreements {
  const ancestry = ancestryOf(entries);
  const resolutions = settle(entries, ancestry);
  const decided = contradictions(
    entries.filter(({ id, entry }) => entry.action !== "resolve" && !resolutions.void.has(id)),
    ancestry,
  );
  const open = [...decided, ...resolutions.open];
  return { open, void: resolutions.void, contested: new Set(open.flatMap((fork) => fork.entries)) };
}

/**
 * Later resolutions go first, so that one can settle a quarrel between earlier ones; two that contradict each other
 * and that nobody settled have no effect at all.
 */
function settle(entries: readonly CountedEntry[], ancestry: Ancestry) {
  const resolves = entries.filter(({ entry }) => entry.action === "resolve");
  const decided = new Map<string, "stands" | "void">();
  const open: Fork[] = [];
  for (const resolve of [...resolves].reverse()) {
    if (decided.get(resolve.id) === "void") continue;
    const against = resolves.filter(
      (other) =>
        decided.get(other.id) !== "void" &&
        ancestry.concurrent(resolve.id, other.id) &&
        opposed(resolve.entry, other.entry),
    );
    for (const other of against)
      if (resolve.id < other.id) open.push(fork(resolve, other, "how a fork is resolved"));
    if (against.length > 0) continue;
    const { stands = "", over = [] } = resolve.entry.resolves ?? {};
    if (!decided.has(stands)) decided.set(stands, "stands");
    for (const id of over) if (!decided.has(id)) decided.set(id, "void");
  }
  const isVoid = [...decided].filter(([, verdict]) => verdict === "void").map(([id]) => id);
  return { open, void: new Set(isVoid) };
}

function opposed(a: RelayEntry, b: RelayEntry): boolean {
  if (!a.resolves || !b.resolves) return false;
  return a.resolves.over.includes(b.resolves.stands) || b.resolves.over.includes(a.resolves.stands);
}

function contradictions(entries: readonly CountedEntry[], ancestry: Ancestry): Fork[] {
  const found = new Map<string, Fork>();
  for (const group of groups(entries)) {
    group.forEach((a, i) => {
      for (const b of group.slice(i + 1)) {
        const about = contradiction(a.entry, b.entry) ?? contradiction(b.entry, a.entry);
        if (!about || !ancestry.concurrent(a.id, b.id)) continue;
        const pair = fork(a, b, about);
        found.set(pair.entries.join(), pair);
      }
    });
  }
  return [...found.values()].sort((a, b) => (a.entries.join() < b.entries.join() ? -1 : 1));
}

/** Only entries about the same content, environment or version can contradict each other. */
function groups(entries: readonly CountedEntry[]): Iterable<CountedEntry[]> {
  const byTopic = new Map<string, CountedEntry[]>();
  for (const entry of entries) {
    const { contentDigest, environment, action, version } = entry.entry;
    const topics = [`content ${contentDigest}`];
    if (environment !== undefined) topics.push(`environment ${environment}`);
    if (action === "offer") topics.push(`version ${version}`);
    for (const topic of topics) {
      const group = byTopic.get(topic);
      if (group) group.push(entry);
      else byTopic.set(topic, [entry]);
    }
  }
  return byTopic.values();
}

const deployments: readonly RelayAction[] = ["deploy", "rollback"];
const forward: readonly RelayAction[] = ["accept", "deploy", "rollback"];

function contradiction(a: RelayEntry, b: RelayEntry): string | undefined {
  const same = a.contentDigest === b.contentDigest;
  if (a.action === "offer" && b.action === "offer" && a.version === b.version && !same)
    return `which content is version ${a.version}`;
  if (deployments.includes(a.action) && deployments.includes(b.action) && a.environment === b.environment)
    return same ? undefined : `what runs in ${a.environment}`;
  if (!same) return undefined;
  if (a.action === "accept" && b.action === "return") return `whether ${a.version} is accepted or returned`;
  if (a.action === "recall" && forward.includes(b.action))
    return `whether ${a.version} is recalled while others ${b.action === "accept" ? "accept" : "deploy"} it`;
  if (a.action === "retire" && forward.includes(b.action))
    return `whether ${a.version} is retired while others ${b.action === "accept" ? "accept" : "deploy"} it`;
  return undefined;
}

function fork(a: CountedEntry, b: CountedEntry, about: string): Fork {
  return { entries: a.id < b.id ? [a.id, b.id] : [b.id, a.id], about };
}
