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

/** Violations while they are collected: data, so that a call makes no closures. */
export interface Report {
  readonly accepted: Uint8Array;
  readonly rejections: Violation[];
  readonly warnings: Violation[];
  readonly counts: { rejections: number; warnings: number };
  readonly rowNumbers: ArrayLike<number> | undefined;
}

/** An empty report about `rows` rows; `rowNumbers` gives the numbers by which callers know them. */
export function createReport(rows: number, rowNumbers?: ArrayLike<number>): Report {
  return {
    accepted: new Uint8Array(rows).fill(1),
    rejections: [],
    warnings: [],
    counts: { rejections: 0, warnings: 0 },
    rowNumbers,
  };
}

/** Notes that a row breaks a hard clause. */
export function rejectRow(
  report: Report,
  index: number,
  describe: Describe,
  value: unknown,
  element = -1,
): void {
  const { accepted, rejections, counts, rowNumbers } = report;
  counts.rejections++;
  if (accepted[index] === 1 || rejections.length < keptViolations)
    rejections.push(describe(rowNumbers?.[index] ?? index, value, element));
  accepted[index] = 0;
}

/** Notes that a row strains a soft clause. */
export function warnRow(
  report: Report,
  index: number,
  describe: Describe,
  value: unknown,
  element = -1,
): void {
  const { warnings, counts, rowNumbers } = report;
  counts.warnings++;
  if (warnings.length < keptViolations) warnings.push(describe(rowNumbers?.[index] ?? index, value, element));
}

/** What was found, by row. */
export function finishReport({ accepted, rejections, warnings, counts }: Report): Validation {
  return { accepted, rejections: byRow(rejections), warnings: byRow(warnings), counts };
}

function byRow(violations: Violation[]): Violation[] {
  return violations.length < 2 ? violations : violations.sort((a, b) => a.row - b.row);
}
