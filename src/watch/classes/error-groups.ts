import { digestOf } from "../../kernel/index.ts";
import { errorClasses, rankOf } from "./error-classes.ts";
import type { ErrorGroup } from "./error-group.ts";
import type { Facts } from "./facts.ts";
import type { Settled } from "./settle.ts";
import { type Suspicion, windowsOf } from "./suspicion.ts";

/** Samples of a group. */
const mostSamples = 5;
/** Characters of a sample or a message. */
const longest = 500;

/** Groups of what is settled: one a fault, causes first, then the oldest. */
export function errorGroups(facts: Facts, settled: readonly Settled[]): ErrorGroup[] {
  const groups = new Map<string, Settled[]>();
  for (const one of settled) {
    const name = nameOf(facts, one, groups);
    groups.set(name, [...(groups.get(name) ?? []), one]);
  }
  return [...groups.values()]
    .map((list) => groupOf(facts, list))
    .sort(
      (a, b) =>
        rankOf(a.class as never) - rankOf(b.class as never) ||
        (a.first < b.first ? -1 : a.first > b.first ? 1 : 0) ||
        (a.clause < b.clause ? -1 : 1),
    );
}

/** The same class on the same clause is one group; so is one broken feed that shows in several features at once. */
function nameOf(facts: Facts, { cause }: Settled, groups: ReadonlyMap<string, readonly Settled[]>): string {
  const own = `${cause.class} ${cause.clause} ${cause.code ?? ""}`;
  if (!cause.class.startsWith("upstream.")) return own;
  const alike = [...groups].filter(
    ([, [other]]) =>
      other!.cause.class === cause.class && ownerOf(facts, other!.cause) === ownerOf(facts, cause),
  );
  const again = alike.find(([, list]) => list.some((other) => other.cause.clause === cause.clause));
  const begins = windowsOf(cause)[0]!;
  const together = alike.find(([, [other]]) => Math.abs(windowsOf(other!.cause)[0]! - begins) <= 1);
  return (again ?? together)?.[0] ?? own;
}

function groupOf(facts: Facts, list: readonly Settled[]): ErrorGroup {
  const { windows, counts } = facts;
  const [{ cause }] = list as readonly [Settled, ...Settled[]];
  const { severity, action } = errorClasses[cause.class];
  const rows = new Map<number, number>();
  for (const one of list)
    for (const [window, count] of one.cause.rows) rows.set(window, Math.max(count, rows.get(window) ?? 0));
  const inOrder = [...rows.keys()].sort((a, b) => a - b);
  const all = inOrder.reduce((sum, window) => sum + counts[window]!.rows, 0);
  const affected = [...rows.values()].reduce((sum, count) => sum + count, 0);
  const touched = new Set(list.flatMap((one) => one.cause.clauses));
  const consequences = list.flatMap((one) => one.consequences).filter((one) => !isSame(one, list));
  return {
    fingerprint: digestOf([cause.class, cause.clause, cause.about ?? ""]).slice(0, 16),
    class: cause.class,
    clause: cause.clause,
    owner: ownerOf(facts, cause),
    severity,
    first: windows[inOrder[0]!]!.start,
    last: windows[inOrder.at(-1)!]!.end,
    windows: inOrder.length,
    starts: inOrder.map((window) => windows[window]!.start),
    rows: affected,
    rate: all === 0 ? 0 : affected / all,
    message: shown(messagesOf(list)),
    action,
    ...(cause.code !== undefined && { code: cause.code }),
    ...(cause.slice !== undefined && { slice: cause.slice }),
    clauses: [...touched].sort(),
    consequences: [...new Set(consequences.map((one) => `${one.class} ${one.clause}`))].sort(),
    samples: samplesOf(facts, list),
  };
}

function isSame(one: Suspicion, list: readonly Settled[]): boolean {
  return list.some(({ cause }) => cause.class === one.class && cause.clause === one.clause);
}

/** What was told of the first windows with each clause. */
function messagesOf(list: readonly Settled[]): string {
  const byClause = new Map<string, string>();
  for (const { cause } of list)
    if (!byClause.has(cause.clause)) byClause.set(cause.clause, cause.tell(cause.rows));
  const [first] = byClause.values();
  if (byClause.size === 1) return first!;
  if (new Set(byClause.values()).size === 1) return `${[...byClause.keys()].join(", ")}: ${first}`;
  return [...byClause].map(([clause, text]) => `${clause}: ${text}`).join(" ");
}

/** Nothing of features that are sensitive. */
function samplesOf({ contract }: Facts, list: readonly Settled[]): string[] {
  const sensitive = new Set(
    contract.features.filter((one) => one.sensitive).map(({ name }) => `features.${name}`),
  );
  return list
    .filter(({ cause }) => !cause.clauses.some((clause) => sensitive.has(clause)))
    .flatMap(({ cause }) => cause.samples)
    .slice(0, mostSamples)
    .map(shown);
}

/** On one line, without control characters and marks that turn text round, cut where it is long. */
function shown(text: string): string {
  const plain = text.replace(/[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu, " ");
  return plain.length > longest ? `${plain.slice(0, longest)}…` : plain;
}

function ownerOf({ clauses, contract }: Facts, cause: Suspicion): string {
  const { owner } = errorClasses[cause.class];
  if (owner !== "clause") return owner;
  return clauses.get(cause.clause)?.owner ?? contract.features[0]?.owner ?? "builds";
}
