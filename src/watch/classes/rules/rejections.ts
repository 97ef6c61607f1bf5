import type { ErrorClassName } from "../error-classes.ts";
import type { Facts } from "../facts.ts";
import { otherShare } from "../shares.ts";
import { type Suspicion, totalOf } from "../suspicion.ts";

/** Class of a rejected row by the code of what it broke. */
const classOfCode: Readonly<Record<string, ErrorClassName>> = {
  "input.record": "contract.type",
  "input.type": "contract.type",
  "input.shape": "contract.type",
  "input.too-long": "contract.type",
  "input.not-finite": "contract.type",
  "input.unknown-field": "upstream.schema-change",
  "input.missing": "contract.missing",
  "input.range": "contract.range",
  "input.category": "contract.category",
  "input.rule": "contract.rule",
  "input.rule-not-evaluable": "contract.rule",
  "output.not-a-number": "output.clause",
  "output.range": "output.clause",
  "output.failed": "output.clause",
};

/** Rows that a clause rejected, by clause and code; those that a declared limitation speaks of are as agreed. */
export function rejections(facts: Facts): Suspicion[] {
  const byReason = new Map<string, Map<number, number>>();
  const note = (reason: string, window: number, rows: number) => {
    if (rows === 0) return;
    const known = byReason.get(reason) ?? new Map<number, number>();
    byReason.set(reason, known.set(window, rows));
  };
  for (const [window, { rejected }] of facts.counts.entries())
    for (const [reason, rows] of Object.entries(rejected)) note(reason, window, rows);
  for (const [reason, window, rows] of markedRows(facts)) note(reason, window, rows);
  return [...byReason].flatMap(([reason, rows]) => suspicionOf(facts, reason, rows) ?? []);
}

/** Rows whose category has no cell and that were answered all the same. */
function* markedRows({ series, counts }: Facts): Generator<readonly [string, number, number]> {
  for (const { clause, cells, feature, counts: countsOf } of series) {
    if (!feature?.values || feature.unknown !== "warn") continue;
    for (const window of counts.keys())
      yield [
        `${clause} input.category`,
        window,
        Math.round(otherShare(cells, countsOf([window])) * counts[window]!.rows),
      ];
  }
}

/** Values of a suspicion that are shown. */
const mostValues = 5;

/** What the clause of a feature rejected in some windows, of the rows that were kept. */
function rejectedValues(
  { counts, samples = [] }: Facts,
  clause: string,
  windows: Iterable<number>,
): string[] {
  const feature = clause.slice("features.".length);
  const starts = new Set(Array.from(windows, (window) => counts[window]!.start));
  const values = samples
    .filter(({ start }) => starts.has(start))
    .flatMap(({ rejected }) => rejected?.get(feature) ?? []);
  return [...new Set(values)].slice(0, mostValues);
}

function suspicionOf(facts: Facts, reason: string, rows: ReadonlyMap<number, number>): Suspicion | undefined {
  const at = reason.lastIndexOf(" ");
  const [clause, code] = [reason.slice(0, at), reason.slice(at + 1)];
  const name = classOfCode[code];
  if (name === undefined) return undefined;
  const limitation = facts.contract.limitations.find(({ keptBy }) => keptBy === clause);
  const shared = {
    clause,
    clauses: [clause],
    rows,
    code,
    samples: rejectedValues(facts, clause, rows.keys()),
  };
  if (limitation)
    return {
      ...shared,
      class: "limitation.by-design",
      clauses: [clause, `limitations.${limitation.id}`],
      about: code,
      tell: (some) => `${totalOf(some)} rows are as limitations.${limitation.id} says: ${limitation.text}`,
    };
  return {
    ...shared,
    class: name,
    about: code,
    tell: (some) => `${totalOf(some)} rows break ${clause} (${code}).`,
  };
}
