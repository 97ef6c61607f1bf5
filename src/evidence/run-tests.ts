import type { Clause, Contract, Table } from "../contract/index.ts";
import { createPredictor, type Prediction, type Predictor } from "../inference/index.ts";
import { digestOf, messageOf } from "../kernel/index.ts";
import { judgeBehaviour } from "./behaviours.ts";
import { enforceOutputs } from "./enforce-outputs.ts";
import { enforceInputs } from "./enforcement.ts";
import type { EvidenceItem, EvidenceRun, Host, Reads } from "./evidence.ts";
import { guarded, itemOf, type Judgement, notRun } from "./evidence-item.ts";
import { judgeGate } from "./gates.ts";
import {
  type Reimplementation,
  rawParity,
  reimplementationParity,
  type TransformRunner,
  transformParity,
} from "./parity-features.ts";
import { predictionParity } from "./parity-prediction.ts";
import { predictAll } from "./predict-all.ts";
import { qualityReports } from "./quality.ts";
import { type ReadNeed, readsFor } from "./reads.ts";
import { type ScoredRows, scoreRows, type Unscored } from "./scored-rows.ts";
import { featureColumns, takeRows } from "./table-rows.ts";
import { requiredTest } from "./verdicts.ts";

/** Everything that tests need, loaded. */
export interface TestInput {
  readonly contract: Contract;
  readonly clauses: readonly Clause[];
  /** Of `currentReads`. */
  readonly reads: Reads;
  /** Absent where the model cannot be had: what needs it is not-run, with `whyNoPredictor`. */
  readonly predictor?: Predictor;
  readonly whyNoPredictor?: string;
  /** The joint set with its features, label and key; absent where it is not at hand. */
  readonly jointRows?: Table;
  /** The golden rows with all their columns (`raw.…`, `features.…`, `prediction.…`, `about`). */
  readonly goldenRows?: Table;
  /** The version before this one, for `previous.` in gates. */
  readonly previous?: { readonly version: string; readonly predictor: Predictor };
  /** Executes the contract's transforms on the raw layer. */
  readonly transforms?: TransformRunner;
  /** An engineer's own preprocessing, compared with the features layer beside the transforms. */
  readonly reimplementation?: {
    readonly name: string;
    readonly digest: string;
    readonly prepare: Reimplementation;
  };
  /** Wall clock, RFC 3339 in UTC. */
  readonly now: () => string;
  readonly host: Host;
  readonly tool: EvidenceRun["tool"];
  /** Only these clause ids; all where absent. */
  readonly only?: ReadonlySet<string>;
  /** Called as each part begins, for people who wait. */
  readonly onPart?: (part: "parity" | "gates" | "behaviours" | "enforcement") => void;
}

/** Runs everything that the contract declares, and says for each clause what came out and what was read. */
export async function runTests(input: TestInput): Promise<EvidenceRun> {
  const startedAt = input.now();
  const items: EvidenceItem[] = [];
  const wanted = (clause: string) => !input.only || input.only.has(clause);
  if (wanted("golden")) items.push(...(await parityItems(input)));
  const joint = lazily(() => askJointRows(input));
  items.push(...(await gateItems(input, joint, wanted)));
  items.push(...(await behaviourItems(input, joint, wanted)));
  items.push(...(await enforcementItems(input, joint, wanted)));
  return {
    kind: "test",
    tool: input.tool,
    model: input.contract.model.name,
    version: input.contract.model.version,
    host: input.host,
    startedAt,
    finishedAt: input.now(),
    items,
  };
}

