import type { ElementType } from "../contract/index.ts";
import { nextNumber } from "./cells.ts";

/** Cuts a column's values into cells while they pass by in ascending order. */
export interface CellCutter {
  /** Takes the next larger value with its count; says in which cell it is, counted from 1. */
  place(value: number, count: number): number;
  /** Where cells start, overflow last. Empty where no value passed. */
  starts(): number[];
  /** The value of 0-based rank ⌊N/2⌋. */
  median(): number;
}

/** Where cells are to start. */
export interface Cutting {
  readonly type: ElementType;
  readonly quantiles: number;
  /** Ascending: a cell starts at each that has values below it and at or above it. */
  readonly cuts: readonly number[];
}

/** Most cells that a cutter makes: a rank or a cut starts one, an atom (fewer than `quantiles` can be) starts one and ends one. */
export function mostCells({ quantiles, cuts }: Cutting): number {
  return 3 * quantiles + cuts.length + 1;
}

/**
 * Cells for `total` values. A cell starts at each value of 0-based rank ⌊kN/B⌋, for k from 0 to B−1, and around each
 * value that holds more than N/B of the rows. The value after an atom or a cut starts no second cell: the one that begins
 * there holds it. Between two atoms there may be a cell that is empty in the reference.
 */
export function cellCutter(total: number, { type, quantiles, cuts }: Cutting): CellCutter {
  const starts: number[] = [];
  const half = Math.floor(total / 2);
  let before = 0;
  let ranks = 0;
  // The smallest rank ⌊kN/B⌋ that no value has reached yet.
  let wanted = 0;
  let last = 0;
  let middle = 0;
  let begun = false;
  let nextCut = 0;

  const begin = (at: number) => {
    if (starts.at(-1) !== at) starts.push(at);
  };
  return {
    place(value, count) {
      const after = before + count;
      const ranked = wanted < after;
      while (wanted < after)
        wanted = ++ranks < quantiles ? Math.floor((ranks * total) / quantiles) : Number.POSITIVE_INFINITY;
      const atom = count * quantiles > total;
      const first = starts.length === 0;
      for (; nextCut < cuts.length && cuts[nextCut]! <= value; nextCut++) {
        if (first || cuts[nextCut]! <= starts.at(-1)!) continue;
        begin(cuts[nextCut]!);
        begun = true;
      }
      if (atom || (ranked && !begun) || first) begin(value);
      begun = atom;
      if (before <= half && half < after) middle = value;
      before = after;
      last = value;
      const cell = starts.length;
      if (atom) starts.push(nextNumber(type, value));
      return cell;
    },
    starts: () => {
      if (before === 0) return [];
      const end = nextNumber(type, last);
      return starts.at(-1) === end ? starts : [...starts, end];
    },
    median: () => middle,
  };
}
