import {
  type Contract,
  compileExpression,
  type ExpressionResult,
  featureScope,
  type Rule,
} from "../../contract/index.ts";
import { evaluated } from "../rows/row-expression.ts";

/** A rule with its expression. */
export interface CompiledRule {
  readonly rule: Rule;
  readonly expression: ExpressionResult;
}

/** All rules of a contract, compiled once. */
export function compileRules(contract: Contract): CompiledRule[] {
  const scope = featureScope(contract);
  return contract.rules.map((rule) => ({
    rule,
    expression: compileExpression(rule.assert, scope),
  }));
}

/** True when the record has all that the rule names, and the rule is false for it. */
export function breaksRule({ expression }: CompiledRule, record: Readonly<Record<string, unknown>>): boolean {
  if (!expression.ok || lacks(expression.names, record)) return false;
  const result = evaluated(() => expression.evaluate(record));
  return result.known && result.value === false;
}

/** Clauses of the rules that reject a record, for what it says or for what it lacks. */
export function rejectingRules(
  rules: readonly CompiledRule[],
  record: Readonly<Record<string, unknown>>,
): string[] {
  return rules
    .filter((one) => {
      const { rule, expression } = one;
      if (rule.otherwise === "reject" && breaksRule(one, record)) return true;
      return rule.whenMissing === "reject" && expression.ok && lacks(expression.names, record);
    })
    .map(({ rule }) => `rules.${rule.id}`);
}

function lacks(names: readonly string[], record: Readonly<Record<string, unknown>>): boolean {
  return names.some((name) => record[name] === undefined || record[name] === null);
}
