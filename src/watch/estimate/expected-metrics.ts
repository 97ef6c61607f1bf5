/** A score cell with the positives that are expected or drawn in it. */
export interface ExpectedCell {
  readonly rows: number;
  readonly positives: number;
  readonly mean: number;
  /** Where its scores lie: from `start` to `end`, inside [0, 1]. */
  readonly start: number;
  readonly end: number;
  /** By how much the probability rises from one end of the cell to the other. */
  readonly rise: number;
  /** All its rows are decided "yes", or all "no"; undefined where the threshold lies inside. */
  readonly decided: boolean | undefined;
}

/** With fewer expected rows of a class nothing is said of how the classes are ranked. */
const fewestOfClass = 10;

/**
 * Metrics of rows of which only the number of positives by score cell is known. Within a cell probability is taken to rise
 * evenly, which adds rise·rows²/12 pairs in the right order to ROC AUC.
 */
export function expectedMetrics(cells: readonly ExpectedCell[]): Record<string, number> {
  const rows = total(cells, (cell) => cell.rows);
  const positives = total(cells, (cell) => cell.positives);
  const negatives = rows - positives;
  return {
    base_rate: positives / rows,
    ...(Math.min(positives, negatives) >= fewestOfClass && {
      roc_auc: pairsInOrder(cells) / (positives * negatives),
    }),
    brier: total(cells, squaredErrors) / rows,
    ...decisionMetrics(cells),
  };
}

/**
 * Squared errors as if all scores of the cell were their mean, and what their spread adds: Σ(s − m)² − 2 Σ(s − m)(y − q). A
 * spread of (m − start)(end − m)/3 is that of a uniform law where the mean is in the middle, and smaller elsewhere.
 */
function squaredErrors({ rows, positives, mean, start, end, rise }: ExpectedCell): number {
  const atMean = positives * (1 - mean) ** 2 + (rows - positives) * mean ** 2;
  const spread = Math.max(0, (mean - start) * (end - mean)) / 3;
  return end > start ? atMean + rows * spread * (1 - (2 * rise) / (end - start)) : atMean;
}

function pairsInOrder(cells: readonly ExpectedCell[]): number {
  let [pairs, negativesBelow] = [0, 0];
  for (const { rows, positives, rise } of cells) {
    const negatives = rows - positives;
    const inside = (positives * negatives) / 2;
    pairs += positives * negativesBelow + inside + Math.min(inside, (rise * rows ** 2) / 12);
    negativesBelow += negatives;
  }
  return pairs;
}

/** None where the threshold lies inside a cell that holds rows. */
function decisionMetrics(cells: readonly ExpectedCell[]): Record<string, number> {
  if (cells.some(({ decided }) => decided === undefined)) return {};
  const part = (yes: boolean, of: (cell: ExpectedCell) => number) =>
    total(
      cells.filter(({ decided }) => decided === yes),
      of,
    );
  const truePositives = part(true, (cell) => cell.positives);
  const decided = part(true, (cell) => cell.rows);
  const positives = total(cells, (cell) => cell.positives);
  const trueNegatives = part(false, (cell) => cell.rows - cell.positives);
  const rows = total(cells, (cell) => cell.rows);
  return {
    accuracy: (truePositives + trueNegatives) / rows,
    ...(decided > 0 && { precision: truePositives / decided }),
    ...(positives > 0 && { recall: truePositives / positives }),
    ...(decided + positives > 0 && { f1: (2 * truePositives) / (decided + positives) }),
  };
}

function total(cells: readonly ExpectedCell[], of: (cell: ExpectedCell) => number): number {
  return cells.reduce((sum, cell) => sum + of(cell), 0);
}
