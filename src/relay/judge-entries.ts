import type { Finding } from "../kernel/index.ts";
import { type Ancestry, ancestryOf } from "./ancestry.ts";
import { authorityText, roleMay, serviceMay } from "./authority.ts";
import type { OpenedEntry } from "./entry.ts";
import { disagreementsOf } from "./forks.ts";
import { historyFinding, type historyFindings } from "./history-findings.ts";
import type { LastSeen } from "./last-seen.ts";
import type { People } from "./people.ts";
import { turnProblem } from "./turns.ts";

const clockToleranceMs = 10 * 60_000;

interface JudgeInput {
  /** Intact entries by number, then id. */
  readonly entries: readonly OpenedEntry[];
  readonly people: People;
  readonly model: string | undefined;
  readonly lastSeen?: LastSeen;
  readonly now?: string;
}

type Problem = { readonly code: keyof typeof historyFindings; readonly what: string };
type Verdicts = ReadonlyMap<string, Problem>;

/** Which intact entries count: right model, person, role and time, standing on entries that count, in turn. */
export function judgeEntries(input: JudgeInput): {
  readonly entries: readonly OpenedEntry[];
  readonly findings: readonly Finding[];
} {
  const alone = new Map<string, Problem>();
  for (const opened of input.entries) {
    const problem = problemAlone(opened, input);
    if (problem) alone.set(opened.id, problem);
  }
  for (const id of unwitnessed(input, alone))
    alone.set(id, { code: "relay.unwitnessed", what: "is by a revoked key and no one has built on it" });
  return judgeOrder(input.entries, alone);
}

function judgeOrder(opened: readonly OpenedEntry[], alone: Verdicts) {
  const present = new Map(opened.map((entry) => [entry.id, entry]));
  const ancestry = ancestryOf(opened);
  const counting: OpenedEntry[] = [];
  const counts = new Set<string>();
  const findings: Finding[] = [];
  for (const entry of opened) {
    const problem =
      alone.get(entry.id) ??
      problemOfParents(entry, present, counts) ??
      problemOfTurn(entry, counting, ancestry);
    if (problem) {
      const { name } = entry.file;
      findings.push(historyFinding(problem.code, { file: name, message: `${name} ${problem.what}.` }));
    } else {
      counting.push(entry);
      counts.add(entry.id);
    }
  }
  return { entries: counting, findings };
}

function problemAlone(
  { entry, keyId }: OpenedEntry,
  { people, model, now }: JudgeInput,
): Problem | undefined {
  if (entry.model !== model)
    return { code: "relay.other-model", what: `is about the model ${entry.model}, not ${model}` };
  if (now !== undefined && Date.parse(entry.at) > Date.parse(now) + clockToleranceMs)
    return { code: "relay.future-dated", what: `is dated ${entry.at}, and it is ${now}` };
  const known = people.keyOf(keyId);
  if (known?.person.id !== entry.person)
    return { code: "relay.wrong-person", what: `names ${entry.person} and is signed by ${known?.person.id}` };
  const inForce = people.find(keyId, entry.at);
  if ("refused" in inForce)
    return { code: "relay.key-not-valid", what: `does not count: ${inForce.refused}` };
  const right = people.mayDo(keyId, entry.role, entry.model, entry.at);
  if ("refused" in right) return { code: "relay.wrong-role", what: `does not count: ${right.refused}` };
  if (right.person.service && !serviceMay(entry.action))
    return { code: "relay.wrong-role", what: `is a ${entry.action} by a service` };
  if (!roleMay(entry.action, entry.role))
    return {
      code: "relay.wrong-role",
      what: `is a ${entry.action} as ${entry.role}, which is for ${authorityText(entry.action)}`,
    };
  return undefined;
}

/**
 * Entries by keys that are revoked today, on which no other key's sound entry stands and that this machine has not
 * seen: a thief can choose the date in an entry, but not make others have built on it (docs/decisions/0003).
 */
function unwitnessed({ entries, people, lastSeen }: JudgeInput, alone: Verdicts): string[] {
  const seen = new Set(lastSeen?.heads);
  const witnessed = new Set<string>();
  const number = new Map(entries.map(({ id, entry }) => [id, entry.sequence]));
  const found: string[] = [];
  for (const { id, keyId, entry } of [...entries].reverse()) {
    if (alone.has(id)) continue;
    const revoked = people.keyOf(keyId)?.key.revoked !== undefined;
    const vouched = !revoked || seen.has(id) || witnessed.has(id);
    if (!vouched) found.push(id);
    else
      for (const parent of entry.parents)
        if ((number.get(parent) ?? entry.sequence) < entry.sequence) witnessed.add(parent);
  }
  return found;
}

function problemOfParents(
  { entry }: OpenedEntry,
  present: ReadonlyMap<string, OpenedEntry>,
  counts: ReadonlySet<string>,
): Problem | undefined {
  const missing = entry.parents.find((parent) => !present.has(parent));
  if (missing)
    return {
      code: "relay.missing-parent",
      what: `stands on ${missing.slice(0, 12)}, which is not in the folder`,
    };
  const parents = entry.parents.flatMap((parent) => present.get(parent) ?? []);
  const number = 1 + Math.max(0, ...parents.map((parent) => parent.entry.sequence));
  if (entry.sequence !== number)
    return {
      code: "relay.wrong-sequence",
      what: `has the number ${entry.sequence} and should have ${number}`,
    };
  const later = parents.find((parent) => Date.parse(parent.entry.at) > Date.parse(entry.at));
  if (later)
    return {
      code: "relay.back-dated",
      what: `is dated ${entry.at}, before ${later.file.name} (${later.entry.at}) on which it stands`,
    };
  const refused = parents.find((parent) => !counts.has(parent.id));
  return refused
    ? { code: "relay.rests-on-refused", what: `stands on ${refused.file.name}, which does not count` }
    : undefined;
}

function problemOfTurn(
  { id, entry }: OpenedEntry,
  counting: readonly OpenedEntry[],
  ancestry: Ancestry,
): Problem | undefined {
  const below = counting.filter((other) => ancestry.isBelow(other.id, id));
  const what = turnProblem(entry, entry.action === "resolve" ? below : standing(below));
  return what === undefined ? undefined : { code: "relay.out-of-turn", what };
}

/** What a resolution decided against does not stop what comes after it. */
function standing(below: readonly OpenedEntry[]): readonly OpenedEntry[] {
  if (!below.some(({ entry }) => entry.action === "resolve")) return below;
  const decided = disagreementsOf(below).void;
  return below.filter(({ id }) => !decided.has(id));
}
