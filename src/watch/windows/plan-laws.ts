import { type ColumnCells, type ColumnCounters, type Count, unitCap, unitsOf } from "../../profile/index.ts";
import type { ObservationPlan } from "../observe/observation-plan.ts";
import type { WindowCounts } from "../observe/window-counts.ts";

/** Codes that one clause may reject rows by; there are fewer, and a later version may have some more. */
const mostCodes = 32;
const violationCode = /^[a-z]+\.[a-z-]{1,40}$/;

/** Says how a window that was counted on a plan's cells contradicts the plan; undefined where it does not. */
export function contradictsPlan(plan: ObservationPlan): (window: WindowCounts) => string | undefined {
  const rejecting = new Set(plan.clauses);
  const expected = new Set(plan.expected.map(({ name }) => name));
  const features = plan.features.columns.map(sumLimits);
  const outputs = plan.outputs.columns.map(sumLimits);
  const unanswered = plan.outputs.columns.map(missingCell);
  const rejects = (reason: string) => {
    const at = reason.lastIndexOf(" ");
    return rejecting.has(reason.slice(0, at)) && violationCode.test(reason.slice(at + 1));
  };
  return (window) => {
    const reasons = Object.keys(window.rejected);
    if (!reasons.every(rejects) || reasons.length > mostCodes * rejecting.size)
      return "rows were rejected by clauses that the contract does not have";
    if (!Object.keys(window.outside).every((name) => expected.has(name)))
      return "rows are outside what no feature of the contract expects";
    const silent = window.rows - window.answered;
    if (!window.outputs.columns.every(({ counts }, at) => Number(counts[unanswered[at]!]) >= silent))
      return "there are outputs of rows that were not answered";
    if (!withinAll(features, window.features.columns) || !withinAll(outputs, window.outputs.columns))
      return "sums of values are not what the cells can hold";
    return undefined;
  };
}

/** Missing stands last in cells of categories; behind it, in those of numbers, stands a counter that is always zero. */
function missingCell(cells: ColumnCells): number {
  return cells.kind === "numeric" ? cells.starts.length + 1 : cells.values.length + 1;
}

/** Smallest and largest value of each cell, in units; undefined for columns without sums. */
interface SumLimits {
  readonly low: Float64Array;
  readonly high: Float64Array;
}

function sumLimits(cells: ColumnCells): SumLimits | undefined {
  if (cells.kind !== "numeric") return undefined;
  const edges = cells.starts.map((start) => unitsOf(start, cells.unit));
  return {
    low: Float64Array.of(-unitCap, ...edges, 0, 0),
    high: Float64Array.of(...edges, unitCap, 0, 0),
  };
}

function withinAll(limits: readonly (SumLimits | undefined)[], columns: readonly ColumnCounters[]): boolean {
  for (let at = 0; at < columns.length; at++) {
    const [limit, { counts, sums }] = [limits[at], columns[at]!];
    if (limit && sums && !within(limit, counts, sums)) return false;
  }
  return true;
}

/** So many values of a cell, each between its ends, add up to what lies between as many times its ends. */
function within({ low, high }: SumLimits, counts: readonly Count[], sums: readonly Count[]): boolean {
  for (let cell = 0; cell < counts.length; cell++) {
    const [sum, count] = [sums[cell]!, counts[cell]!];
    const least = (count as number) * low[cell]!;
    const most = (count as number) * high[cell]!;
    const near = typeof sum === "number" && Number.isSafeInteger(least) && Number.isSafeInteger(most);
    if (near ? sum < least || sum > most : !withinExactly(sum, count, [low[cell]!, high[cell]!]))
      return false;
  }
  return true;
}

function withinExactly(sum: Count, count: Count, [low, high]: readonly [number, number]): boolean {
  const exact = BigInt(sum);
  return exact >= BigInt(count) * BigInt(low) && exact <= BigInt(count) * BigInt(high);
}
