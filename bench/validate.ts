import { performance } from "node:perf_hooks";
import { Ajv2020 } from "ajv/dist/2020.js";
import type { Contract, Feature } from "../src/contract/index.ts";
import { compileValidator } from "../src/contract/index.ts";
import { compileDecoder } from "../src/inference/index.ts";

/*
 * Rows per second of decode + validate for a contract of 14 features (3 strings with categories, 2 integers, 9 floats,
 * one rule), against ajv, compiled from a JSON Schema of the same types, ranges and categories, over the same records in the same
 * run. Ajv checks less: it builds no columns, and has neither the rule nor warnings.
 */

const seconds = Number(process.argv[2] ?? 0.4);
const repeats = 7;

const carriers = [
  "9E",
  "AA",
  "AS",
  "B6",
  "DL",
  "EV",
  "F9",
  "FL",
  "HA",
  "MQ",
  "OO",
  "UA",
  "US",
  "VX",
  "WN",
  "YV",
];
const destinations = Array.from({ length: 105 }, (_, i) => `D${String(i).padStart(2, "0")}`);
const origins = ["EWR", "JFK", "LGA"];

const feature = (name: string, type: Feature["type"], rest: Partial<Feature> = {}): Feature => ({
  name,
  type,
  shape: [],
  unknown: "reject",
  missing: "allowed",
  sensitive: false,
  ...rest,
});

const features: readonly Feature[] = [
  feature("origin", "string", { values: origins, missing: "reject" }),
  feature("carrier", "string", { values: carriers, missing: "reject" }),
  feature("destination", "string", { values: destinations, missing: "reject" }),
  feature("distance", "float32", { range: [1, 6000], missing: "reject" }),
  feature("hour", "int64", { range: [0, 23], missing: "reject" }),
  feature("weekday", "int64", { range: [0, 6], missing: "reject" }),
  feature("temperature", "float32", { range: [-40, 130], expected: [5, 105] }),
  feature("wind_speed", "float32", { range: [0, 120], expected: [0, 45] }),
  feature("wind_gust", "float32", { range: [0, 150], expected: [0, 70] }),
  feature("precipitation", "float32", { range: [0, 10], expected: [0, 1.5] }),
  feature("visibility", "float32", { range: [0, 20] }),
  feature("pressure", "float32", { range: [900, 1100], expected: [980, 1045] }),
  feature("plane_age", "float32", { range: [0, 100] }),
  feature("seats", "float32", { range: [1, 500] }),
];

const contract: Contract = {
  level: "sketch",
  model: { name: "bench", version: "1.0.0", task: "binary-classification" },
  owners: { builds: "a@example.org", runs: "b@example.org" },
  use: "Benchmark.",
  features,
  outputs: [],
  data: { references: [] },
  rules: [{ id: "gust", assert: "wind_gust >= wind_speed", otherwise: "warn", whenMissing: "skip" }],
  limitations: [],
  gates: [],
  behaviours: [],
  slices: [],
  retrain: [],
};

function schema(): object {
  const properties = features.map(({ name, type, range, values, missing }) => {
    const nullable = missing === "allowed" ? ["null"] : [];
    if (type === "string") return [name, { type: "string", enum: values }];
    const [minimum, maximum] = range ?? [];
    return [name, { type: [type === "int64" ? "integer" : "number", ...nullable], minimum, maximum }];
  });
  return {
    type: "array",
    items: {
      type: "object",
      properties: { id: { type: "string" }, ...Object.fromEntries(properties) },
      required: features.filter((f) => f.missing === "reject").map((f) => f.name),
      additionalProperties: false,
    },
  };
}

/** Deterministic records: no clock, no randomness in what is measured. */
function records(count: number): unknown[] {
  let state = 12345;
  const next = () => {
    state = (Math.imul(state, 1103515245) + 12345) & 0x7fffffff;
    return state / 0x7fffffff;
  };
  const pick = (values: readonly string[]) => values[Math.floor(next() * values.length)];
  const sometimes = (value: number) => (next() < 0.05 ? null : value);
  const rows = Array.from({ length: count }, (_, i) => ({
    id: `r${i}`,
    origin: pick(origins),
    carrier: pick(carriers),
    destination: pick(destinations),
    distance: 100 + Math.floor(next() * 4900),
    hour: Math.floor(next() * 24),
    weekday: Math.floor(next() * 7),
    temperature: sometimes(10 + next() * 90),
    wind_speed: sometimes(next() * 30),
    wind_gust: sometimes(30 + next() * 30),
    precipitation: sometimes(next()),
    visibility: sometimes(next() * 10),
    pressure: sometimes(990 + next() * 40),
    plane_age: sometimes(next() * 40),
    seats: sometimes(20 + Math.floor(next() * 300)),
  }));
  return JSON.parse(JSON.stringify(rows)) as unknown[];
}

function rowsPerSecond(
  batches: readonly (readonly unknown[])[],
  call: (batch: readonly unknown[]) => unknown,
): number {
  const end = performance.now() + seconds * 1000;
  const start = performance.now();
  let rows = 0;
  for (let i = 0; performance.now() < end; i = (i + 1) % batches.length) {
    const batch = batches[i] as readonly unknown[];
    if (!call(batch)) throw new Error("A valid batch was refused.");
    rows += batch.length;
  }
  return rows / ((performance.now() - start) / 1000);
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] as number;
const thousands = (value: number) => `${Math.round(value / 1000).toLocaleString("en")}k`;

const decode = compileDecoder(contract);
const { validate } = compileValidator(contract);
const decodeAndValidate = (batch: readonly unknown[]) => {
  const decoded = decode(batch);
  return decoded.count === 0 && validate(decoded.table).counts.rejections === 0;
};
const ajv = new Ajv2020({ allowUnionTypes: true }).compile(schema());

console.log(
  `decode + validate, rows/s (median of ${repeats} × ${seconds} s)   ajv   ratio to ajv (median of pairs)`,
);
for (const size of [1, 32, 256]) {
  const all = records(size === 1 ? 2048 : size * 64);
  const batches = Array.from({ length: all.length / size }, (_, i) => all.slice(i * size, (i + 1) * size));
  rowsPerSecond(batches, decodeAndValidate);
  rowsPerSecond(batches, (batch) => ajv(batch));
  const pairs = Array.from({ length: repeats }, () => ({
    ours: rowsPerSecond(batches, decodeAndValidate),
    theirs: rowsPerSecond(batches, (batch) => ajv(batch)),
  }));
  const ratio = median(pairs.map(({ ours, theirs }) => ours / theirs)).toFixed(2);
  const ours = thousands(median(pairs.map((pair) => pair.ours)));
  const theirs = thousands(median(pairs.map((pair) => pair.theirs)));
  console.log(
    `batch ${String(size).padStart(3)}: ${ours.padStart(8)}   ajv ${theirs.padStart(8)}   ratio ${ratio}`,
  );
}