async function parityItems(input: TestInput): Promise<EvidenceItem[]> {
  const { contract, goldenRows: rows, predictor, transforms, reimplementation } = input;
  const { golden } = contract;
  if (!golden) return [];
  input.onPart?.("parity");
  const item = (judgement: Judgement, needs: readonly ReadNeed[]) =>
    itemOf(judgement, readsFor(input.reads, contract, "golden", ["golden", ...needs]));
  if (!rows) return [item(notRun("golden", "parity", `${golden.rows} is not at hand`), [])];
  const items: EvidenceItem[] = [];
  for (const layer of golden.layers) {
    if (layer === "raw")
      items.push(item(await guarded("golden", "parity", () => rawParity({ contract, rows })), ["features"]));
    if (layer === "features")
      items.push(
        item(await guarded("golden", "parity", () => transformParity({ contract, rows }, transforms)), [
          "features",
        ]),
      );
    if (layer === "prediction")
      items.push(item(await askedParity(input, rows, predictor), ["model", "features", "outputs", "rules"]));
  }
  if (reimplementation) {
    const judgement = await guarded("golden", "re-implementation", () =>
      reimplementationParity({ contract, rows }, reimplementation.prepare),
    );
    const made = item(judgement, ["features"]);
    items.push({
      ...made,
      reads: { ...made.reads, [`data:${reimplementation.name}`]: reimplementation.digest },
    });
  }
  return items;
}

function askedParity(
  input: TestInput,
  rows: Table,
  predictor: Predictor | undefined,
): Judgement | Promise<Judgement> {
  const { golden } = input.contract;
  const missing = noModel(input);
  if (missing !== undefined || !predictor || !golden)
    return notRun("golden", "parity", `prediction layer: ${missing ?? "there is no model"}`);
  return guarded("golden", "parity", () =>
    predictionParity({ contract: input.contract, golden, rows, predictor }),
  );
}

/** The joint set with the model's answers; `problem` says why nothing can be judged on it. */
interface Asked {
  readonly features: Table;
  readonly joint: Table;
  readonly prediction: Prediction;
  readonly validRows: Table;
}

async function askJointRows(input: TestInput): Promise<Asked | Unscored> {
  const { contract, jointRows: joint, predictor } = input;
  if (!joint)
    return {
      problem: `the joint set${contract.data.joint ? `, ${contract.data.joint},` : ""} is not at hand`,
    };
  if (!predictor) return { problem: noModel(input) ?? "there is no model" };
  try {
    const features = featureColumns(contract, joint);
    const prediction = await predictAll(predictor, features);
    const valid: number[] = [];
    for (let row = 0; row < joint.rows && valid.length < 2000; row++)
      if (prediction.answered[row] === 1) valid.push(row);
    return { features, joint, prediction, validRows: takeRows(features, Uint32Array.from(valid)) };
  } catch (thrown) {
    return { problem: `the model could not be asked for the joint set: ${messageOf(thrown)}` };
  }
}

type Wanted = (clause: string) => boolean;
type Joint = () => Promise<Asked | Unscored>;

async function gateItems(input: TestInput, joint: Joint, wanted: Wanted): Promise<EvidenceItem[]> {
  const { contract } = input;
  const gates = contract.gates.filter(({ id }) => wanted(`gates.${id}`));
  if (gates.length === 0 && (input.only || contract.slices.length === 0)) return [];
  input.onPart?.("gates");
  const scored =
    noModel(input) === undefined ? await scoredJoint(contract, joint) : { problem: noModel(input) as string };
  const comparing = gates.some((gate) => gate.assert.includes("previous"));
  const previous = comparing &&
    input.previous && { version: input.previous.version, joint: await scoredPrevious(input, joint) };
  const items: EvidenceItem[] = [];
  for (const gate of gates) {
    const clause = `gates.${gate.id}`;
    const reads = readsFor(input.reads, contract, clause, [
      ...testedOnJoint,
      ...(gate.assert.includes("previous") ? (["previous"] as const) : []),
    ]);
    const judgement = await guarded(clause, "gate", () =>
      "problem" in scored
        ? notRun(clause, "gate", scored.problem)
        : judgeGate(gate, { contract, joint: scored, seed: digestOf(reads), ...(previous && { previous }) }),
    );
    items.push(itemOf(judgement, reads));
  }
  if (!input.only && !("problem" in scored))
    for (const report of qualityReports(contract, scored))
      items.push(itemOf(report, readsFor(input.reads, contract, report.clause, testedOnJoint)));
  return items;
}

const testedOnJoint: readonly ReadNeed[] = ["model", "joint", "features", "outputs", "rules"];

async function scoredJoint(contract: Contract, joint: Joint): Promise<ScoredRows | Unscored> {
  const asked = await joint();
  return "problem" in asked ? asked : scoreRows(contract, asked.joint, asked.features, asked.prediction);
}

