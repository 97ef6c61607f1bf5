import type { Contract } from "../contract.ts";
import { compileExpression, type ExpressionScope } from "../expressions/expression.ts";
import {
  behaviourScope,
  errorScope,
  expressionType,
  featureScope,
  gateScope,
  triggerScope,
} from "../expressions/expression-scopes.ts";
import type { Note } from "./check-list.ts";

/** Type-checks every expression against the names that are there where it is evaluated. */
export function checkExpressions(contract: Contract, note: Note): void {
  const features = featureScope(contract);
  const check = checker(note);
  for (const [index, rule] of contract.rules.entries())
    check(`rules[${index}].assert`, `rules.${rule.id}`, rule.assert, features);
  for (const [index, gate] of contract.gates.entries()) {
    const clause = `gates.${gate.id}`;
    const path = `gates[${index}]`;
    const names = check(`${path}.assert`, clause, gate.assert, gateScope(contract));
    if (gate.where !== undefined) check(`${path}.where`, clause, gate.where, features);
    if (names && gate.confidence !== undefined && !names.some((name) => name.startsWith("previous.")))
      note("contract.confidence-unused", `${path}.confidence`, {
        clause,
        message: `\`${gate.id}\` has a confidence and no \`previous.\` to compare with.`,
      });
  }
  checkBehaviours(contract, check);
  for (const [index, rule] of (contract.errors ?? []).entries())
    check(`errors[${index}].when`, `errors.${rule.id}`, rule.when, errorScope());
  for (const [index, trigger] of contract.retrain.entries())
    check(`retrain[${index}].when`, `retrain.${trigger.id}`, trigger.when, triggerScope(contract));
}

type Check = (
  path: string,
  clause: string,
  source: string,
  scope: ExpressionScope,
) => readonly string[] | undefined;

function checker(note: Note): Check {
  return (path, clause, source, scope) => {
    const compiled = compileExpression(source, scope);
    if (!compiled.ok) {
      note("contract.expression", path, {
        clause,
        message: `\`${shorten(source)}\` cannot be evaluated: ${compiled.problem}.`.replace(/\?\.$/, "?"),
        received: shorten(source),
      });
      return undefined;
    }
    if (compiled.names.length === 0 && scope.returns === "bool")
      note("contract.expression-constant", path, {
        clause,
        message: `\`${shorten(source)}\` names nothing: it is always the same.`,
      });
    return compiled.names;
  };
}

function checkBehaviours(contract: Contract, check: Check): void {
  for (const [index, behaviour] of contract.behaviours.entries()) {
    const clause = `behaviours.${behaviour.id}`;
    const path = `behaviours[${index}]`;
    check(`${path}.expect`, clause, behaviour.expect, behaviourScope(contract));
    if (behaviour.where !== undefined)
      check(`${path}.where`, clause, behaviour.where, featureScope(contract));
    for (const [name, source] of Object.entries(behaviour.set)) {
      const feature = contract.features.find((candidate) => candidate.name === name);
      // A name that is no feature is found among the names.
      if (feature)
        check(`${path}.set.${name}`, clause, source, featureScope(contract, expressionType(feature.type)));
    }
  }
}

function shorten(source: string): string {
  return source.length > 100 ? `${source.slice(0, 97)}…` : source;
}
