import type { Violation } from "../violation.ts";

/** What validation says about the rows of one table. */
export interface Validation {
  /** 1 where the row breaks no hard clause. */
  readonly accepted: Uint8Array;
  /** By row, then in the order of the contract. At least the first of each rejected row, then up to the cap. */
  readonly rejections: readonly Violation[];
  /** By row, up to the cap. */
  readonly warnings: readonly Violation[];
  /** All that were found, kept or not. */
  readonly counts: { readonly rejections: number; readonly warnings: number };
}

/** Makes the words for one violation; called only for those that are kept. `element` is -1 for a scalar. */
export type Describe = (row: number, value: unknown, element: number) => Violation;

/** Violations kept in one call, beside the first of each rejected row. */
export const keptViolations = 1000;

/** Collects violations while columns are walked. */
export interface Report {
  reject(index: number, describe: Describe, value: unknown, element?: number): void;
  warn(index: number, describe: Describe, value: unknown, element?: number): void;
  finish(): Validation;
}

/** A report about `rows` rows; `rowNumbers` gives the numbers by which callers know them. */
export function createReport(rows: number, rowNumbers?: ArrayLike<number>): Report {
  const accepted = new Uint8Array(rows).fill(1);
  const rejections: Violation[] = [];
  const warnings: Violation[] = [];
  const counts = { rejections: 0, warnings: 0 };
  const rowAt = (index: number) => rowNumbers?.[index] ?? index;
  return {
    reject(index, describe, value, element = -1) {
      counts.rejections++;
      if (accepted[index] === 1 || rejections.length < keptViolations)
        rejections.push(describe(rowAt(index), value, element));
      accepted[index] = 0;
    },
    warn(index, describe, value, element = -1) {
      counts.warnings++;
      if (warnings.length < keptViolations) warnings.push(describe(rowAt(index), value, element));
    },
    finish: () => ({ accepted, rejections: byRow(rejections), warnings: byRow(warnings), counts }),
  };
}

function byRow(violations: Violation[]): Violation[] {
  return violations.length < 2 ? violations : violations.sort((a, b) => a.row - b.row);
}
