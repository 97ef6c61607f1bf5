import { type Column, elementsPerRow } from "../table.ts";
import type { ColumnClause } from "./column-words.ts";
import {
  type Breach,
  bigintJudge,
  type Judge,
  listJudge,
  type NumberJudge,
  numberJudge,
} from "./judge-value.ts";
import type { Report } from "./report.ts";

/** Walks one column once; `undefined` means that the table does not have it: every value is missing. */
export type ColumnCheck = (column: Column | undefined, rows: number, report: Report) => void;

/** The loop for one clause, specialised by its type: names and bounds are captured, never written into code. */
export function compileColumn(clause: ColumnClause): ColumnCheck {
  switch (clause.type) {
    case "float32":
    case "float64":
    case "int32":
      return numberLoop(numberJudge(clause));
    case "int64":
      return judgedLoop(bigintJudge(clause));
    case "string":
      return judgedLoop(listJudge(clause, (text) => text));
    case "boolean":
      return judgedLoop(listJudge(clause, (text) => (text === "true" || text === "1" ? 1 : 0)));
  }
}

function numberLoop(judge: NumberJudge): ColumnCheck {
  const [low, high] = judge.quiet;
  return (column, rows, report) => {
    if (!column) return everyRow(rows, judge.missing, report);
    const values = column.values as ArrayLike<number>;
    const { missing } = column;
    const settle = settler(column, report);
    for (let i = 0; i < values.length; i++) {
      const value = values[i] as number;
      if (value >= low && value <= high && missing === undefined) continue;
      const breach = missing && isMissing(missing, column, i) ? judge.missing : judge.judge(value);
      if (breach) settle(i, breach, breach === judge.missing ? undefined : value);
    }
  };
}

function judgedLoop<Value>({ judge, missing: whenMissing }: Judge<Value>): ColumnCheck {
  return (column, rows, report) => {
    if (!column) return everyRow(rows, whenMissing, report);
    const values = column.values as unknown as ArrayLike<Value>;
    const { missing } = column;
    if (!judge && (!missing || !whenMissing)) return;
    const settle = settler(column, report);
    for (let i = 0; i < values.length; i++) {
      const absent = missing !== undefined && isMissing(missing, column, i);
      const breach = absent ? whenMissing : judge?.(values[i] as Value);
      if (breach) settle(i, breach, absent ? undefined : values[i]);
    }
  };
}

function everyRow(rows: number, breach: Breach | undefined, report: Report): void {
  if (breach) for (let row = 0; row < rows; row++) report.reject(row, breach.describe, undefined);
}

function isMissing(missing: Uint8Array, column: Column, index: number): boolean {
  const row = column.shape.length === 0 ? index : Math.floor(index / elementsPerRow(column.shape));
  return missing[row] === 1;
}

/** Reports a breach, the first hard and the first soft one of each row: a list of a thousand wrong numbers is one fault. */
function settler(column: Column, report: Report): (index: number, breach: Breach, value: unknown) => void {
  const scalar = column.shape.length === 0;
  const perRow = elementsPerRow(column.shape);
  let lastHard = -1;
  let lastSoft = -1;
  return (index, breach, value) => {
    const row = scalar ? index : Math.floor(index / perRow);
    if (row === (breach.hard ? lastHard : lastSoft)) return;
    if (breach.hard) lastHard = row;
    else lastSoft = row;
    const whole = scalar || column.missing?.[row] === 1;
    const element = whole ? -1 : index - row * perRow;
    if (breach.hard) report.reject(row, breach.describe, value, element);
    else report.warn(row, breach.describe, value, element);
  };
}
