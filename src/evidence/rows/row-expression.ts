import {
  type Column,
  type Contract,
  compileExpression,
  EvaluationProblem,
  type ExpressionType,
  featureScope,
  type Table,
} from "../../contract/index.ts";
import { isMissing } from "./table-rows.ts";

/** Value of an expression for one row; `unknown` where a named value is missing or the expression has none. */
export type RowValue =
  | { readonly known: true; readonly value: unknown }
  | { readonly known: false; readonly why: "missing" | "not-evaluable" };

/** A CEL expression over the features of a row. */
export interface RowExpression {
  readonly ok: true;
  readonly names: readonly string[];
  at(table: Table, row: number): RowValue;
}

/** Compiles an expression over features. */
export function compileRowExpression(
  contract: Contract,
  source: string,
  returns: ExpressionType,
): RowExpression | { readonly ok: false; readonly problem: string } {
  const compiled = compileExpression(source, featureScope(contract, returns));
  if (!compiled.ok) return compiled;
  const { names } = compiled;
  return {
    ok: true,
    names,
    at(table, row) {
      const values: Record<string, unknown> = {};
      for (const name of names) {
        const column = table.columns.get(name);
        if (isMissing(column, row)) return { known: false, why: "missing" };
        values[name] = (column as Column).values[row];
      }
      return evaluated(() => compiled.evaluate(values));
    },
  };
}

/** The value of an evaluation, or that it has none; other errors pass. */
export function evaluated(evaluate: () => unknown): RowValue {
  try {
    return { known: true, value: evaluate() };
  } catch (thrown) {
    if (thrown instanceof EvaluationProblem) return { known: false, why: "not-evaluable" };
    throw thrown;
  }
}

/** Rows for which a condition holds, and those for which it cannot be told. */
export function rowsWhere(expression: RowExpression, table: Table): { holds: Uint8Array; unknown: number } {
  const holds = new Uint8Array(table.rows);
  let unknown = 0;
  for (let row = 0; row < table.rows; row++) {
    const result = expression.at(table, row);
    if (!result.known) unknown++;
    else if (result.value === true) holds[row] = 1;
  }
  return { holds, unknown };
}
