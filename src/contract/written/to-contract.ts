import { parseDuration } from "../../kernel/index.ts";
import type {
  Behaviour,
  Budget,
  Contract,
  Feature,
  Gate,
  Golden,
  Limitation,
  OnFailure,
  Output,
  RetrainTrigger,
  Rule,
  Run,
  Serving,
  WatchPolicy,
} from "../contract.ts";
import type { WrittenContract, WrittenFeature } from "./schema.ts";

type Written<Key extends keyof WrittenContract> = NonNullable<WrittenContract[Key]>;
type Item<List> = List extends readonly (infer Element)[] ? Element : never;

/** Normal form of a written contract that fits the schema; `features` are those of the table where it names one. Defaults are here and nowhere else. */
export function toContract(written: WrittenContract, features: readonly WrittenFeature[]): Contract {
  return compact<Contract>({
    level: written.level,
    model: written.model,
    run: written.run && toRun(written.run),
    lock: written.lock ?? (written.run && "python" in written.run ? written.run.lock : undefined),
    owners: written.owners,
    use: written.use,
    featureTable: typeof written.features === "string" ? written.features : undefined,
    features: features.map(toFeature),
    outputs: listOf(written.output).map(toOutput),
    data: { ...written.data, references: written.data?.references ?? [] },
    rules: (written.rules ?? []).map(toRule),
    limitations: (written.limitations ?? []).map(toLimitation),
    gates: toGates(written.gates ?? []),
    behaviours: (written.behaviours ?? []).map(toBehaviour),
    slices: written.slices ?? [],
    golden: written.golden && toGolden(written.golden),
    budget: written.budget && toBudget(written.budget),
    onFailure: written["on-failure"] as OnFailure | undefined,
    labels: written.labels && { key: written.labels.key, arriveAfter: written.labels["arrive-after"] },
    watch: written.watch && toWatch(written.watch),
    errors: written.errors,
    retrain: (written.retrain ?? []).map(toTrigger),
    review: written.review,
    serving: written.serving && toServing(written.serving),
    rollBack: written["roll-back"],
  });
}

/** At 500 rows, a quarter of them positive, the 95 % interval of a ROC AUC of 0.7 is about ±0.05 (Hanley and McNeil 1982). */
const minimumLabels = 500;

function toTrigger(written: Item<Written<"retrain">>): RetrainTrigger {
  const { "min-labels": minLabels, ...rest } = written;
  return {
    ...rest,
    for: rest.for ?? "1 of 1",
    cooldown: rest.cooldown ?? "1d",
    minLabels: minLabels ?? minimumLabels,
  };
}

function toRun(run: Written<"run">): Run {
  if ("onnx" in run) return { kind: "onnx", path: run.onnx };
  if ("python" in run) return { kind: "python", entry: run.python };
  return { kind: "oip", url: run.oip, model: run.model };
}

function toFeature(written: WrittenFeature): Feature {
  const { "missing-as": missingAs, ...rest } = written;
  const undecided = (["missing", "sensitive"] as const).filter((key) => written[key] === undefined);
  return compact<Feature>({
    ...rest,
    shape: written.shape ?? [],
    values: written.values?.map(String),
    unknown: written.unknown ?? "reject",
    missing: written.missing ?? "reject",
    missingAs,
    sensitive: written.sensitive ?? false,
    undecided: undecided.length > 0 ? undecided : undefined,
  });
}

function toOutput(written: Item<Exclude<Written<"output">, { name: string }>>): Output {
  return compact<Output>({
    ...written,
    type: written.type ?? "float32",
    shape: written.shape ?? [],
    tensor: written.tensor ?? written.name,
  });
}

function toRule(written: Item<Written<"rules">>): Rule {
  const { "when-missing": whenMissing, ...rest } = written;
  return { ...rest, otherwise: written.otherwise ?? "reject", whenMissing: whenMissing ?? "skip" };
}

function toLimitation(written: Item<Written<"limitations">>): Limitation {
  const { "kept-by": keptBy, ...rest } = written;
  return { ...rest, keptBy };
}

/** Slices with fewer rows say nothing about a rate: the default of `minimum-rows`. */
const minimumRows = 100;

function toGates(written: Written<"gates">): Gate[] {
  const taken = new Set(written.map((gate) => (typeof gate === "string" ? "" : gate.id)));
  return written.map((gate) => {
    if (typeof gate === "string") return { id: gateId(gate, taken), assert: gate, minimumRows };
    const { "minimum-rows": rows, ...rest } = gate;
    return { ...rest, minimumRows: rows ?? minimumRows };
  });
}

/** A gate in the short form is named by the names that it compares, so that its id survives a new threshold. */
function gateId(assert: string, taken: Set<string>): string {
  const names = assert.match(/[a-z_][a-z0-9_.]*/gi) ?? [];
  const words = [...new Set(names)].slice(0, 3).join("-").toLowerCase();
  const stem =
    words
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-+|-+$/g, "")
      .slice(0, 60) || "gate";
  let id = stem;
  for (let n = 2; taken.has(id); n++) id = `${stem}-${n}`;
  taken.add(id);
  return id;
}

function toBehaviour(written: Item<Written<"behaviours">>): Behaviour {
  return { ...written, share: written.share ?? 1 };
}

function toGolden(written: Written<"golden">): Golden {
  return {
    rows: written.rows,
    layers: written.layers ?? ["raw", "features", "prediction"],
    tolerance: written.tolerance ?? 1e-6,
  };
}

function toBudget(written: Written<"budget">): Budget {
  const [, cpus, memory, unit] = /^([\d.]+)cpu-(\d+)(Mi|Gi)$/.exec(written.hardware) ?? [];
  const latencies = (["p50", "p95", "p99"] as const).flatMap((p) => {
    const bound = written[p];
    return bound === undefined ? [] : [[p, parseDuration(bound)] as const];
  });
  return compact<Budget>({
    latencyMs: Object.fromEntries(latencies),
    rate: written.at === undefined ? undefined : perSecond(written.at),
    cpus: Number(cpus),
    memoryMiB: Number(memory) * (unit === "Gi" ? 1024 : 1),
    owner: written.owner,
  });
}

function perSecond(rate: string): number {
  const [number, unit] = rate.split("/");
  return Number(number) / (unit === "min" ? 60 : 1);
}

function toWatch(written: Written<"watch">): WatchPolicy {
  return compact<WatchPolicy>({
    time: written.time,
    window: written.window,
    falseAlarms: written["false-alarms"],
    strata: written.strata,
    keepScores: written.keep?.scores,
    keepRows: written.keep?.rows ?? 0,
    owner: written.owner,
  });
}

function toServing(written: Written<"serving">): Serving {
  const { traffic } = written;
  return compact<Serving>({
    replicas: written.replicas ?? 1,
    traffic: traffic && {
      arrivals: traffic.arrivals ?? "poisson",
      rate: perSecond(traffic.rate),
      rows: traffic.rows ?? [1],
      invalid: traffic.invalid ?? 0,
    },
  });
}

function listOf<T>(value: T | readonly T[] | undefined): readonly T[] {
  return value === undefined ? [] : Array.isArray(value) ? value : [value as T];
}

type Loose<T> = { readonly [K in keyof T]: T[K] | undefined };

/** Leaves out what is undefined, so that equal contracts are equal as JSON. */
function compact<T extends object>(value: Loose<T>): T {
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== undefined)) as T;
}
