/** A score cell that holds rows. */
export interface DecidedCell {
  readonly rows: number;
  readonly mean: number;
  /** Where its scores lie: from `start` to `end`, inside [0, 1]. */
  readonly start: number;
  readonly end: number;
  /** All its rows are decided "yes", or all "no"; undefined where the threshold lies inside. */
  readonly decided: boolean | undefined;
}

/** What is expected or drawn of cells, one entry a cell. */
export interface Expectation {
  readonly positives: Float64Array;
  /** By how much the probability rises from one end of the cell to the other. */
  readonly rises: Float64Array;
}

/** With fewer expected rows of a class nothing is said of how the classes are ranked. */
const fewestOfClass = 10;

/**
 * Metrics of rows of which only the number of positives by score cell is known. Within a cell probability is taken to rise
 * evenly, which adds rise·rows²/12 pairs in the right order to ROC AUC.
 */
export function expectedMetrics(
  cells: readonly DecidedCell[],
  expected: Expectation,
): Record<string, number> {
  // Hundreds of draws a window come through here: one loop, no lists.
  let [rows, positives, errors, pairs, negativesBelow] = [0, 0, 0, 0, 0];
  for (const [at, cell] of cells.entries()) {
    const [hits, rise] = [expected.positives[at]!, expected.rises[at]!];
    const negatives = cell.rows - hits;
    const inside = (hits * negatives) / 2;
    rows += cell.rows;
    positives += hits;
    errors += squaredErrors(cell, hits, rise);
    pairs += hits * negativesBelow + inside + Math.min(inside, (rise * cell.rows ** 2) / 12);
    negativesBelow += negatives;
  }
  const negatives = rows - positives;
  return {
    base_rate: positives / rows,
    ...(Math.min(positives, negatives) >= fewestOfClass && { roc_auc: pairs / (positives * negatives) }),
    brier: errors / rows,
    ...decisionMetrics(cells, expected, { rows, positives }),
  };
}

/**
 * Squared errors as if all scores of the cell were their mean, and what their spread adds: Σ(s − m)² − 2 Σ(s − m)(y − q). A
 * spread of (m − start)(end − m)/3 is that of a uniform law where the mean is in the middle, and smaller elsewhere.
 */
function squaredErrors({ rows, mean, start, end }: DecidedCell, positives: number, rise: number): number {
  const atMean = positives * (1 - mean) ** 2 + (rows - positives) * mean ** 2;
  const spread = Math.max(0, (mean - start) * (end - mean)) / 3;
  return end > start ? atMean + rows * spread * (1 - (2 * rise) / (end - start)) : atMean;
}

/** None where the threshold lies inside a cell that holds rows. */
function decisionMetrics(
  cells: readonly DecidedCell[],
  expected: Pick<Expectation, "positives">,
  { rows, positives }: { readonly rows: number; readonly positives: number },
): Record<string, number> {
  let [truePositives, decided, trueNegatives] = [0, 0, 0];
  for (const [at, cell] of cells.entries()) {
    if (cell.decided === undefined) return {};
    if (cell.decided) {
      truePositives += expected.positives[at]!;
      decided += cell.rows;
    } else trueNegatives += cell.rows - expected.positives[at]!;
  }
  return {
    accuracy: (truePositives + trueNegatives) / rows,
    ...(decided > 0 && { precision: truePositives / decided }),
    ...(positives > 0 && { recall: truePositives / positives }),
    ...(decided + positives > 0 && { f1: (2 * truePositives) / (decided + positives) }),
  };
}
