/** Cells of an octave: neighbouring ends differ by 9 %. */
const perOctave = 8;
/** From 2⁻⁶ ms to 2¹⁶ ms: 16 µs to 65 s. */
const [firstOctave, lastOctave] = [-6, 16];

/**
 * Upper ends of latency cells, ascending: a grid of eighths of octaves, and every bound of the budget, so that "how many
 * calls kept it" is a whole number and not an estimate.
 */
export function latencyEdges(bounds: readonly number[]): number[] {
  const grid: number[] = [];
  for (let step = firstOctave * perOctave; step <= lastOctave * perOctave; step++)
    grid.push(Number((2 ** (step / perOctave)).toPrecision(6)));
  return [...new Set([...grid, ...bounds])].sort((a, b) => a - b);
}

/** The cell of a duration: cell i holds what is above end i−1 and at most end i; the last one what is above all ends. */
export function latencyCell(edges: readonly number[], ms: number): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (edges[middle]! < ms) low = middle + 1;
    else high = middle;
  }
  return low;
}
