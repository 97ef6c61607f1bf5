/**
 * Cost of observing a row: counting 12 numeric features on 20 cells each against a loop over objects as one would write it
 * without thinking, in turns, in one process, by the processor's time (a busy machine disturbs it less); and all of observation (windows, outputs, log) for small and large calls.
 * Run: npx tsx bench/observe.ts [ROUNDS]
 */
import type { Column, Contract, Table } from "../src/contract/index.ts";
import type { Prediction } from "../src/inference/index.ts";
import {
  type Cells,
  cellOf,
  createTally,
  makeProfile,
  profileTable,
  tableSource,
} from "../src/profile/index.ts";
import { observationPlan, openSegment } from "../src/watch/index.ts";

const [rounds = "9"] = process.argv.slice(2);
const [features, batchRows, batches] = [12, 1024, 100];
const names = Array.from({ length: features }, (_, index) => `feature_${index}`);

let state = 42;
const random = () => {
  state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
  return state / 0x7fffffff;
};
const gaussian = () => Math.sqrt(-2 * Math.log(random() + 1e-12)) * Math.cos(2 * Math.PI * random());

function tableOf(rows: number, columnNames: readonly string[]): Table {
  const column = (): Column => ({
    type: "float32",
    shape: [],
    values: Float32Array.from({ length: rows }, gaussian),
  });
  return { rows, columns: new Map(columnNames.map((name) => [name, column()])) };
}

async function profileOf(columnNames: readonly string[]) {
  const columns = columnNames.map((name) => ({ name, column: name, type: "float32" as const }));
  return profileTable(await tableSource([tableOf(20_000, columnNames)], columns), columns);
}

const contract: Contract = {
  level: "handed-over",
  model: { name: "bench", version: "1.0.0", task: "binary-classification" },
  owners: {},
  use: "",
  features: names.map((name) => ({
    name,
    type: "float32",
    shape: [],
    unknown: "reject",
    missing: "allowed",
    sensitive: false,
  })),
  outputs: [{ name: "score", type: "float32", shape: [], tensor: "score", threshold: 0 }],
  data: { references: [] },
  rules: [],
  limitations: [],
  gates: [],
  behaviours: [],
  slices: [],
  retrain: [],
};
const profile = makeProfile({
  features: await profileOf(names),
  outputs: await profileOf(["score"]),
  reads: {},
});
const plan = observationPlan(contract, profile, "0".repeat(64));
const tables = Array.from({ length: 8 }, () => tableOf(batchRows, names));

function predictionOf(rows: number): Prediction {
  return {
    rows,
    outputs: tableOf(rows, ["score"]),
    answered: new Uint8Array(rows).fill(1),
    decisions: new Uint8Array(rows),
    rejections: [],
    warnings: [],
    counts: { rejections: 0, warnings: 0 },
  };
}

/** Counts kept as objects of objects, one value after the other. */
function naive(cells: Cells, table: Table, counts: Record<string, Record<string, number>>): void {
  for (let row = 0; row < table.rows; row++)
    for (const column of cells.columns) {
      const cell = cellOf(column, table.columns.get(column.name)!.values[row] as number);
      const own = counts[column.name] ?? {};
      own[cell] = (own[cell] ?? 0) + 1;
      counts[column.name] = own;
    }
}

const single = tableOf(1, names);
const [one, many] = [predictionOf(1), predictionOf(batchRows)];
const call = { ids: [], arrivedMs: 1.8e12, durationMs: 1 };

const contenders: Record<string, () => number> = {
  counting: () => {
    const tally = createTally(plan.features);
    for (let batch = 0; batch < batches; batch++) tally.add(tables[batch % 8]!);
    return batches * batchRows;
  },
  "naive loop": () => {
    const counts = {};
    for (let batch = 0; batch < batches; batch++) naive(plan.features, tables[batch % 8]!, counts);
    return batches * batchRows;
  },
  "all of it, calls of 1,024 rows": () => {
    const segment = openSegment(plan);
    for (let batch = 0; batch < batches / 2; batch++)
      segment.add({ ...call, table: tables[batch % 8]!, prediction: many });
    return (batches / 2) * batchRows;
  },
  "all of it, calls of 1 row": () => {
    const segment = openSegment(plan);
    for (let at = 0; at < 20_000; at++) segment.add({ ...call, table: single, prediction: one });
    return 20_000;
  },
};

const times = new Map(Object.keys(contenders).map((name) => [name, [] as number[]]));
for (let round = 0; round <= Number(rounds); round++)
  for (const [name, run] of Object.entries(contenders)) {
    const start = process.cpuUsage();
    const rows = run();
    const { user } = process.cpuUsage(start);
    // The first round warms up.
    if (round > 0) times.get(name)!.push((user * 1000) / rows);
  }

const median = (list: readonly number[]) => [...list].sort((a, b) => a - b)[list.length >> 1]!;
console.log(
  `${features} numeric features on ${plan.features.columns[0]!.kind === "numeric" ? 20 : 0} cells, ${rounds} rounds in turns`,
);
for (const [name, list] of times)
  console.log(
    `${name.padEnd(32)} median ${median(list).toFixed(0)} ns a row  [${list.map((ns) => ns.toFixed(0)).join(", ")}]`,
  );
const ours = median(times.get("counting")!);
console.log(
  `counting: ${ours.toFixed(0)} ns a row (at most 350), ${(median(times.get("naive loop")!) / ours).toFixed(1)} times as fast as the naive loop`,
);
process.exitCode = ours <= 350 ? 0 : 1;
