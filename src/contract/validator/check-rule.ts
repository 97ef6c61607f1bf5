import { BatonError } from "../../kernel/index.ts";
import type { Contract, ElementType, Feature, Rule } from "../contract.ts";
import { compileExpression, EvaluationProblem, type ExpressionType } from "../expressions/expression.ts";
import type { Column, Table } from "../table.ts";
import { shownValue, type Violation, type ViolationCode, withheld } from "../violation.ts";
import { type Report, rejectRow, warnRow } from "./report.ts";

/** Judges every row of a table by one rule. */
export type RuleCheck = (table: Table, report: Report) => void;

const expressionTypes: Record<ElementType, ExpressionType> = {
  float32: "double",
  float64: "double",
  int32: "int",
  int64: "int",
  string: "string",
  boolean: "bool",
};

/** Names and types that a rule may use: the scalar features. */
export function ruleVariables(features: readonly Feature[]): Record<string, ExpressionType> {
  return Object.fromEntries(
    features
      .filter((feature) => feature.shape.length === 0)
      .map((feature) => [feature.name, expressionTypes[feature.type]]),
  );
}

/**
 * Compiles one rule. A missing value goes to `when-missing`; an expression that has no value for other reasons
 * (a division by zero, an overflow) has not been shown to hold and counts as broken.
 * @throws BatonError `configuration-invalid` where the expression does not compile
 */
export function compileRule(rule: Rule, contract: Contract): RuleCheck {
  const scope = { variables: ruleVariables(contract.features), returns: "bool" } as const;
  const expression = compileExpression(rule.assert, scope);
  if (!expression.ok)
    throw new BatonError("configuration-invalid", `Rule \`${rule.id}\`: ${expression.problem}.`, {
      next: "Run `baton check` and mend the expression it points at.",
    });
  const { names, evaluate } = expression;
  const words = wordsForRule(rule, names, contract);
  const values: Record<string, unknown> = Object.create(null);
  const holds = (): string | undefined => {
    try {
      return evaluate(values) === true ? undefined : "";
    } catch (thrown) {
      return thrown instanceof EvaluationProblem ? thrown.message : "it has no value.";
    }
  };
  return (table, report) => {
    const columns = names.map((name) => table.columns.get(name));
    const readers = columns.map(readerOf);
    for (let row = 0; row < table.rows; row++) {
      const absent = readRow(readers, names, row, values);
      if (absent !== undefined) {
        if (rule.whenMissing === "skip") continue;
        const describe = (at: number) => words.notEvaluable(at, absent);
        if (rule.whenMissing === "reject") rejectRow(report, row, describe, undefined);
        else warnRow(report, row, describe, undefined);
        continue;
      }
      const problem = holds();
      if (problem === undefined) continue;
      const describe = (at: number) => words.broken(at, values, problem);
      if (rule.otherwise === "reject") rejectRow(report, row, describe, undefined);
      else warnRow(report, row, describe, undefined);
    }
  };
}

type Reader = (row: number) => unknown;

function readerOf(column: Column | undefined): Reader {
  if (!column) return () => undefined;
  const { values, missing, type } = column;
  if (type === "float32" || type === "float64")
    return (row) => (Number.isNaN(values[row]) ? undefined : values[row]);
  return (row) => (missing?.[row] === 1 ? undefined : values[row]);
}

/** Fills `values` for one row; gives the first name that is missing. */
function readRow(
  readers: readonly Reader[],
  names: readonly string[],
  row: number,
  values: Record<string, unknown>,
): string | undefined {
  for (let i = 0; i < readers.length; i++) {
    const value = (readers[i] as Reader)(row);
    if (value === undefined) return names[i];
    values[names[i] as string] = value;
  }
  return undefined;
}

function wordsForRule(rule: Rule, names: readonly string[], contract: Contract) {
  const clause = `rules.${rule.id}`;
  const hidden = new Set(contract.features.filter((f) => f.sensitive).map((f) => f.name));
  const booleans = new Set(contract.features.filter((f) => f.type === "boolean").map((f) => f.name));
  const show = (name: string, value: unknown) =>
    hidden.has(name) ? withheld : shownValue(booleans.has(name) ? value === 1 : value);
  const violation = (row: number, code: ViolationCode, received: string, message: string): Violation => ({
    row,
    clause,
    code,
    path: `records[${row}]`,
    expected: rule.assert,
    received,
    message,
  });
  return {
    broken(row: number, values: Readonly<Record<string, unknown>>, problem: string): Violation {
      const received = names.map((name) => `${name} = ${show(name, values[name])}`).join(", ");
      const told =
        problem && !names.some((name) => hidden.has(name)) ? ` It has no value here: ${problem}` : "";
      const message = `Rule ${rule.id} does not hold: ${rule.text ?? rule.assert}${told}`;
      return violation(row, "input.rule", received, message);
    },
    notEvaluable(row: number, absent: string): Violation {
      const message = `Rule ${rule.id} cannot be judged: ${absent} is missing.`;
      return violation(row, "input.rule-not-evaluable", `${absent} is missing`, message);
    },
  };
}
