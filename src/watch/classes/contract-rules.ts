import {
  type CompiledExpression,
  type Contract,
  compileExpression,
  type ErrorRule,
  errorScope,
} from "../../contract/index.ts";
import { type ErrorGroup, taxonomyOf } from "./error-group.ts";

/**
 * Groups as the contract's `errors` want them: the first rule that holds gives class, owner, severity and action. The
 * fingerprint stays, so that a new rule gives no fault a new name.
 */
export function underContractRules(
  groups: readonly ErrorGroup[],
  { errors = [] }: Pick<Contract, "errors">,
): ErrorGroup[] {
  const rules = errors.flatMap((rule) => {
    const compiled = compileExpression(rule.when, errorScope());
    return compiled.ok ? [{ rule, compiled }] : [];
  });
  return groups.map((group) => {
    const found = rules.find(({ compiled }) => holds(compiled, group));
    return found ? changed(group, found.rule) : group;
  });
}

/** A rule that has no value for a group is not meant. */
function holds(compiled: CompiledExpression, group: ErrorGroup): boolean {
  try {
    return compiled.evaluate(valuesOf(group)) === true;
  } catch {
    return false;
  }
}

function valuesOf({ class: name, clause, code = "", owner, severity, rate, rows, windows }: ErrorGroup) {
  return {
    "group.class": name,
    "group.clause": clause,
    "group.code": code,
    "group.owner": owner,
    "group.severity": severity,
    "group.rate": rate,
    "group.rows": rows,
    "group.windows": windows,
  };
}

function changed(group: ErrorGroup, { id, class: name, owner, severity, action }: ErrorRule): ErrorGroup {
  return {
    ...group,
    class: name,
    taxonomy: taxonomyOf(group),
    rule: `errors.${id}`,
    ...(owner !== undefined && { owner }),
    ...(severity !== undefined && { severity }),
    ...(action !== undefined && { action }),
  };
}
