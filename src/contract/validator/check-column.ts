import type { Range } from "../contract.ts";
import { type Column, elementsPerRow } from "../table.ts";
import { type ColumnClause, type ColumnWords, wordsFor } from "./column-words.ts";
import type { Report } from "./report.ts";

/** Walks one column once; `undefined` means that the table does not have it: every value is missing. */
export type ColumnCheck = (column: Column | undefined, rows: number, report: Report) => void;

/** The loop for one clause, specialised by its type: names and bounds are captured, never written into code. */
export function compileColumn(clause: ColumnClause): ColumnCheck {
  const words = wordsFor(clause);
  const missingBreaks = clause.missing !== "substituted";
  const check = valueLoop(clause, words, missingBreaks);
  return (column, rows, report) => {
    if (column) return check(column, elementsPerRow(column.shape), report);
    if (missingBreaks) for (let row = 0; row < rows; row++) report.reject(row, words.missing, undefined);
  };
}

type ValueLoop = (column: Column, perRow: number, report: Report) => void;

function valueLoop(clause: ColumnClause, words: ColumnWords, missingBreaks: boolean): ValueLoop {
  switch (clause.type) {
    case "float32":
    case "float64":
      return floatLoop(clause, words, missingBreaks);
    case "int32":
      return discreteLoop(clause, words, missingBreaks, integerVerdict(clause, Number));
    case "int64":
      return discreteLoop(clause, words, missingBreaks, integerVerdict(clause, BigInt));
    case "string":
      return discreteLoop(clause, words, missingBreaks, listVerdict(clause, (text) => text));
    case "boolean":
      return discreteLoop(clause, words, missingBreaks, listVerdict(clause, booleanOf));
  }
}

/**
 * Most values stand between both bounds: two comparisons pass them, and only the others, NaN and infinities
 * among them, are looked at closely. Bounds of a float32 are rounded as its values were.
 */
function floatLoop(clause: ColumnClause, words: ColumnWords, missingBreaks: boolean): ValueLoop {
  const round = clause.type === "float32" ? Math.fround : (bound: number) => bound;
  const [low, high] = boundsOf(clause.range, round);
  const [softLow, softHigh] = boundsOf(clause.expected, round);
  const quietLow = Math.max(low, softLow, -Number.MAX_VALUE);
  const quietHigh = Math.min(high, softHigh, Number.MAX_VALUE);
  const listed = clause.values && new Set(clause.values.map((value) => round(Number(value))));
  const rejectsUnlisted = clause.unknown === "reject";
  return (column, perRow, report) => {
    const values = column.values as Float32Array | Float64Array;
    const scalar = column.shape.length === 0;
    let lastRejected = -1;
    let lastWarned = -1;
    for (let i = 0; i < values.length; i++) {
      const value = values[i] as number;
      if (value >= quietLow && value <= quietHigh && (listed === undefined || listed.has(value))) continue;
      const row = scalar ? i : Math.floor(i / perRow);
      const element = scalar ? -1 : i - row * perRow;
      if (Number.isNaN(value)) {
        if (!missingBreaks || row === lastRejected) continue;
        lastRejected = row;
        report.reject(row, words.missing, undefined, element);
      } else if (!(Math.abs(value) <= Number.MAX_VALUE) || value < low || value > high) {
        if (row === lastRejected) continue;
        lastRejected = row;
        const infinite = Math.abs(value) > Number.MAX_VALUE;
        report.reject(row, infinite ? words.notFinite : words.range, value, element);
      } else if (listed && rejectsUnlisted && !listed.has(value)) {
        if (row === lastRejected) continue;
        lastRejected = row;
        report.reject(row, words.category, value, element);
      } else if (row !== lastWarned) {
        lastWarned = row;
        const unlisted = listed !== undefined && !listed.has(value);
        report.warn(row, unlisted ? words.category : words.outsideExpected, value, element);
      }
    }
  };
}
