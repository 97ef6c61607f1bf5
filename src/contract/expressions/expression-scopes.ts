import type { Contract, ElementType } from "../contract.ts";
import { errorDefinitions } from "./error-definitions.ts";
import type { ExpressionScope, ExpressionType } from "./expression.ts";
import { metricsOf, watchDefinitions } from "./metric-definitions.ts";

/** The type that values of an element type have in expressions. */
export function expressionType(type: ElementType): ExpressionType {
  if (type === "string") return "string";
  if (type === "boolean") return "bool";
  return type === "int32" || type === "int64" ? "int" : "double";
}

type Variables = Record<string, ExpressionType>;

/** Scalar features by name: rules, `where`, and the new values of behaviours. */
export function featureScope(contract: Contract, returns: ExpressionType = "bool"): ExpressionScope {
  return { variables: scalars(contract.features), returns };
}

/** Metrics of the task, and each of the previous version as `previous.<metric>`: gates. */
export function gateScope(contract: Contract): ExpressionScope {
  const metrics = metricsOf(contract.model.task).map(({ name, type }) => [name, type] as const);
  return { variables: { ...prefixed("", metrics), ...prefixed("previous.", metrics) }, returns: "bool" };
}

/** Scalar outputs as `before.<output>` and `after.<output>`: what behaviours expect. */
export function behaviourScope(contract: Contract): ExpressionScope {
  const outputs = Object.entries(scalars(contract.outputs));
  return { variables: { ...prefixed("before.", outputs), ...prefixed("after.", outputs) }, returns: "bool" };
}

/** `mature.<metric>`, `estimated.<metric>` and what the watch measures: retrain triggers. */
export function triggerScope(contract: Contract): ExpressionScope {
  const metrics = metricsOf(contract.model.task).map(({ name, type }) => [name, type] as const);
  const watched = watchDefinitions.map(({ name, type }) => [name, type] as const);
  return {
    variables: {
      ...prefixed("mature.", metrics),
      ...prefixed("estimated.", metrics),
      ...prefixed("", watched),
    },
    returns: "bool",
  };
}

/** `group.class`, `group.rate` and what else is known of a group of errors: rules on errors. */
export function errorScope(): ExpressionScope {
  return {
    variables: prefixed(
      "",
      errorDefinitions.map(({ name, type }) => [name, type] as const),
    ),
    returns: "bool",
  };
}

function scalars(
  named: readonly { readonly name: string; readonly type: ElementType; readonly shape: readonly number[] }[],
): Variables {
  const one = named.filter(({ shape }) => isScalar(shape));
  return prefixed(
    "",
    one.map(({ name, type }) => [name, expressionType(type)] as const),
  );
}

/** True for one value a row. */
export function isScalar(shape: readonly number[]): boolean {
  return shape.length === 0;
}

function prefixed(prefix: string, entries: readonly (readonly [string, ExpressionType])[]): Variables {
  return Object.fromEntries(entries.map(([name, type]) => [prefix + name, type]));
}
