import { type Counts, totalOfFirst } from "../distances/compared-cells.ts";
import { jensenShannonDistance } from "../distances/jensen-shannon.ts";

/** The last counters of a column: missing and not-a-number, or other and missing. */
const qualityCells = 2;

/**
 * True where more than half of the Jensen-Shannon divergence stays when all good values are one cell: not the values
 * have changed but how many there are. Merging cells never adds divergence (data processing inequality).
 */
export function isQuality(reference: Counts, current: Counts): boolean {
  const cells = Array.from({ length: reference.length }, (_, cell) => cell);
  const all = jensenShannonDistance(reference, current, cells) ** 2;
  const merged = jensenShannonDistance(goodAsOne(reference), goodAsOne(current), [0, 1, 2]) ** 2;
  return merged > all / 2;
}

function goodAsOne(counts: Counts): number[] {
  const good = counts.length - qualityCells;
  return [totalOfFirst(counts, good), counts[good]!, counts[good + 1]!];
}
