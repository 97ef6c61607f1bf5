/** Reading, checking and adding up the counters of 1,000 replicas, against reading and JSON.parse of the same files. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { readObservations } from "../../src/adapters/observations/index.ts";
import { type ColumnCells, type Counters, cellCount, emptyCounters } from "../../src/profile/index.ts";
import { type ObservationPlan, planFields, segmentNames } from "../../src/watch/index.ts";
import type { WindowCounts } from "../../src/watch/observe/window-counts.ts";

const [features, windows, rowsAWindow, hour] = [100, 24, 2000, 3_600_000];
const atMostSeconds = 10;

const cellsOf = (at: number): ColumnCells =>
  at % 2 === 0
    ? {
        kind: "numeric",
        name: `n${at}`,
        type: "float64",
        starts: Array.from({ length: 21 }, (_, cell) => cell),
        unit: 2 ** -30,
      }
    : {
        kind: "categorical",
        name: `c${at}`,
        type: "string",
        values: Array.from({ length: 20 }, (_, value) => `v${value}`),
      };
const columns = Array.from({ length: features }, (_, at) => cellsOf(at));
const plan: ObservationPlan = {
  model: "bench",
  version: "1.0.0",
  digest: "0".repeat(64),
  windowMs: hour,
  keepIds: true,
  features: { columns },
  outputs: { columns: columns.slice(0, 1) },
  expected: [],
  latencyEdges: [1, 2, 5, 10, 20, 50, 100],
  answers: [],
  decides: false,
  clauses: [],
  slices: [],
};
const nothing = { features: emptyCounters(plan.features), outputs: emptyCounters(plan.outputs) };

/** Rows spread over the inner cells, unevenly from window to window. */
function countersOf(kind: "features" | "outputs", window: number): Counters {
  return {
    ...nothing[kind],
    rows: rowsAWindow,
    columns: plan[kind].columns.map((cells, column) => {
      const counts = new Array<number>(cellCount(cells)).fill(0);
      for (let row = 0; row < rowsAWindow; row++) counts[1 + ((row * row + column * window) % 19)]!++;
      const sums = counts.map((count, cell) => count * Math.round((cell - 0.63) * 2 ** 30));
      return cells.kind === "numeric" ? { counts, sums } : { counts };
    }),
  };
}

function windowOf(window: number): WindowCounts {
  return {
    start: 1.7712e12 + window * hour,
    rows: rowsAWindow,
    answered: rowsAWindow,
    untimed: 0,
    calls: rowsAWindow,
    latency: { 1: rowsAWindow - 7, 4: 7 },
    rejected: {},
    outside: {},
    newest_event: 1.7712e12 + window * hour,
    newest_arrival: 1.7712e12 + window * hour,
    features: countersOf("features", window),
    outputs: countersOf("outputs", window),
  };
}

/** Writes the files of so many replicas; gives the bytes that they have. */
function writeFiles(folder: string, replicas: number): number {
  mkdirSync(folder);
  const body = JSON.stringify(Array.from({ length: windows }, (_, window) => windowOf(window)));
  let bytes = 0;
  for (let number = 0; number < replicas; number++) {
    const segment = { replica: `r${number}`, boot: "b", sequence: 0 };
    const head = JSON.stringify({
      format_version: 1,
      kind: "baton-observation",
      ...planFields(plan),
      ...segment,
      last: true,
      opened_at: "2026-01-01T00:00:00.000Z",
      rolled_at: "2026-01-01T00:01:00.000Z",
      may_lose: { seconds: 120, rows: 100_000 },
      dropped: 0,
    });
    const text = `${head.slice(0, -1)},"windows":${body}}\n`;
    writeFileSync(join(folder, segmentNames(segment).counters), text);
    bytes += text.length;
  }
  return bytes;
}

/** Measures; true where the bound is kept. */
export async function benchMerge(replicas = 1000): Promise<boolean> {
  const root = mkdtempSync(join(tmpdir(), "baton-bench-merge-"));
  const folder = join(root, "observed");
  try {
    const bytes = writeFiles(folder, replicas);
    const before = process.cpuUsage();
    const began = performance.now();
    const { merged } = await readObservations([folder], plan);
    const seconds = (performance.now() - began) / 1000;
    const used = process.cpuUsage(before);
    const rows = merged.windows.reduce((sum, window) => sum + window.rows, 0);
    if (rows !== replicas * windows * rowsAWindow) throw new Error(`${rows} rows came out`);
    const baseline = process.cpuUsage();
    for (const name of readdirSync(folder)) JSON.parse(readFileSync(join(folder, name), "utf8"));
    const parsed = process.cpuUsage(baseline);
    const cpu = (usage: NodeJS.CpuUsage) => (usage.user + usage.system) / 1e6;
    console.log(
      `merging ${replicas} files of ${features} features × ${windows} windows (${(bytes / 2 ** 20).toFixed(0)} MiB): ${seconds.toFixed(1)} s (at most ${atMostSeconds}), ${cpu(used).toFixed(1)} s of processor   reading and JSON.parse ${cpu(parsed).toFixed(1)} s   ratio ${(cpu(used) / cpu(parsed)).toFixed(1)}`,
    );
    return seconds <= atMostSeconds;
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}
