import type { Contract, Feature } from "../../contract/index.ts";
import { createPredictor, type ModelRunner, type Predictor, type Tensor } from "../../inference/index.ts";
import { BatonError } from "../../kernel/index.ts";
import { type BatonServer, createServer } from "./create-server.ts";
import { defaultLimits, type ServerOptions } from "./server-options.ts";

/*
 * A small served model for tests: every element type, a list, a sensitive feature, a rule. It really computes:
 * `lateness` is weight / 100 (77 breaks the output clause, 66 makes the runtime fail), `receipt` is `order_no` + 1.
 */

const feature = (name: string, type: Feature["type"], detail: Partial<Feature> = {}): Feature => ({
  name,
  type,
  shape: [],
  unknown: "reject",
  missing: "reject",
  sensitive: false,
  ...detail,
});

/** The contract of the served model. */
export const parcels: Contract = {
  level: "handed-over",
  model: { name: "parcel-delay", version: "1.2.0", task: "binary-classification", licence: "Apache-2.0" },
  run: { kind: "onnx", path: "model/parcels.onnx" },
  owners: { builds: "forecasting@example.org", runs: "platform@example.org" },
  use: "Says how likely a parcel is late. Never for <pricing> & blame.",
  features: [
    feature("carrier", "string", { values: ["AA", "B6"], how: "Who drives." }),
    feature("town", "string", {
      values: ["Ulm", "Köln"],
      unknown: "warn",
      missing: "allowed",
      missingAs: "Ulm",
    }),
    feature("weight", "float32", { range: [0, 100], expected: [1, 50], unit: "kg" }),
    feature("rain", "float64", { missing: "allowed", range: [0, null] }),
    feature("order_no", "int64", { missing: "allowed", missingAs: 0 }),
    feature("stops", "int32", { values: ["1", "2", "3"] }),
    feature("express", "boolean"),
    feature("size", "float32", { shape: [3], range: [0, 10] }),
    feature("age", "int32", { sensitive: true, range: [18, 120] }),
  ],
  outputs: [
    { name: "lateness", type: "float32", shape: [], tensor: "lateness", range: [0, 1], threshold: 0.3 },
    { name: "receipt", type: "int64", shape: [], tensor: "receipt" },
    { name: "spread", type: "float32", shape: [2], tensor: "spread" },
  ],
  data: { joint: "data/joint.parquet", label: "late", key: "parcel_id", references: [] },
  rules: [
    {
      id: "light-express",
      assert: "!express || weight <= 20.0",
      otherwise: "reject",
      whenMissing: "skip",
      text: "Express takes 20 kg.",
    },
  ],
  limitations: [{ id: "no-sea", text: "Nothing that goes by <ship>.", keptBy: "stated" }],
  gates: [],
  behaviours: [],
  slices: [],
  retrain: [],
  onFailure: { answer: "none", caller: "Treats it as on time." },
  labels: { key: "parcel_id", arriveAfter: "1d" },
  watch: { time: "posted_at", window: "1d", falseAlarms: "1 per 90d", keepRows: 0.1 },
};

/** A row that breaks nothing. */
export const goodRecord = {
  parcel_id: "p-1",
  carrier: "AA",
  town: "Ulm",
  weight: 12.5,
  rain: 0.5,
  order_no: 41,
  stops: 2,
  express: true,
  size: [1, 2, 3],
  age: 47,
};

/** What executes the model: plain arithmetic on what it is really given. */
export const parcelRunner: ModelRunner = {
  inputs: parcels.features.map(({ name, type, shape }) => ({
    name,
    type,
    shape: [-1, ...(shape.length ? shape : [1])],
  })),
  outputs: parcels.outputs.map(({ name, type, shape }) => ({
    name,
    type,
    shape: [-1, ...(shape.length ? shape : [1])],
  })),
  async run(feeds) {
    const weights = feeds.get("weight")?.values as Float32Array;
    const orders = feeds.get("order_no")?.values as BigInt64Array;
    if (weights.includes(66)) throw new BatonError("internal", "The runtime failed.");
    const rows = weights.length;
    const lateness = weights.map((weight) => (weight === 77 ? 2 : weight / 100));
    const spread = Float32Array.from({ length: 2 * rows }, (_, i) => (lateness[i >> 1] as number) + (i % 2));
    return new Map<string, Tensor>([
      ["lateness", { type: "float32", shape: [rows, 1], values: lateness }],
      ["receipt", { type: "int64", shape: [rows, 1], values: orders.map((order) => order + 1n) }],
      ["spread", { type: "float32", shape: [rows, 2], values: spread }],
    ]);
  },
  close: async () => undefined,
};

/** Options that serve the model; `change` what a test is about. */
export function serverOptions(change: Partial<ServerOptions> = {}): ServerOptions {
  const contract = change.contract ?? parcels;
  return {
    contract,
    predictor: change.predictor ?? createPredictor({ contract, runner: parcelRunner }),
    digest: "ab".repeat(32),
    contractText: "baton: 1\n",
    irregular: [],
    examples: [goodRecord, { ...goodRecord, parcel_id: "p-2", rain: null }],
    version: "0.0.0-test",
    limits: defaultLimits,
    clock: () => performance.now(),
    ...change,
  };
}

/** A server in process, for `app.inject`. */
export function testServer(change: Partial<ServerOptions> = {}): BatonServer {
  return createServer(serverOptions(change));
}

/** A predictor of which each call waits until it is released; `calls` counts those that began. */
export function gatedPredictor(): { predictor: Predictor; release(): void; calls(): number } {
  const inner = createPredictor({ contract: parcels, runner: parcelRunner });
  const waiting: (() => void)[] = [];
  let calls = 0;
  const wait = () => {
    calls++;
    return new Promise<void>((resolve) => void waiting.push(resolve));
  };
  return {
    predictor: {
      contract: parcels,
      predict: async (table) => wait().then(() => inner.predict(table)),
      predictRecords: async (records) => wait().then(() => inner.predictRecords(records)),
      close: inner.close,
    },
    release: () => {
      for (const resolve of waiting.splice(0)) resolve();
    },
    calls: () => calls,
  };
}
