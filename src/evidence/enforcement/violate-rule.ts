import type { Contract, Feature } from "../../contract/index.ts";
import { breaksRule, type CompiledRule, rejectingRules } from "./broken-rules.ts";
import { keepsLimits } from "./feature-limits.ts";
import { candidates } from "./rule-candidates.ts";

type Row = Readonly<Record<string, unknown>>;

/** A row as a record, with the other rules that reject it too. */
export interface RuleBreaker {
  readonly record: Row;
  readonly alsoBreaks: readonly string[];
}

const mostTries = 30_000;

/**
 * Searches a record that breaks a rule and no limit of a feature: valid rows are changed in one, two or three of the
 * features that the rule names. A record that breaks no other rule is preferred.
 */
export function breakRule(
  contract: Contract,
  own: CompiledRule,
  rules: readonly CompiledRule[],
  rows: readonly Row[],
): RuleBreaker | { readonly problem: string } {
  const { expression, rule } = own;
  if (!expression.ok) return { problem: `its expression cannot be used: ${expression.problem}` };
  const features = featuresNamed(contract, expression.names);
  let tries = 0;
  let fallback: RuleBreaker | undefined;
  for (const changes of changesOf(features, rule.assert, rows)) {
    for (const base of rows) {
      if (++tries > mostTries) return fallback ?? notFound;
      const record = { ...base, ...changes };
      if (!breaksRule(own, record)) continue;
      if (!features.every((feature) => keepsLimits(feature, record[feature.name]))) continue;
      const alsoBreaks = rejectingRules(rules, record).filter((clause) => clause !== `rules.${rule.id}`);
      if (alsoBreaks.length === 0) return { record, alsoBreaks };
      fallback ??= { record, alsoBreaks };
    }
  }
  return fallback ?? notFound;
}

const notFound = {
  problem: "no row was found that breaks it and nothing else; the limits of the features may imply it",
} as const;

/**
 * A valid row with one feature set to a value, such that no rule rejects it for that: another row is taken, then what the
 * rule compares with is left out, then set to another value. Without such a row, the first one and the rules it breaks.
 */
export function setKeepingRules(
  contract: Contract,
  rules: readonly CompiledRule[],
  rows: readonly Row[],
  change: { readonly feature: string; readonly value: unknown },
): RuleBreaker {
  const changed = rows.map((row) => withValue(row, change.feature, change.value));
  for (const record of [
    ...changed,
    ...changed.slice(0, 5).flatMap((row) => [...amended(contract, rules, rows, row, change.feature)]),
  ])
    if (rejectingRules(rules, record).length === 0) return { record, alsoBreaks: [] };
  const record = changed[0]!;
  return { record, alsoBreaks: rejectingRules(rules, record) };
}

function* amended(
  contract: Contract,
  rules: readonly CompiledRule[],
  rows: readonly Row[],
  record: Row,
  changed: string,
): Generator<Row> {
  const rejecting = new Set(rejectingRules(rules, record));
  for (const { rule, expression } of rules) {
    if (!rejecting.has(`rules.${rule.id}`) || !expression.ok) continue;
    const named = featuresNamed(contract, expression.names);
    for (const other of named.filter(({ name }) => name !== changed)) {
      if (other.missing === "allowed") yield withValue(record, other.name, undefined);
      for (const value of candidates(other, named, rule.assert, rows))
        yield withValue(record, other.name, value);
    }
  }
}

/** The record with one field set, or left out for undefined. */
export function withValue(record: Row, name: string, value: unknown): Row {
  const { [name]: _, ...rest } = record;
  return value === undefined ? rest : { ...rest, [name]: value };
}

function featuresNamed(contract: Contract, names: readonly string[]): Feature[] {
  return names.flatMap((name) => contract.features.find((feature) => feature.name === name) ?? []);
}

/** Changes to try: none, then of one feature, of two, of three. */
function* changesOf(features: readonly Feature[], expression: string, rows: readonly Row[]): Generator<Row> {
  const pools = features.map((feature) => candidates(feature, features, expression, rows));
  for (let size = 0; size <= Math.min(3, features.length); size++)
    yield* combinations(features, pools, size, 0);
}

function* combinations(
  features: readonly Feature[],
  pools: readonly (readonly unknown[])[],
  size: number,
  from: number,
): Generator<Row> {
  if (size === 0) yield {};
  else
    for (let at = from; at <= features.length - size; at++)
      for (const rest of combinations(features, pools, size - 1, at + 1))
        for (const value of pools[at]!) yield { [features[at]!.name]: value, ...rest };
}
