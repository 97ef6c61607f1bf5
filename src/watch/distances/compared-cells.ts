import type { CategoricalCells, NumericCells } from "../../profile/index.ts";

/** Counts of cells: whole numbers, or decayed ones. */
export type Counts = ArrayLike<number>;

/** So many counters, the last, say how good values are, not what they are: missing and not-a-number, or other and missing. */
export const qualityCells = 2;

/** So many of them stand for rows that have no value at all. */
export function absentCells({ kind }: NumericCells | CategoricalCells): number {
  return kind === "numeric" ? 2 : 1;
}

/** Which counters of a column a comparison looks at. */
export interface ComparedCells {
  /** Cells that hold reference rows: neighbours beside each other for numbers, the rarest first for categories. */
  readonly held: readonly number[];
  /** Cells that are empty in the reference: judged by a rate test of their own. */
  readonly empty: readonly number[];
  /** How many counters, from the first, stand for numbers in ascending order; 0 for categories. */
  readonly ordered: number;
}

/** Sorts a column's counters by how they are compared. */
export function comparedCells(cells: NumericCells | CategoricalCells, reference: Counts): ComparedCells {
  const held: number[] = [];
  const empty: number[] = [];
  for (let cell = 0; cell < reference.length; cell++) (reference[cell]! > 0 ? held : empty).push(cell);
  if (cells.kind === "numeric") return { held, empty, ordered: cells.starts.length + 1 };
  held.sort((a, b) => reference[a]! - reference[b]! || a - b);
  return { held, empty, ordered: 0 };
}

/** Sum of the counts of some cells. */
export function totalOf(counts: Counts, cells: readonly number[]): number {
  let total = 0;
  for (let i = 0; i < cells.length; i++) total += counts[cells[i]!]!;
  return total;
}

/** Sum of the first counts. */
export function totalOfFirst(counts: Counts, size: number): number {
  let total = 0;
  for (let cell = 0; cell < size; cell++) total += counts[cell]!;
  return total;
}
