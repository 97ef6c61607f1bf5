import type { Contract, Feature } from "../../src/contract/index.ts";
import { clausesOf } from "../../src/contract/index.ts";
import { digestOf } from "../../src/kernel/index.ts";
import { type ColumnCells, cellCount, makeProfile, type TableProfile } from "../../src/profile/index.ts";
import { observationPlan, type PageInput, watchReport } from "../../src/watch/index.ts";

/** What is made up for a page: so many features over so many windows, and words that may be hostile. */
export interface LargeWatch {
  readonly features: number;
  readonly windows: number;
  /** A word for every place where the text of others stands: names, categories, messages, samples. */
  readonly word?: (place: string) => string;
}

const day = 86_400_000;
const start = Date.UTC(2026, 0, 1);
const rowsEach = 1000;

/** Everything that a page is made from, with every part of a report in it, and counts that move after half of the time. */
export function largeWatch({ features, windows, word = (place) => place }: LargeWatch): PageInput {
  const random = seeded(7);
  const names = Array.from({ length: features }, (_, at) => word(`feature ${at}`));
  const table = tableOf(
    names.map((name, at) =>
      at % 2 === 0
        ? {
            kind: "numeric",
            name,
            type: "float32",
            starts: Array.from({ length: 21 }, (_, edge) => edge),
            unit: 1,
          }
        : {
            kind: "categorical",
            name,
            type: "string",
            values: Array.from({ length: 20 }, (_, value) => word(`category ${value}`)),
          },
    ),
  );
  const outputs = tableOf([
    {
      kind: "numeric",
      name: "score",
      type: "float32",
      starts: Array.from({ length: 21 }, (_, edge) => edge),
      unit: 1,
    },
  ]);
  const profile = {
    ...makeProfile({ features: table, outputs, reads: {} }),
    thresholds: thresholdsFor([...names, "score"]),
  };
  const contract = contractOf(names, word);
  const plan = observationPlan(contract, profile, "0".repeat(64));
  const counted = Array.from({ length: windows }, (_, at) => {
    const count = (profiled: TableProfile) => ({
      ...profiled.counters,
      rows: rowsEach,
      columns: profiled.cells.columns.map((cells, column) => {
        const moved = at > windows / 2 && column % 5 === 0;
        const counts = drawn(cellCount(cells), moved, random);
        return { counts, ...(cells.kind === "numeric" && { sums: counts.map(() => 0) }) };
      }),
    });
    return {
      start: start + at * day,
      rows: rowsEach,
      answered: rowsEach - 10,
      untimed: 0,
      calls: 500,
      latency: { 3: 495, 5: 5 },
      rejected: { [`features.${names[0]} input.category`]: 10 },
      outside: { [names[0]!]: at % 30 },
      features: count(table),
      outputs: count(outputs),
    };
  });
  const merged = { windows: counted, replicas: [], files: [], findings: [] };
  const atMs = start + (windows + 1) * day;
  const report = watchReport({ contract, profile, plan, merged, atMs });
  const metric = (at: number) => 0.7 + 0.1 * Math.sin(at / 9);
  const finding = {
    code: "watch.over-budget",
    severity: "blocking",
    clause: "budget",
    message: word("message"),
    next: word("next"),
  } as const;
  return {
    contract,
    clauses: clausesOf(contract),
    profile,
    plan,
    merged,
    atMs,
    findings: [finding, ...report.findings],
    report: {
      ...report,
      windows: report.windows.map((window, at) => ({
        ...window,
        performance: {
          answered: rowsEach - 10,
          labelled: at > windows - 5 ? 400 : 980,
          mature: at <= windows - 5,
          ...(at <= windows - 5 && {
            metrics: { rows: 980, roc_auc: metric(at), brier: 0.12, accuracy: metric(at) },
            intervals: { roc_auc: [metric(at) - 0.03, metric(at) + 0.03] as const },
          }),
        },
        estimated: {
          rows: rowsEach - 10,
          calibration: "pass",
          metrics: { roc_auc: 0.75 },
          intervals: { roc_auc: [0.72, 0.78] as const },
        },
      })),
      labels: {
        matched: 980 * windows,
        duplicated: 0,
        corrected: 0,
        empty: 0,
        unmatched: 0,
        late: 3,
        repeated: 0,
      },
      slices: [
        {
          slice: word("slice"),
          clauses: [`features.${names[1]}`],
          rows: 4000,
          share: 0.2,
          metric: "roc_auc",
          inside: 0.61,
          outside: 0.72,
          difference: [-0.14, -0.08],
          p: 0.0002,
          significant: true,
        },
      ],
      wrong: {
        ...{ rows: 980, wrong: 180, expected: 150.4 },
        classes: [
          {
            ...{ class: word("class"), owner: word("owner"), severity: "warning", action: word("action") },
            ...{ reason: word("reason"), clauses: names.slice(0, 4).map((name) => `features.${name}`) },
            ...{ groups: [], first: new Date(start).toISOString(), windows: 1 },
            last: new Date(start + day).toISOString(),
            ...{ rows: 980, wrong: 180, expected: 150.4 },
            samples: [
              {
                name: word("sample"),
                window: new Date(start).toISOString(),
                ...{ score: 0.7, decision: true, label: false },
              },
            ],
          },
        ],
      },
      errors: [
        {
          fingerprint: "0123456789abcdef",
          class: "contract.category",
          clause: `features.${names[0]}`,
          owner: "builds",
          severity: "warning",
          first: new Date(start).toISOString(),
          last: new Date(start + 3 * day).toISOString(),
          windows: 3,
          starts: [0, 1, 2].map((at) => new Date(start + at * day).toISOString()),
          rows: 30,
          rate: 0.01,
          message: word("message"),
          action: word("action"),
          samples: [word("sample")],
        },
      ],
    },
  };
}

