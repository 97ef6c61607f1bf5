import { BatonError } from "../../kernel/index.ts";
import type { Contract, Feature, Output } from "../contract.ts";
import { type Column, elementsPerRow, type Table } from "../table.ts";
import { compileColumn } from "./check-column.ts";
import { compileRule } from "./check-rule.ts";
import type { ColumnClause } from "./column-words.ts";
import { createReport, finishReport, type Validation } from "./report.ts";

/** Judges whole tables, column by column. */
export interface Validator {
  /**
   * `rowNumbers[i]` is the number under which callers know row `i`, where the table holds only some of their rows.
   * @throws BatonError `input-invalid` where a column has another type, shape or length than the contract says
   */
  validate(table: Table, rowNumbers?: ArrayLike<number>): Validation;
}

/**
 * Compiles what the contract demands of inputs: missing values, ranges, categories, finite numbers and rules.
 * @throws BatonError `configuration-invalid` where a rule does not compile
 */
export function compileValidator(contract: Contract): Validator {
  const columns = contract.features.map((feature) => clauseOfFeature(feature));
  const checks = columns.map((clause) => ({ clause, check: compileColumn(clause) }));
  const rules = contract.rules.map((rule) => compileRule(rule, contract));
  return {
    validate(table, rowNumbers) {
      const report = createReport(table.rows, rowNumbers);
      for (const { clause, check } of checks) check(columnOf(table, clause), table.rows, report);
      for (const rule of rules) rule(table, report);
      return finishReport(report);
    },
  };
}

/** Compiles what the contract demands of outputs: finite numbers within their range. */
export function compileOutputValidator(contract: Contract): Validator {
  const columns = contract.outputs.map((output) => clauseOfOutput(output));
  const checks = columns.map((clause) => ({ clause, check: compileColumn(clause) }));
  return {
    validate(table, rowNumbers) {
      const report = createReport(table.rows, rowNumbers);
      for (const { clause, check } of checks) check(columnOf(table, clause), table.rows, report);
      return finishReport(report);
    },
  };
}

function columnOf(table: Table, clause: ColumnClause): Column | undefined {
  const column = table.columns.get(clause.name);
  if (!column) return undefined;
  const fits =
    column.type === clause.type &&
    column.shape.length === clause.shape.length &&
    column.shape.every((size, axis) => clause.shape[axis] === -1 || clause.shape[axis] === size) &&
    column.values.length === table.rows * elementsPerRow(column.shape);
  if (fits) return column;
  throw new BatonError(
    "input-invalid",
    `Column \`${clause.name}\` holds ${column.values.length} values of ${column.type} [${column.shape}] for ${table.rows} rows; the contract says ${clause.type} [${clause.shape}].`,
    { next: "Give the column the type and shape of the contract." },
  );
}

function clauseOfFeature(feature: Feature): ColumnClause {
  return { side: "input", ...feature, missing: missingOf(feature) };
}

function missingOf(feature: Feature): ColumnClause["missing"] {
  if (feature.missing === "reject") return "reject";
  const float = feature.type === "float32" || feature.type === "float64";
  return float || feature.missingAs !== undefined ? "substituted" : "no-substitute";
}

function clauseOfOutput(output: Output): ColumnClause {
  return { side: "output", ...output, unknown: "reject", missing: "reject", sensitive: false };
}
