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
import { type Report, rejectRow, warnRow } from "./report.ts";

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
    let told: Told | undefined;
    for (let i = 0; i < values.length; i++) {
      const value = values[i] as number;
      if (value >= low && value <= high && missing === undefined) continue;
      const absent = missing !== undefined && missing[rowOf(column, i)] === 1;
      const breach = absent ? judge.missing : judge.judge(value);
      if (!breach) continue;
      told ??= { hard: -1, soft: -1 };
      tell(report, column, told, i, breach, breach === judge.missing ? undefined : value);
    }
  };
}

function judgedLoop<Value>({ judge, missing: whenMissing }: Judge<Value>): ColumnCheck {
  return (column, rows, report) => {
    if (!column) return everyRow(rows, whenMissing, report);
    const values = column.values as unknown as ArrayLike<Value>;
    const { missing } = column;
    if (!judge && (!missing || !whenMissing)) return;
    let told: Told | undefined;
    for (let i = 0; i < values.length; i++) {
      const absent = missing !== undefined && missing[rowOf(column, i)] === 1;
      const breach = absent ? whenMissing : judge?.(values[i] as Value);
      if (!breach) continue;
      told ??= { hard: -1, soft: -1 };
      tell(report, column, told, i, breach, absent ? undefined : values[i]);
    }
  };
}

function everyRow(rows: number, breach: Breach | undefined, report: Report): void {
  if (breach) for (let row = 0; row < rows; row++) rejectRow(report, row, breach.describe, undefined);
}

function rowOf({ shape }: Column, index: number): number {
  return shape.length === 0 ? index : Math.floor(index / elementsPerRow(shape));
}

/** Last row of which a hard and a soft breach were told. */
interface Told {
  hard: number;
  soft: number;
}

/** Tells the first hard and the first soft breach of each row: a list of a thousand wrong numbers is one fault. */
function tell(
  report: Report,
  column: Column,
  told: Told,
  index: number,
  breach: Breach,
  value: unknown,
): void {
  const row = rowOf(column, index);
  if (row === (breach.hard ? told.hard : told.soft)) return;
  const whole = column.shape.length === 0 || column.missing?.[row] === 1;
  const element = whole ? -1 : index - row * elementsPerRow(column.shape);
  if (breach.hard) {
    told.hard = row;
    rejectRow(report, row, breach.describe, value, element);
  } else {
    told.soft = row;
    warnRow(report, row, breach.describe, value, element);
  }
}
