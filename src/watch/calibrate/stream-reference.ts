import type { CellIndices, ColumnCells } from "../../profile/index.ts";
import { worthOfMix } from "../strata/matching-reference.ts";
import type { RowStrata } from "../strata/row-strata.ts";
import { strataColumn } from "../strata/strata-column.ts";
import { type RowCounts, rowCounts } from "./row-counts.ts";
import { strataCounts } from "./strata-counts.ts";
import type { Block, Cuts } from "./stream-blocks.ts";

/** The reference of a stream: what its decayed windows are compared with. */
export interface StreamReference {
  /** What the decayed windows are compared with, as counts, all columns side by side. */
  readonly matching: Float64Array;
  /** Adds it up from blocks. */
  begin(blocks: readonly Block[]): void;
  /** A new window begins. */
  beginWindow(): void;
  /** Rows of the window, and the block that they are of. */
  take(start: number, length: number, block: Block): void;
  /** The window is complete. */
  endWindow(): void;
}

/** Of more blocks than this one is too small a part of the reference to matter. */
const mostOwn = 64;

/**
 * Prepares one. Rows are compared with the reference without their own block: rows to come are in no reference, and where it
 * has few blocks, each looks more like a whole that it is part of than another one will.
 */
export function streamReference({
  cells,
  rows,
  strata,
  counts,
  cuts,
  keep,
}: {
  readonly cells: readonly ColumnCells[];
  readonly rows: readonly CellIndices[];
  /** What windows are compared within; the whole reference where absent. */
  readonly strata: RowStrata | undefined;
  readonly counts: RowCounts;
  /** Where blocks may begin and end. */
  readonly cuts: Cuts;
  /** Share of the decayed counters that stays from window to window. */
  readonly keep: number;
}): StreamReference {
  const number = (strata?.known.length ?? 0) + 1;
  const width = counts.offsets.at(-1)!;
  const stratified =
    number > 1 && strata
      ? strataCounts(rows, counts.offsets, { of: strata.of, strata: number, cuts })
      : undefined;
  const addBlock = (into: Float64Array, { start, length, cut, cuts: own }: Block) =>
    stratified ? stratified.add(into, cut, own) : counts.add(into, start, length);
  const mixes =
    number > 1
      ? rowCounts([strata!.of], [number])
      : {
          add: (into: Float64Array, _: number, length: number) => {
            into[0]! += length;
          },
        };
  const shape = { width, strata: number, columnCells: counts.offsets[1]! };
  const numbers = (size: number) => new Float64Array(size);
  const [sums, shares, matching, expected] = [
    numbers(number * width),
    numbers(number * width),
    numbers(width),
    numbers(width),
  ];
  const [rowsOf, worthRows, piece, decayedMix] = [
    numbers(number),
    numbers(number),
    numbers(number),
    numbers(number),
  ];
  const names = cells.map(({ name }) => name);
  const own = strata ? strataColumn(strata.by, names) : -1;
  const [ownFrom, ownTo] = own < 0 ? [0, 0] : [counts.offsets[own]!, counts.offsets[own + 1]!];
  let without: Block | undefined;
  let excludes = false;

  /** Shares of the reference, without one block where it matters. */
  const leave = (block: Block) => {
    if (without === block || !excludes) return;
    without = block;
    shares.set(sums);
    if (block.times > 0) {
      const part = numbers(number * width);
      addBlock(part, block);
      for (let at = 0; at < part.length; at++) shares[at]! -= block.times * part[at]!;
    }
    toShares(shares, rowsOf, shape);
  };

  return {
    matching,
    begin(blocks) {
      sums.fill(0);
      const part = numbers(number * width);
      for (const block of blocks) {
        if (block.times === 0) continue;
        part.fill(0);
        addBlock(part, block);
        for (let at = 0; at < part.length; at++) sums[at]! += block.times * part[at]!;
      }
      shares.set(sums);
      toShares(shares, worthRows, shape);
      excludes = blocks.length > 1 && blocks.length <= mostOwn;
      without = undefined;
      for (const list of [decayedMix, expected]) list.fill(0);
    },
    beginWindow() {
      for (let cell = 0; cell < width; cell++) expected[cell] = expected[cell]! * keep;
      for (let stratum = 0; stratum < number; stratum++) decayedMix[stratum] = decayedMix[stratum]! * keep;
    },
    take(start, length, block) {
      leave(block);
      piece.fill(0);
      mixes.add(piece, start, length);
      for (let stratum = 0; stratum < number; stratum++) {
        const added = piece[stratum]!;
        if (added === 0) continue;
        decayedMix[stratum]! += added;
        const from = stratum * width;
        for (let cell = 0; cell < width; cell++) expected[cell]! += added * shares[from + cell]!;
      }
    },
    endWindow() {
      const decayedRows = decayedMix.reduce((sum, own) => sum + own, 0);
      const factor = worthOfMix(decayedMix, worthRows) / decayedRows;
      for (let cell = 0; cell < width; cell++) matching[cell] = expected[cell]! * factor;
      // How often each stratum comes is judged against the whole: within strata it is always what is expected.
      const whole = (number - 1) * width;
      for (let cell = ownFrom; cell < ownTo; cell++)
        matching[cell] = shares[whole + cell]! * worthRows[number - 1]!;
    },
  };
}

/** Turns counts by stratum into shares, the last into the whole's, which also stands in for a stratum that was not drawn. */
function toShares(
  counts: Float64Array,
  rowsOf: Float64Array,
  {
    width,
    strata,
    columnCells,
  }: { readonly width: number; readonly strata: number; readonly columnCells: number },
): void {
  const whole = (strata - 1) * width;
  for (let stratum = 0; stratum < strata; stratum++) {
    const from = stratum * width;
    let own = 0;
    for (let cell = 0; cell < columnCells; cell++) own += counts[from + cell]!;
    rowsOf[stratum] = own;
    if (stratum < strata - 1)
      for (let cell = 0; cell < width; cell++) counts[whole + cell]! += counts[from + cell]!;
  }
  const rows = rowsOf.reduce((sum, own) => sum + own, 0);
  for (let cell = 0; cell < width; cell++) counts[whole + cell]! /= rows;
  for (let stratum = 0; stratum < strata - 1; stratum++) {
    const from = stratum * width;
    const drawn = rowsOf[stratum]! > 0;
    for (let cell = 0; cell < width; cell++)
      counts[from + cell] = drawn ? counts[from + cell]! / rowsOf[stratum]! : counts[whole + cell]!;
    if (!drawn) rowsOf[stratum] = rows;
  }
  rowsOf[strata - 1] = rows;
}
