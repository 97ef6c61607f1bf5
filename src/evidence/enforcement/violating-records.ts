import type { Contract, Reaction, Table } from "../../contract/index.ts";
import { recordAt } from "../rows/table-rows.ts";
import { type CompiledRule, compileRules, rejectingRules } from "./broken-rules.ts";
import { breakingValues, type Limit } from "./feature-limits.ts";
import { breakRule, setKeepingRules, withValue } from "./violate-rule.ts";

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
  const rules = compileRules(contract);
  const found = [
    ...featureViolations(contract, rules, rows),
    unknownField(contract, valid),
    ...rules.flatMap((own) => [
      ruleViolation(contract, own, rules, rows),
      ...missingForRule(contract, own, rules, rows),
    ]),
  ];
  return {
    valid,
    violations: found.filter((one) => "record" in one),
    unviolated: found.filter((one) => "reason" in one),
  };
}

type Found = ViolatingRecord | Unviolated;
type Rows = readonly Readonly<Record<string, unknown>>[];

function featureViolations(contract: Contract, rules: readonly CompiledRule[], rows: Rows): Found[] {
  return contract.features.flatMap((feature) =>
    breakingValues(feature).map(({ limit, reaction, value }): Found => {
      const clause = `features.${feature.name}`;
      const { record, alsoBreaks } = setKeepingRules(contract, rules, rows, { feature: feature.name, value });
      if (reaction === "warn" && alsoBreaks.length > 0)
        return { clause, limit, reason: `because ${alsoBreaks[0]} rejects every such record that was found` };
      return { clause, limit, reaction, record, alsoBreaks };
    }),
  );
}

function ruleViolation(
  contract: Contract,
  own: CompiledRule,
  rules: readonly CompiledRule[],
  rows: Rows,
): Found {
  const clause = `rules.${own.rule.id}`;
  const broken = breakRule(contract, own, rules, rows);
  if ("problem" in broken) return { clause, limit: "rule", reason: broken.problem };
  const { record, alsoBreaks } = broken;
  if (own.rule.otherwise === "warn" && alsoBreaks.length > 0)
    return { clause, limit: "rule", reason: `every record found is rejected by ${alsoBreaks[0]}` };
  return { clause, limit: "rule", reaction: own.rule.otherwise, record, alsoBreaks };
}

/** Leaves out a feature that the rule needs, where the feature itself may be missing. */
function missingForRule(
  contract: Contract,
  { rule, expression }: CompiledRule,
  rules: readonly CompiledRule[],
  rows: Rows,
): Found[] {
  if (rule.whenMissing === "skip" || !expression.ok) return [];
  const named = contract.features.find(
    ({ name, missing }) => missing === "allowed" && expression.names.includes(name),
  );
  if (!named) return [];
  const clause = `rules.${rule.id}`;
  const record = withValue(rows[0]!, named.name, undefined);
  const alsoBreaks = rejectingRules(rules, record).filter((other) => other !== clause);
  return [{ clause, limit: "rule-missing", reaction: rule.whenMissing, record, alsoBreaks }];
}

function unknownField(contract: Contract, valid: Readonly<Record<string, unknown>>): ViolatingRecord {
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

function mostCompleteFirst(table: Table): Record<string, unknown>[] {
  const records = Array.from({ length: Math.min(table.rows, 2000) }, (_, row) => recordAt(table, row));
  return records.sort((a, b) => Object.keys(b).length - Object.keys(a).length).slice(0, rowsSearched);
}
