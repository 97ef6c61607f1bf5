/**
 * Milliseconds to judge one window of 100 features (50 of them numbers on 20 cells, 50 categories of 20 values): all
 * detectors, and all distances for display, for 10³ and 10⁹ predictions in the window. Against structuredClone of the
 * same counters in the same run.
 */
import { performance } from "node:perf_hooks";
import {
  type ColumnCells,
  type ColumnCounters,
  cellCount,
  type ThresholdTable,
} from "../../src/profile/index.ts";
import { columnDistances, createDetectors } from "../../src/watch/index.ts";

const atMostMs = 5;
const cellsOf = (at: number): ColumnCells =>
  at % 2 === 0
    ? {
        kind: "numeric",
        name: `n${at}`,
        type: "float64",
        starts: Array.from({ length: 21 }, (_, i) => i),
        unit: 1,
      }
    : {
        kind: "categorical",
        name: `c${at}`,
        type: "string",
        values: Array.from({ length: 20 }, (_, i) => `v${i}`),
      };
const columns = Array.from({ length: 100 }, (_, at) => cellsOf(at));

/** About `rows` rows, uneven from cell to cell and from window to window; none where the reference has none. */
function counters(rows: number, window: number): ColumnCounters[] {
  return columns.map((cells, column) => {
    const size = cellCount(cells);
    const numeric = cells.kind === "numeric";
    const held = (cell: number) => (numeric ? cell > 0 && cell < size - 3 : cell < size - 2);
    const uneven = (cell: number) => 1 + 0.1 * Math.sin(cell * 12.9898 + column * 78.233 + window * 37.719);
    const counts = Array.from({ length: size }, (_, cell) =>
      held(cell) ? Math.round((rows / 20) * uneven(cell)) : 0,
    );
    return numeric ? { counts, sums: counts.map((count, cell) => count * (cell - 1)) } : { counts };
  });
}

const even = columns.map(() => [0, 1] as const);
const thresholds: ThresholdTable = {
  format_version: 1,
  budget: { alarms: 1, windows: 90 },
  decay: 0.2,
  reference_rows: 100_000,
  block_rows: 1000,
  seed: "00",
  effect_floor: 0,
  rate_threshold: 6,
  absent_dispersion: 1,
  columns: columns.map(({ name }) => name),
  sizes: [
    { rows: 100, threshold: 5, location: even, shape: even, dispersion: columns.map(() => 1) },
    { rows: 10_000, threshold: 5, location: even, shape: even, dispersion: columns.map(() => 1) },
  ],
};
const reference = counters(100_000, 0);
const detectors = createDetectors({ columns, reference, thresholds });

interface Runner {
  readonly rows: number;
  readonly judge: number[];
  readonly clone: number[];
  /** Judges the next window; then copies it. */
  run(): void;
}

function runner(rows: number): Runner {
  const windows = Array.from({ length: 16 }, (_, window) => counters(rows, window + 1));
  const [judge, clone]: [number[], number[]] = [[], []];
  let state = detectors.start();
  let next = 0;
  return {
    rows,
    judge,
    clone,
    run() {
      const window = windows[next++ % windows.length]!;
      const begin = performance.now();
      state = detectors.judge(state, window).state;
      for (const [at, cells] of columns.entries())
        columnDistances({ cells, reference: reference[at]!, current: window[at]!, referenceDeviation: 5.8 });
      const middle = performance.now();
      structuredClone(window);
      judge.push(middle - begin);
      clone.push(performance.now() - middle);
    },
  };
}

function median(values: readonly number[]): number {
  return [...values].sort((a, b) => a - b)[values.length >> 1]!;
}

const warmUp = 30;

/** Measures; true where the bound is kept. */
export function benchJudge(rounds = 200): boolean {
  // In turns, so that both meet the same machine; the first rounds warm up.
  const runners = [1e3, 1e9].map(runner);
  for (let round = 0; round < warmUp + rounds; round++) for (const { run } of runners) run();
  const results = runners.map(({ rows, judge, clone }) => ({
    rows,
    judge: median(judge.slice(warmUp)),
    clone: median(clone.slice(warmUp)),
  }));
  console.log(`one window of 100 features, median of ${rounds} rounds in turns`);
  for (const { rows, judge, clone } of results)
    console.log(
      `  ${rows.toExponential(0)} predictions: ${judge.toFixed(2)} ms (at most ${atMostMs})   structuredClone ${clone.toFixed(3)} ms   ratio ${(judge / clone).toFixed(1)}`,
    );
  const [few, many] = results.map(({ judge }) => judge) as [number, number];
  console.log(`  10⁹ against 10³ predictions: ${(many / few).toFixed(2)}`);
  return Math.max(few, many) <= atMostMs;
}
