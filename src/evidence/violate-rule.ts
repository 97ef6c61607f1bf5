import {
  type Contract,
  compileExpression,
  type ExpressionResult,
  type Feature,
  type Rule,
} from "../contract/index.ts";
import { keepsLimits } from "./feature-limits.ts";
import { evaluated, rowVariables } from "./row-expression.ts";

/** A row as a record, with the rules (other than the one meant) that it breaks too. */
export interface RuleBreaker {
  readonly record: Record<string, unknown>;
  readonly alsoBreaks: readonly string[];
}

const mostTries = 30_000;
const mostCandidates = 60;

/**
 * Searches a record that breaks a rule and no limit of a feature: valid rows are changed in one, two or three of the features
 * that the rule names, to values that occur, that the contract names, or that stand in the rule. A record that breaks no
 * other rule is preferred.
 */
export function breakRule(
  contract: Contract,
  rule: Rule,
  rows: readonly Record<string, unknown>[],
): RuleBreaker | { readonly problem: string } {
  const rules = compileRules(contract);
  const own = rules.find((candidate) => candidate.id === rule.id)?.expression;
  if (!own?.ok) return { problem: `its expression cannot be used: ${own?.problem ?? "it is not there"}` };
  const features = own.names.flatMap(
    (name) => contract.features.find((feature) => feature.name === name) ?? [],
  );
  let tries = 0;
  let fallback: RuleBreaker | undefined;
  for (const changes of changesOf(features, rule, rows)) {
    for (const base of rows) {
      if (++tries > mostTries) return fallback ?? notFound();
      const record = { ...base, ...changes };
      if (!breaks(own, record)) continue;
      if (!features.every((feature) => keepsLimits(feature, record[feature.name]))) continue;
      const alsoBreaks = rules
        .filter((other) => other.id !== rule.id && other.rejects && breaks(other.expression, record))
        .map((other) => other.id);
      if (alsoBreaks.length === 0) return { record, alsoBreaks };
      fallback ??= { record, alsoBreaks };
    }
  }
  return fallback ?? notFound();
}

function notFound() {
  return {
    problem: "no row was found that breaks it and nothing else; the limits of the features may imply it",
  };
}

function compileRules(contract: Contract) {
  const variables = rowVariables(contract);
  return contract.rules.map((rule) => ({
    id: rule.id,
    rejects: rule.otherwise === "reject",
    expression: compileExpression(rule.assert, { variables, returns: "bool" }),
  }));
}

function breaks(expression: ExpressionResult, record: Record<string, unknown>): boolean {
  if (!expression.ok || expression.names.some((name) => record[name] === undefined || record[name] === null))
    return false;
  const result = evaluated(() => expression.evaluate(record));
  return result.known && result.value === false;
}

/** Changes to try: none, then of one feature, of two, of three. */
function* changesOf(
  features: readonly Feature[],
  rule: Rule,
  rows: readonly Record<string, unknown>[],
): Generator<Record<string, unknown>> {
  const scalars = features.filter((feature) => feature.shape.length === 0);
  const pools = scalars.map((feature) => candidates(feature, scalars, rule, rows));
  for (let size = 0; size <= Math.min(3, scalars.length); size++)
    yield* combinations(scalars, pools, size, 0);
}

function* combinations(
  features: readonly Feature[],
  pools: readonly (readonly unknown[])[],
  size: number,
  from: number,
): Generator<Record<string, unknown>> {
  if (size === 0) yield {};
  else
    for (let at = from; at <= features.length - size; at++)
      for (const rest of combinations(features, pools, size - 1, at + 1))
        for (const value of pools[at]!) yield { [features[at]!.name]: value, ...rest };
}

function candidates(
  feature: Feature,
  named: readonly Feature[],
  rule: Rule,
  rows: readonly Record<string, unknown>[],
): unknown[] {
  if (feature.type === "boolean") return [true, false];
  const kin = named.filter((other) => (other.type === "string") === (feature.type === "string"));
  const seen = kin.flatMap((other) => rows.map((row) => row[other.name]));
  const listed = kin.flatMap((other) => other.values ?? []);
  const pool =
    feature.type === "string"
      ? [...texts(rule), ...listed, ...seen]
      : [...numbers(feature, rule), ...listed.map(Number), ...seen];
  const fitting = [...new Set(pool)].filter(
    (value) => value !== undefined && value !== null && keepsLimits(feature, value),
  );
  return fitting.slice(0, mostCandidates);
}

function numbers(feature: Feature, rule: Rule): number[] {
  const written = [...rule.assert.matchAll(/\d+(?:\.\d+)?/g)].map(([text]) => Number(text));
  const ends = [...(feature.range ?? []), ...(feature.expected ?? [])].filter((end) => end !== null);
  const values = [
    ...written.flatMap((number) => [number, number + 1, number - 1, -number]),
    ...ends,
    0,
    1,
    -1,
  ];
  return feature.type.startsWith("int") ? values.filter(Number.isInteger) : values;
}

function texts(rule: Rule): string[] {
  return [...rule.assert.matchAll(/"([^"\\]*)"|'([^'\\]*)'/g)].map(
    ([, double, single]) => double ?? single ?? "",
  );
}
