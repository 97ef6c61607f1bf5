import { type Contract, parseContract } from "../../contract/index.ts";
import type { TensorInfo } from "../../inference/index.ts";
import { batonLockOf, batonLockText } from "./baton-lock.ts";
import type { CheckInput, FileFacts, ModelFacts } from "./check.ts";
import type {
  DataColumn,
  DataProblem,
  FeatureFacts,
  OverlapFacts,
  Separation,
  TableFacts,
  TableQuestion,
} from "./data-probe.ts";

/*
 * A hand-off in which nothing is wrong, for the tests of the checks: each test breaks one thing of it.
 */

/** The contract, without what a test may add. */
export const cleanYaml = `baton: 1
level: handed-over
model: { name: punctual, version: 1.0.0, task: binary-classification, licence: Apache-2.0 }
run: { onnx: model/m.onnx }
lock: requirements.lock
owners: { builds: forecasting@example.org, runs: platform@example.org }
use: Says which flights arrive late, to staff desks. Never for pricing.
features:
  - { name: origin, type: string, values: [EWR, JFK], unknown: reject, missing: reject, from: origin, how: Code, why: Place }
  - { name: wind, type: float32, unit: mph, range: [0, 200], expected: [0, 45], missing: allowed, how: Hourly, why: Gusts }
  - { name: seats, type: int64, unit: "1", missing: reject, how: Register, why: Size }
output: { name: late, range: [0, 1], unit: "1", threshold: 0.5, meaning: Probability of a late arrival }
data: { training: data/train.parquet, joint: data/joint.parquet, label: late_truth, key: id, licence: public domain }
golden: { rows: golden/rows.parquet, layers: [raw, features, prediction] }
gates: [{ id: auc, assert: "roc_auc >= 0.7" }, { id: by-origin, assert: "roc_auc >= 0.6", by: origin }]
budget: { p99: 50ms, at: 20/s, hardware: 1cpu-512Mi }
on-failure: { answer: none, caller: Staffs by last week's plan. }
labels: { key: id, arrive-after: 1d }
watch: { time: departed, window: 1d, false-alarms: 1 per 90d }
review: { first: 7d, every: 30d }
`;

const none = { count: 0 };
const half: Separation = {
  pairs: 12_000,
  present: { positive: 100, negative: 240 },
  missing: { positive: 20, negative: 40 },
  distinct: 10,
  pureRows: 0,
};

/** Values without fault. */
export const cleanValues: FeatureFacts = {
  missing: none,
  unconvertible: none,
  outOfRange: none,
  outsideExpected: none,
  unknownCategory: none,
  separation: half,
};

const column = (name: string, type: string, kind: DataColumn["kind"]): DataColumn => ({ name, type, kind });

/** A data file without fault. */
export function cleanTable(first: string, last: string): TableFacts {
  return {
    rows: 400,
    columns: [
      column("id", "VARCHAR", "text"),
      column("departed", "TIMESTAMP", "time"),
      column("origin", "VARCHAR", "text"),
      column("wind", "FLOAT", "float"),
      column("seats", "BIGINT", "integer"),
      column("late_truth", "BOOLEAN", "boolean"),
    ],
    features: new Map([
      ["origin", cleanValues],
      ["wind", { ...cleanValues, missing: { count: 60 } }],
      ["seats", cleanValues],
    ]),
    label: { missing: 0, positive: 120, negative: 280, other: none },
    key: { distinct: 400, missing: 0 },
    time: { first, last },
    groups: new Map([
      [
        "origin",
        [
          { value: "EWR", rows: 250 },
          { value: "JFK", rows: 150 },
        ],
      ],
    ]),
    extremes: new Map(),
  };
}

/** Golden rows without fault. */
export function cleanGolden(): TableFacts {
  const { features } = cleanTable("", "");
  return {
    rows: 40,
    columns: [
      column("raw.origin", "VARCHAR", "text"),
      column("features.origin", "VARCHAR", "text"),
      column("features.wind", "FLOAT", "float"),
      column("features.seats", "BIGINT", "integer"),
      column("prediction.late", "DOUBLE", "float"),
    ],
    features,
    groups: new Map(),
    extremes: new Map([["prediction.late", { low: 0.1, high: 0.9, missing: 0 }]]),
  };
}

const input = (name: string, type: TensorInfo["type"]): TensorInfo => ({ name, type, shape: [-1, 1] });

