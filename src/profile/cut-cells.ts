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

/** Most cells that a cutter makes: a rank starts one, an atom (fewer than `quantiles` can be) starts one and ends one. */
export function mostCells(quantiles: number): number {
  return 3 * quantiles + 1;
}

/**
 * Cells for `total` values. A cell starts at each value of 0-based rank ⌊kN/B⌋, for k from 0 to B−1, and around each
 * value that holds more than N/B of the rows. The value after an atom starts no second cell: the one that begins
 * where the atom's ends holds it. Between two atoms there may be a cell that is empty in the reference.
 */
export function cellCutter(total: number, quantiles: number, type: ElementType): CellCutter {
  const starts: number[] = [];
  const half = Math.floor(total / 2);
  let before = 0;
  let ranks = 0;
  // The smallest rank ⌊kN/B⌋ that no value has reached yet.
  let wanted = 0;
  let last = 0;
  let middle = 0;
  let afterAtom = false;

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
      const end = starts.at(-1);
      if (atom || (ranked && !afterAtom) || end === undefined) begin(value);
      afterAtom = atom;
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