async function scoredPrevious(
  { contract, previous, jointRows }: TestInput,
  joint: Joint,
): Promise<ScoredRows | Unscored> {
  const asked = await joint();
  if ("problem" in asked) return asked;
  if (!previous || !jointRows) return { problem: "it is not at hand" };
  try {
    const theirs = previous.predictor.contract;
    const features = featureColumns(theirs, jointRows);
    const lacking = theirs.features.filter(({ name }) => !features.columns.has(name)).map(({ name }) => name);
    if (lacking.length > 0)
      return { problem: `the joint set lacks its features ${lacking.slice(0, 5).join(", ")}` };
    const truth = { ...theirs, data: contract.data, model: { ...theirs.model, task: contract.model.task } };
    return scoreRows(truth, jointRows, features, await predictAll(previous.predictor, features));
  } catch (thrown) {
    return { problem: messageOf(thrown) };
  }
}

async function behaviourItems(input: TestInput, joint: Joint, wanted: Wanted): Promise<EvidenceItem[]> {
  const { contract, predictor } = input;
  const behaviours = contract.behaviours.filter(({ id }) => wanted(`behaviours.${id}`));
  if (behaviours.length === 0) return [];
  input.onPart?.("behaviours");
  const missing = noModel(input);
  const asked = missing === undefined ? await joint() : { problem: missing };
  const items: EvidenceItem[] = [];
  for (const behaviour of behaviours) {
    const clause = `behaviours.${behaviour.id}`;
    const judgement = await guarded(clause, "behaviour", () =>
      "problem" in asked || !predictor
        ? notRun(clause, "behaviour", "problem" in asked ? asked.problem : "there is no model")
        : judgeBehaviour(behaviour, {
            contract,
            predictor,
            features: asked.features,
            joint: asked.joint,
            before: asked.prediction,
          }),
    );
    items.push(itemOf(judgement, readsFor(input.reads, contract, clause, testedOnJoint)));
  }
  return items;
}

async function enforcementItems(input: TestInput, joint: Joint, wanted: Wanted): Promise<EvidenceItem[]> {
  const { contract, predictor } = input;
  const enforced = input.clauses
    .filter(
      (clause) =>
        clause.kept.some((kept) => requiredTest(clause, kept) === "enforcement") && wanted(clause.id),
    )
    .map(({ id }) => id);
  if (enforced.length === 0) return [];
  input.onPart?.("enforcement");
  const asked = await joint();
  const judgements =
    "problem" in asked || !predictor ? [] : await enforceAll(contract, predictor, asked.validRows);
  const reason = "problem" in asked ? asked.problem : "there is no test for this kind of clause";
  return enforced.map((clause) =>
    itemOf(
      judgements.find((judgement) => judgement.clause === clause) ?? notRun(clause, "enforcement", reason),
      readsFor(input.reads, contract, clause, ["joint", "features", "outputs", "rules"]),
    ),
  );
}

async function enforceAll(contract: Contract, predictor: Predictor, validRows: Table): Promise<Judgement[]> {
  const broken = (clause: string, thrown: unknown) =>
    notRun(clause, "enforcement", `it could not be run: ${messageOf(thrown)}`);
  const inputs = await enforceInputs(contract, predictor, validRows).catch((thrown: unknown) =>
    [
      ...contract.features.map(({ name }) => `features.${name}`),
      ...contract.rules.map(({ id }) => `rules.${id}`),
    ].map((clause) => broken(clause, thrown)),
  );
  const outputs = await enforceOutputs(
    contract,
    (runner) => createPredictor({ contract, runner }),
    validRows,
  ).catch((thrown: unknown) => contract.outputs.map(({ name }) => broken(`outputs.${name}`, thrown)));
  return [...inputs, ...outputs];
}

/** Why nothing can be said about a model; undefined where there is one. */
function noModel({ contract, predictor, whyNoPredictor }: TestInput): string | undefined {
  if (!contract.run) return "there is no model yet";
  return predictor ? undefined : (whyNoPredictor ?? "the model is not at hand");
}

function lazily<Value>(make: () => Promise<Value>): () => Promise<Value> {
  let made: Promise<Value> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
