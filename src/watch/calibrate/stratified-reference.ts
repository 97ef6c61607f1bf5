import type { CellIndices, ColumnCells } from "../../profile/index.ts";
import { worthOfMix } from "../strata/matching-reference.ts";
import type { RowStrata } from "../strata/row-strata.ts";
import { rowCounts } from "./row-counts.ts";
import { strataCounts } from "./strata-counts.ts";

/** The reference of a stream whose windows are compared within strata. */
export interface StratifiedReference {
  /** Blocks begin at multiples of so many rows. */
  readonly step: number;
  /** Resamples it from blocks that begin where `draw` says. */
  begin(draw: () => number, blockRows: number): void;
  /** Rows of the window that is being put together. */
  take(start: number, length: number): void;
  /** The window is complete: writes what the decayed windows are compared with. */
  endWindow(): void;
}

/** Prepares one; what is compared with goes into `matching`, all columns side by side. */
export function stratifiedReference({
  cells,
  rows,
  strata,
  offsets,
  keep,
  matching,
}: {
  readonly cells: readonly ColumnCells[];
  readonly rows: readonly CellIndices[];
  readonly strata: RowStrata;
  readonly offsets: readonly number[];
  /** Share of the decayed counters that stays from window to window. */
  readonly keep: number;
  readonly matching: Float64Array;
}): StratifiedReference {
  const number = strata.known.length + 1;
  const width = matching.length;
  const counts = strataCounts(rows, offsets, { of: strata.of, strata: number });
  const mixes = rowCounts([strata.of], [number]);
  const total = strata.of.length;
  const shares = new Float64Array(number * width);
  const rowsOf = new Float64Array(number);
  const [mix, decayedMix, expected] = [
    new Float64Array(number),
    new Float64Array(number),
    new Float64Array(width),
  ];
  const own = cells.findIndex(({ name }) => name === strata.by);
  const [ownFrom, ownTo] = own < 0 ? [0, 0] : [offsets[own]!, offsets[own + 1]!];

  return {
    step: counts.step,
    begin(draw, blockRows) {
      shares.fill(0);
      const length = Math.max(1, Math.round(blockRows / counts.step)) * counts.step;
      for (let taken = 0; taken < total; taken += length) {
        const start = draw();
        const beyond = start + length - total;
        counts.add(shares, start, Math.min(total, start + length));
        if (beyond > 0) counts.add(shares, 0, Math.min(start, beyond));
      }
      toShares(shares, { width, strata: number, rowsOf, columnCells: offsets[1]! });
      for (const list of [mix, decayedMix, expected]) list.fill(0);
    },
    take: (start, length) => mixes.add(mix, start, length),
    endWindow() {
      let decayedRows = 0;
      for (let cell = 0; cell < width; cell++) expected[cell] = expected[cell]! * keep;
      for (let stratum = 0; stratum < number; stratum++) {
        decayedMix[stratum] = decayedMix[stratum]! * keep + mix[stratum]!;
        decayedRows += decayedMix[stratum]!;
        const added = mix[stratum]!;
        if (added === 0) continue;
        const from = stratum * width;
        for (let cell = 0; cell < width; cell++) expected[cell]! += added * shares[from + cell]!;
      }
      mix.fill(0);
      const factor = worthOfMix(decayedMix, rowsOf) / decayedRows;
      for (let cell = 0; cell < width; cell++) matching[cell] = expected[cell]! * factor;
      // How often each stratum comes is judged against the whole: within strata it is always what is expected.
      const whole = (number - 1) * width;
      for (let cell = ownFrom; cell < ownTo; cell++)
        matching[cell] = shares[whole + cell]! * rowsOf[number - 1]!;
    },
  };
}

/** Turns counts by stratum into shares, the last into the whole's, which also stands in for a stratum that was not drawn. */
function toShares(
  counts: Float64Array,
  {
    width,
    strata,
    rowsOf,
    columnCells,
  }: {
    readonly width: number;
    readonly strata: number;
    readonly rowsOf: Float64Array;
    readonly columnCells: number;
  },
): void {
  const whole = (strata - 1) * width;
  for (let stratum = 0; stratum < strata; stratum++) {
    const from = stratum * width;
    rowsOf[stratum] = counts.subarray(from, from + columnCells).reduce((sum, count) => sum + count, 0);
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
