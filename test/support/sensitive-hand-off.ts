import { logisticModel, writeMadeHandOff } from "./made-hand-off.ts";

/*
 * A hand-off about people: two features that anybody may see, four that are sensitive, and values in those that occur nowhere
 * else, so that a search for them finds every place that they came to.
 */

/** Values of sensitive features, as text; whatever holds one of them holds somebody's data. */
export const canaries = {
  text: "CANARY",
  /** As numbers: in the training data too, outside what is expected, below the range, against a rule, a day of birth. */
  numbers: [8675309.5, -7355608.25, 95550123.75, 19770214],
} as const;

/** One visit: what the model is asked about. */
export interface Visit {
  readonly visit_id: string;
  readonly at: string;
  readonly origin: string;
  readonly wind_speed: number;
  readonly passenger: string;
  readonly ward: string;
  readonly income: number;
  readonly born: number;
  readonly late: number;
}

const day = 86_400_000;

/** Visits from a day on, so many a day; canaries stand in the sensitive columns, and every tenth row of the first day breaks a clause there. */
export function visits(from: string, days: number, perDay: number): Visit[] {
  return Array.from({ length: days * perDay }, (_, index) => {
    const broken = index < perDay && index % 10 === 9 ? ((index / 10) % 3) | 0 : -1;
    return {
      visit_id: `v${from}-${index}`,
      at: new Date(Date.parse(from) + Math.floor((index * day) / perDay)).toISOString(),
      origin: ["EWR", "JFK", "LGA"][index % 3]!,
      wind_speed: (index * 7) % 45,
      passenger: `${canaries.text}-${index}`,
      ward: broken === 0 ? `${canaries.text}-ward` : ["north", "south"][index % 2]!,
      income: broken === 1 ? canaries.numbers[1] : broken === 2 ? canaries.numbers[2] : incomeOf(index),
      born: index % 5 === 0 ? canaries.numbers[3] : 19600101 + (index % 300),
      late: (index * 7) % 45 > 20 ? 1 : 0,
    };
  });
}

const incomeOf = (index: number) => (index % 4 === 0 ? canaries.numbers[0] : 20_000 + (index % 100) * 10);

/** Visits as CSV. */
export function visitsText(rows: readonly Visit[]): string {
  const names = Object.keys(rows[0]!) as (keyof Visit)[];
  return `${names.join()}\n${rows.map((row) => names.map((name) => row[name]).join()).join("\n")}\n`;
}

/** Writes contract, model and training data. `key` is what labels go by: the visit, or the sensitive passenger. */
export async function writeSensitiveHandOff(folder: string, key: "visit_id" | "passenger"): Promise<void> {
  const training = visits("2025-01-01", 40, 50).filter(
    ({ ward, income }) => ward.length === 5 && income > 0 && income < 9e7,
  );
  const inputs = [
    { name: "origin", type: "string" },
    { name: "wind_speed", type: "float32" },
    { name: "passenger", type: "string" },
    { name: "ward", type: "string" },
    { name: "income", type: "float64" },
    { name: "born", type: "int64" },
  ] as const;
  await writeMadeHandOff(folder, {
    contract: contractText(key),
    model: logisticModel(inputs, "wind_speed"),
    training: visitsText(training),
  });
}

function contractText(key: string): string {
  const sensitive = "available: request, sensitive: true, how: Asked., why: A test.";
  return `baton: 1
level: handed-over
model: { name: visits, version: 1.0.0, task: binary-classification }
run: { onnx: model/late.onnx }
lock: requirements.lock
owners: { builds: forecasting@example.org, runs: platform@example.org }
use: Made up for a test. Never for anything else.
features:
  - { name: origin, type: string, values: [EWR, JFK, LGA], unknown: reject, missing: reject, sensitive: false }
  - { name: wind_speed, type: float32, unit: knot, range: [0, 200], missing: reject, sensitive: false }
  - { name: passenger, type: string, missing: allowed, ${sensitive} }
  - { name: ward, type: string, values: [north, south], unknown: reject, missing: reject, ${sensitive} }
  - { name: income, type: float64, unit: EUR, range: [0, 100000000], expected: [0, 200000], missing: allowed, ${sensitive} }
  - { name: born, type: int64, unit: "1", range: [18000101, 20260101], missing: reject, ${sensitive} }
output: { name: late_probability, type: float32, range: [0, 1], threshold: 0.5 }
data: { training: data/training.csv, label: late, key: visit_id }
rules:
  - { id: no-millions, assert: "income < 90000000.0", otherwise: reject, when-missing: skip }
gates:
  - { id: auc, assert: "roc_auc >= 0.7" }
slices: [origin, ward, income]
limitations:
  - { id: two-wards, text: Other wards are rejected., kept-by: features.ward }
budget: { p50: 500ms, p99: 2s, at: 1/s, hardware: 1cpu-512Mi }
on-failure: { answer: none, caller: Waits. }
labels: { key: ${key}, arrive-after: 1d }
watch: { time: at, window: 1d, false-alarms: 1 per 90d, keep: { scores: 90d, rows: 1 } }
retrain:
  - { id: enough, when: "traffic.rows >= 4", for: 2 of 3, cooldown: 7d, min-labels: 0 }
review: { first: 7d, every: 30d }
`;
}
