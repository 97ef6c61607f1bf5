import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { onnxModel } from "./onnx-model.ts";

/*
 * A hand-off folder that is complete and tiny: three features, a logistic function as its model, 500 rows each.
 * A scenario walks through it in seconds; names and clauses are like those of the example.
 */

/** Two versions of the small contract: the first lacks what the second has, at a higher level. */
export type SmallVersion = "handed-over" | "critical";

/** Writes the folder: model, training data (CSV), joint set (Parquet), golden rows (CSV), lock, story and contract. */
export async function writeSmallHandOff(
  folder: string,
  version: SmallVersion = "handed-over",
): Promise<void> {
  const files: Record<string, string | Uint8Array> = {
    "baton.yaml": smallContract(version),
    "model/late.onnx": smallModel(),
    "data/training.csv": rowsText(madeRows(1, 500)),
    "golden/rows.csv": goldenText(madeRows(7, 24)),
    "requirements.lock": `numpy==2.1.0 \\\n    --hash=sha256:${"a1b2c3d4".repeat(8)}\n`,
    "story/quality.md": "# Quality\n\nRanks late flights well where the wind is known.\n",
  };
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, name)), { recursive: true });
    await writeFile(join(folder, name), content);
  }
  await writeParquet(join(folder, "data/joint.parquet"), rowsText(madeRows(2, 500), everyThreeHours(500)));
}

/** The logistic function as ONNX. `sign` -1 turns every answer round, as a saboteur would. */
export function smallModel(sign: 1 | -1 = 1): Uint8Array {
  const number = (name: string, value: number) =>
    ({ name, type: "float32", dims: [1], values: [value * 1] }) as const;
  return onnxModel({
    opsets: { "": 17, "ai.onnx.ml": 3 },
    inputs: [
      { name: "origin", type: "string", shape: ["N", 1] },
      { name: "wind_speed", type: "float32", shape: ["N", 1] },
      { name: "hour", type: "int64", shape: ["N", 1] },
    ],
    outputs: [{ name: "late_probability", type: "float32", shape: ["N", 1] }],
    initializers: [
      number("usual_wind", usualWind),
      number("per_knot", perKnot * sign),
      number("per_hour", perHour * sign),
      number("rest", offset * sign),
      number("sign", sign),
    ],
    nodes: [
      {
        op: "LabelEncoder",
        domain: "ai.onnx.ml",
        inputs: ["origin"],
        outputs: ["airport"],
        attributes: {
          keys_strings: Object.keys(airports),
          values_floats: Object.values(airports),
          default_float: 0.5,
        },
      },
      { op: "IsNaN", inputs: ["wind_speed"], outputs: ["calm"] },
      { op: "Where", inputs: ["calm", "usual_wind", "wind_speed"], outputs: ["wind"] },
      { op: "Cast", inputs: ["hour"], outputs: ["hours"], attributes: { to: 1n } },
      { op: "Mul", inputs: ["wind", "per_knot"], outputs: ["by_wind"] },
      { op: "Mul", inputs: ["hours", "per_hour"], outputs: ["by_hour"] },
      { op: "Mul", inputs: ["airport", "sign"], outputs: ["by_airport"] },
      { op: "Sum", inputs: ["by_wind", "by_hour", "by_airport", "rest"], outputs: ["score"] },
      { op: "Sigmoid", inputs: ["score"], outputs: ["late_probability"] },
    ],
  });
}

const airports = { EWR: 0.75, JFK: 0.25, LGA: -0.25 } as const;
const usualWind = 10;
const perKnot = 0.125;
const perHour = 0.25;
const offset = -5.5;

/** A flight as the source knows it, and whether it was late. */
interface SmallRow {
  readonly id: string;
  readonly origin: keyof typeof airports;
  /** Knots; absent where the station was silent. */
  readonly wind?: number;
  /** 1745 for a quarter to six. */
  readonly time: number;
  readonly late: boolean;
}

const hourOf = (row: Pick<SmallRow, "time">) => Math.floor(row.time / 100);

/** What the model answers, in float64. */
export function smallProbability(row: {
  readonly origin: keyof typeof airports;
  readonly wind?: number;
  readonly hour: number;
}): number {
  const score = airports[row.origin] + perKnot * (row.wind ?? usualWind) + perHour * row.hour + offset;
  return 1 / (1 + Math.exp(-score));
}

function probability(row: Omit<SmallRow, "late">): number {
  return smallProbability({ ...row, hour: hourOf(row) });
}

/** Flights from a seed: the same ones on every machine. */
function madeRows(seed: number, count: number): SmallRow[] {
  let state = seed * 7919;
  const random = () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return (state >>> 8) / 0x7fffff;
  };
  const codes = Object.keys(airports) as (keyof typeof airports)[];
  return Array.from({ length: count }, (_, index) => {
    const row = {
      id: `f${seed}-${index}`,
      origin: codes[Math.floor(random() * 2.999)]!,
      ...(random() < 0.1 ? {} : { wind: Math.round(random() * 360) / 8 }),
      time: (5 + Math.floor(random() * 18.999)) * 100 + 15 * Math.floor(random() * 3.999),
    };
    return { ...row, late: random() < probability(row) };
  });
}