function tableOf(columns: ColumnCells[]): TableProfile {
  const cells = { columns };
  return {
    cells,
    counters: {
      cells: digestOf(cells),
      rows: 20_000,
      columns: columns.map((column) => {
        const counts = expected(cellCount(column)).map((share) => Math.round(share * 20_000));
        return { counts, ...(column.kind === "numeric" && { sums: counts.map(() => 0) }) };
      }),
    },
    facts: columns.map(({ name }) => ({ name, distinct: 20 })),
  };
}

/** All but the last two cells hold rows; numbers have none below the first. */
function expected(cells: number): number[] {
  const held = 20;
  const first = cells - held - 2 > 0 ? 1 : 0;
  return Array.from({ length: cells }, (_, cell) => (cell >= first && cell < first + held ? 1 / held : 0));
}

function drawn(cells: number, moved: boolean, random: () => number): number[] {
  const shares = expected(cells).map((share, cell) => share * (moved ? 0.5 + cell / cells : 1));
  const counts = shares.map((share) => {
    const mean = share * rowsEach;
    return Math.max(0, Math.round(mean + Math.sqrt(mean) * (random() + random() + random() - 1.5) * 2));
  });
  counts[cells - 2] = Math.floor(random() * 3);
  return counts;
}

function thresholdsFor(columns: readonly string[]) {
  const plain = columns.map(() => [0, 1] as const);
  return {
    format_version: 1,
    budget: { alarms: 1, windows: 90 },
    decay: 0.2,
    reference_rows: 20_000,
    block_rows: 100,
    seed: "00",
    effect_floor: 0.05,
    rate_threshold: 12,
    absent_dispersion: 1,
    columns,
    sizes: [
      { rows: rowsEach, threshold: 8, location: plain, shape: plain, dispersion: columns.map(() => 1) },
    ],
  } as const;
}

function contractOf(names: readonly string[], word: (place: string) => string): Contract {
  const features = names.map(
    (name, at): Feature => ({
      name,
      type: at % 2 === 0 ? "float32" : "string",
      shape: [],
      unknown: "warn",
      missing: "allowed",
      sensitive: false,
      ...(at === 0 && { expected: [0, 19] as const }),
    }),
  );
  return {
    level: "handed-over",
    model: { name: word("model"), version: "1.0.0", task: "binary-classification" },
    owners: { builds: word("builds"), runs: word("runs") },
    use: "Tests.",
    features,
    outputs: [{ name: "score", type: "float32", shape: [], tensor: "score", threshold: 10 }],
    data: { references: [] },
    rules: [],
    limitations: [],
    gates: [],
    behaviours: [],
    slices: [],
    budget: { latencyMs: { p50: 10, p99: 50 }, cpus: 1, memoryMiB: 512 },
    labels: { key: "key", arriveAfter: "1d" },
    watch: { window: "1d", falseAlarms: "1 per 90d", keepRows: 0 },
    retrain: [],
  };
}

/** Numbers from 0 to 1, the same in every run (Park and Miller 1988). */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 48_271) % 2_147_483_647;
    return state / 2_147_483_647;
  };
}