/** A model that fits the contract. */
export const cleanModel: ModelFacts = {
  irVersion: 8,
  opsets: { "ai.onnx": 17, "ai.onnx.ml": 3 },
  customDomains: [],
  inputs: [input("origin", "string"), input("wind", "float32"), input("seats", "int64")],
  outputs: [input("late", "float32")],
  externalData: [],
};

const hash = "a".repeat(64);
const file = (size: number): FileFacts => ({ size, sha256: String(size).padStart(64, "0") });

/** What a test may break. */
export interface HandOff {
  yaml: string;
  training: TableFacts | DataProblem;
  joint: TableFacts | DataProblem;
  golden: TableFacts | DataProblem;
  overlap: OverlapFacts;
  model: ModelFacts | undefined;
  files: Map<string, FileFacts>;
  lock: string | undefined;
  batonLock: string | undefined;
  profile: string | undefined;
  story: Map<string, string>;
  asked: TableQuestion[];
}

/** A fresh hand-off without fault. */
export function cleanHandOff(yaml = cleanYaml): HandOff {
  const files = new Map([
    ["baton.yaml", file(1)],
    ["model/m.onnx", file(2)],
    ["data/train.parquet", file(3)],
    ["data/joint.parquet", file(4)],
    ["golden/rows.parquet", file(5)],
    ["requirements.lock", file(6)],
  ]);
  const contract = contractOf(yaml);
  const rows = new Map([
    ["data/train.parquet", 400],
    ["data/joint.parquet", 400],
    ["golden/rows.parquet", 40],
  ]);
  const named = { tool: "baton 0.1.0", runtime: "onnxruntime 1.30.0" };
  return {
    yaml,
    training: cleanTable("2013-01-01T00:00:00.000Z", "2013-04-30T00:00:00.000Z"),
    joint: cleanTable("2013-05-01T00:00:00.000Z", "2013-05-31T00:00:00.000Z"),
    golden: cleanGolden(),
    overlap: { byKey: none, byContent: 0, trainingRepeats: 0 },
    model: cleanModel,
    files,
    lock: `numpy==2.0.0 \\\n    --hash=sha256:${hash}\n`,
    batonLock: batonLockText(batonLockOf({ contract, files, model: cleanModel, rows, ...named })),
    profile: JSON.stringify(cleanProfile(files)),
    story: new Map([["story/why.md", "# Why\nBecause."]]),
    asked: [],
  };
}

/** A profile that fits. */
export function cleanProfile(files: ReadonlyMap<string, FileFacts>) {
  return {
    format_version: 1,
    left_out: [] as string[],
    reads: { "data:data/train.parquet": files.get("data/train.parquet")?.sha256 },
    features: {
      cells: {
        columns: [
          { name: "origin", type: "string", kind: "categorical", values: ["EWR", "JFK"] },
          { name: "wind", type: "float32", kind: "numeric", starts: [0, 45] },
          { name: "seats", type: "int64", kind: "numeric", starts: [1, 400] },
        ],
      },
    },
    thresholds: { budget: { alarms: 1, windows: 90 }, columns: ["origin", "wind", "seats"] },
  };
}

function contractOf(yaml: string): Contract {
  const { contract } = parseContract({ text: yaml, file: "baton.yaml" });
  if (!contract) throw new Error("the contract of the test does not parse");
  return contract;
}

/** The hand-off as checks get it. */
export function inputOf(handOff: HandOff, more: Partial<CheckInput> = {}): CheckInput {
  const { contract, findings, positionOf } = parseContract({ text: handOff.yaml, file: "baton.yaml" });
  const tables: Readonly<Record<string, TableFacts | DataProblem>> = {
    "data/train.parquet": handOff.training,
    "data/joint.parquet": handOff.joint,
    "golden/rows.parquet": handOff.golden,
  };
  return {
    ...(contract && { contract }),
    parseFindings: findings,
    positionOf,
    files: handOff.files,
    ...(handOff.model && { model: handOff.model }),
    runtime: { runtime: "onnxruntime 1.30.0", irVersion: 13, opsets: { "ai.onnx": 26, "ai.onnx.ml": 5 } },
    probe: {
      table: async (question) => {
        handOff.asked.push(question);
        return tables[question.path] ?? { problem: "missing", detail: "no such file" };
      },
      overlap: async () => handOff.overlap,
    },
    ...(handOff.lock === undefined ? {} : { lock: handOff.lock }),
    ...(handOff.batonLock === undefined ? {} : { batonLock: handOff.batonLock }),
    ...(handOff.profile === undefined ? {} : { profile: handOff.profile }),
    story: handOff.story,
    people: { present: true, findings: [] },
    ...more,
  };
}