/** CSV of flights that are like those of the joint set, the last of which departs at an instant. */
export function smallFlights(count: number, spacingMs: number, lastMs: number): string {
  const departure = (index: number) => lastMs - (count - 1 - index) * spacingMs;
  return rowsText(madeRows(3, count), departure);
}

/** A flight every three hours since the beginning of 2025, from the one with this number on. */
function everyThreeHours(first: number) {
  return (index: number) => Date.UTC(2025, 0, 1) + (first + index) * 3 * 3_600_000;
}

/** CSV of rows that depart at these instants. */
function rowsText(rows: readonly SmallRow[], departure = everyThreeHours(0)): string {
  const lines = rows.map((row, index) =>
    [
      row.id,
      new Date(departure(index)).toISOString(),
      row.origin,
      row.wind ?? "",
      hourOf(row),
      row.late ? 1 : 0,
    ].join(),
  );
  return `flight_id,departure,origin,wind_speed,hour,late\n${lines.join("\n")}\n`;
}

function goldenText(rows: readonly SmallRow[]): string {
  const lines = rows.map((row) =>
    [
      ...[row.origin, row.wind ?? "", row.time],
      ...[row.origin, row.wind ?? "", hourOf(row)],
      probability(row),
    ].join(),
  );
  const header = [
    ...["raw.origin", "raw.wind", "raw.sched_dep_time"],
    ...["features.origin", "features.wind_speed", "features.hour"],
    "prediction.late_probability",
  ];
  return `${header.join()}\n${lines.join("\n")}\n`;
}

async function writeParquet(path: string, csv: string): Promise<void> {
  await writeFile(`${path}.csv`, csv);
  const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
  const connection = await instance.connect();
  try {
    const [from, to] = [`${path}.csv`, path].map((name) => `'${name.replaceAll("'", "''")}'`);
    await connection.run(`COPY (FROM read_csv(${from})) TO ${to} (FORMAT parquet)`);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function smallContract(version: SmallVersion): string {
  const critical = version === "critical";
  return `baton: 1
level: ${version}
model: { name: late, version: ${critical ? "1.1.0" : "1.0.0"}, task: binary-classification, licence: Apache-2.0 }
run: { onnx: model/late.onnx }
lock: requirements.lock
owners:
  builds: forecasting@example.org
  runs: platform@example.org
  business: passenger-care@example.org
${critical ? "  on-call: pager@example.org\n" : ""}use: Probability that a flight arrives late, to staff desks. Never for pricing.
features:
  - name: origin
    type: string
    values: [EWR, JFK, LGA]
    unknown: reject
    missing: reject
    from: origin
    transform: origin
    available: request
    sensitive: false
    how: Airport of departure.
    why: The airports differ.
  - name: wind_speed
    type: float32
    unit: knot
    range: [0, 200]
    expected: [0, 45]
    missing: allowed
    from: wind
    transform: CAST(wind AS FLOAT)
    available: request
    sensitive: false
    how: Hourly mean at the airport.
    why: Wind closes runways.
  - name: hour
    type: int64
    unit: hour
    range: [0, 23]
    expected: [5, 23]
    missing: reject
    from: sched_dep_time
    transform: CAST(sched_dep_time // 100 AS BIGINT)
    available: request
    sensitive: false
    how: Scheduled local hour.
    why: Delays pile up.
output: { name: late_probability, type: float32, range: [0, 1], unit: "1", threshold: 0.5, meaning: Probability of being late. }
data:
  training: data/training.csv
  joint: data/joint.parquet
  label: late
  key: flight_id
  retention: 90d
  licence: Made up for tests.
golden: { rows: golden/rows.csv, layers: [raw, features, prediction], tolerance: 0.00001 }
rules:
  - { id: no-night-storm, assert: "hour >= 1 || wind_speed <= 150.0", otherwise: reject, when-missing: skip, text: The station is closed at midnight. }
limitations:
  - { id: known-airports, text: Other airports are rejected., kept-by: features.origin }
${critical ? "  - { id: flown-only, text: Only for flights that are flown., kept-by: stated }\n" : ""}gates:
  - { id: auc, assert: "roc_auc >= 0.7" }
${
  critical
    ? `  - { id: auc-by-origin, assert: "roc_auc >= 0.6", by: origin, owner: business }
slices: [origin]
behaviours:
  - { id: more-wind, text: More wind does not make a flight earlier., set: { wind_speed: wind_speed + 5.0 }, expect: after.late_probability >= before.late_probability, share: 0.99 }
`
    : ""
}budget: { p50: 500ms, p99: 2s, at: 1/s, hardware: 1cpu-512Mi }
on-failure: { answer: none, caller: Staffs by last week's plan. }
labels: { key: flight_id, arrive-after: 1d }
${
  critical
    ? `watch: { time: departure, window: 1d, false-alarms: 1 per 90d, keep: { scores: 90d, rows: 0.1 } }
retrain:
  - { id: drifted-and-worse, when: "drift.share > 0.2 && mature.roc_auc < 0.6", for: 3 of 4, cooldown: 7d }
review: { first: 7d, every: 30d }
roll-back: { to: previous, steps: baton rollback }
`
    : ""
}`;
}
