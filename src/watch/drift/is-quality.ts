import type { DetectorReading } from "../detectors/judge-window.ts";
import { type Counts, qualityCells, totalOfFirst } from "../distances/compared-cells.ts";
import { jensenShannonDistance } from "../distances/jensen-shannon.ts";

/**
 * True where a column left its reference by how many values are good, not by what they are: a cell of these two that the
 * reference never filled passed its threshold, or more than half of the Jensen-Shannon divergence stays when all good
 * values are one cell. Merging cells never adds divergence (data processing inequality).
 */
export function isQuality({
  reference,
  current,
  readings,
}: {
  readonly reference: Counts;
  readonly current: Counts;
  readonly readings: readonly DetectorReading[];
}): boolean {
  const good = reference.length - qualityCells;
  if (readings.some(({ cell = -1, score, threshold }) => cell >= good && score > threshold)) return true;
  const cells = Array.from({ length: reference.length }, (_, cell) => cell);
  const all = jensenShannonDistance(reference, current, cells) ** 2;
  const merged = jensenShannonDistance(goodAsOne(reference), goodAsOne(current), [0, 1, 2]) ** 2;
  return merged > all / 2;
}

function goodAsOne(counts: Counts): number[] {
  const good = counts.length - qualityCells;
  return [totalOfFirst(counts, good), counts[good]!, counts[good + 1]!];
}
