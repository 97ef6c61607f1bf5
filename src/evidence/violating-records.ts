import type { Contract, Reaction, Rule, Table } from "../contract/index.ts";
import { breakingValues, type Limit } from "./feature-limits.ts";
import { recordAt } from "./table-rows.ts";
import { breakRule } from "./violate-rule.ts";

/** A valid record made to break one limit of one enforced clause. */
export interface ViolatingRecord {
  /** Clause that must answer: `features.carrier`, `rules.not-a-loop`; `features` for an unknown field. */
  readonly clause: string;
  readonly limit: Limit;
  /** `reject`: no answer; `warn`: an answer and a warning of that clause. */
  readonly reaction: Reaction;
  /** JSON, as a caller would send it. */
  readonly record: Readonly<Record<string, unknown>>;
  /** Other clauses that may answer too, because they look at the same value. */
  readonly alsoBreaks: readonly string[];
}

/** A limit for which no violating record was found, and why. */
export interface Unviolated {
  readonly clause: string;
  readonly limit: Limit;
  readonly reason: string;
}

/** One violation for each limit of the contract, and what could not be violated. */
export interface ViolatingRecords {
  /** The valid record that the others were made from; absent without valid rows. */
  readonly valid?: Readonly<Record<string, unknown>>;
  readonly violations: readonly ViolatingRecord[];
  readonly unviolated: readonly Unviolated[];
}

const rowsSearched = 100;

/**
 * Breaks each enforced clause once on purpose, starting from rows that the contract accepts (feature columns only).
 * Infinities are not among them: JSON cannot say them.
 */
export function violatingRecords(contract: Contract, validRows: Table): ViolatingRecords {
  const rows = mostCompleteFirst(validRows);
  const valid = rows[0];
  if (!valid) return { violations: [], unviolated: [] };
  const violations: ViolatingRecord[] = [
    ...featureViolations(contract, valid),
    unknownField(contract, valid),
  ];
  const unviolated: Unviolated[] = [];
  for (const rule of contract.rules) {
    const clause = `rules.${rule.id}`;
    const broken = breakRule(contract, rule, rows);
    if ("problem" in broken) unviolated.push({ clause, limit: "rule", reason: broken.problem });
    else
      violations.push({
        clause,
        limit: "rule",
        reaction: rule.otherwise,
        record: broken.record,
        alsoBreaks: broken.alsoBreaks.map((id) => `rules.${id}`),
      });
    violations.push(...missingForRule(contract, rule, valid));
  }
  return { valid, violations, unviolated };
}

function featureViolations(contract: Contract, valid: Record<string, unknown>): ViolatingRecord[] {
  return contract.features.flatMap((feature) =>
    breakingValues(feature).map(({ limit, reaction, value }) => ({
      clause: `features.${feature.name}`,
      limit,
      reaction,
      record: withValue(valid, feature.name, value),
      alsoBreaks: rulesNaming(contract, feature.name),
    })),
  );
}

function missingForRule(contract: Contract, rule: Rule, valid: Record<string, unknown>): ViolatingRecord[] {
  if (rule.whenMissing === "skip") return [];
  const named = contract.features.find(
    ({ name, missing }) => missing === "allowed" && mentions(rule.assert, name) && valid[name] !== undefined,
  );
  if (!named) return [];
  return [
    {
      clause: `rules.${rule.id}`,
      limit: "rule-missing",
      reaction: rule.whenMissing,
      record: withValue(valid, named.name, undefined),
      alsoBreaks: rulesNaming(contract, named.name).filter((id) => id !== `rules.${rule.id}`),
    },
  ];
}

function unknownField(contract: Contract, valid: Record<string, unknown>): ViolatingRecord {
  let name = "no-such-feature";
  while (contract.features.some((feature) => feature.name === name)) name += "-";
  return {
    clause: "features",
    limit: "unknown-field",
    reaction: "reject",
    record: { ...valid, [name]: 1 },
    alsoBreaks: [],
  };
}

function rulesNaming(contract: Contract, feature: string): string[] {
  return contract.rules.filter((rule) => mentions(rule.assert, feature)).map(({ id }) => `rules.${id}`);
}

function mentions(expression: string, name: string): boolean {
  const quoted = name.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");
  return new RegExp(`(?<![\\w])${quoted}(?![\\w])`).test(expression);
}

function withValue(record: Record<string, unknown>, name: string, value: unknown): Record<string, unknown> {
  const { [name]: _, ...rest } = record;
  return value === undefined ? rest : { ...rest, [name]: value };
}

function mostCompleteFirst(table: Table): Record<string, unknown>[] {
  const records = Array.from({ length: Math.min(table.rows, 2000) }, (_, row) => recordAt(table, row));
  return records.sort((a, b) => Object.keys(b).length - Object.keys(a).length).slice(0, rowsSearched);
}
