import type { Contract } from "../../contract/index.ts";
import type { Place } from "../../kernel/index.ts";
import type { CheckFacts } from "./check.ts";
import {
  type DataProbe,
  type DataProblem,
  isProblem,
  type OverlapFacts,
  type TableFacts,
  type TableQuestion,
} from "./data-probe.ts";

type Loaded = Omit<CheckFacts, "training" | "joint" | "golden" | "overlap">;

/** Asks the data files everything that the checks of a place want to know; files that are not there are not asked. */
export async function gatherFacts(loaded: Loaded, place: Place): Promise<CheckFacts> {
  if (place === "server") return loaded;
  const { contract, probe } = loaded;
  const ask = (path: string | undefined, more: Partial<TableQuestion>) =>
    path === undefined ? Promise.resolve(undefined) : askTable(loaded, questionFor(contract, path, more));
  const [training, joint, golden] = await Promise.all([
    place === "builder" ? ask(contract.data.training, {}) : Promise.resolve(undefined),
    ask(contract.data.joint, { groups: slicing(contract), separation: true }),
    ask(contract.golden?.rows, goldenQuestion(contract)),
  ]);
  const overlap = await askOverlap(contract, probe, training, joint);
  return {
    ...loaded,
    ...(training && { training }),
    ...(joint && { joint }),
    ...(golden && { golden }),
    ...(overlap && { overlap }),
  };
}

async function askTable(loaded: Loaded, question: TableQuestion): Promise<TableFacts | DataProblem> {
  if (!loaded.files.has(question.path)) return { problem: "missing", detail: "there is no such file" };
  return loaded.probe.table(question);
}

function questionFor(contract: Contract, path: string, more: Partial<TableQuestion>): TableQuestion {
  const { label, key } = contract.data;
  const time = contract.watch?.time;
  return {
    path,
    features: contract.features,
    prefix: "",
    task: contract.model.task,
    ...(label === undefined ? {} : { label }),
    ...(key === undefined ? {} : { key }),
    ...(time === undefined ? {} : { time }),
    separation: contract.data.joint === undefined,
    groups: [],
    extremes: [],
    ...more,
  };
}

function goldenQuestion(contract: Contract): Partial<TableQuestion> {
  return {
    prefix: "features.",
    label: undefined,
    key: undefined,
    time: undefined,
    separation: false,
    extremes: contract.outputs.map((output) => `prediction.${output.name}`),
  };
}

function slicing(contract: Contract): string[] {
  return [...new Set(contract.gates.flatMap((gate) => (gate.by === undefined ? [] : [gate.by])))];
}

/** Only files that both can be read are compared, on the columns that both have. */
async function askOverlap(
  contract: Contract,
  probe: DataProbe,
  training: TableFacts | DataProblem | undefined,
  joint: TableFacts | DataProblem | undefined,
): Promise<OverlapFacts | undefined> {
  if (!training || !joint || isProblem(training) || isProblem(joint)) return undefined;
  if (training.rows === 0 || joint.rows === 0) return undefined;
  const has = (name: string) =>
    [training, joint].every(({ columns }) => columns.some((column) => column.name === name));
  const { label, key } = contract.data;
  return probe.overlap({
    training: contract.data.training as string,
    joint: contract.data.joint as string,
    features: contract.features.filter(
      (feature) => training.features.has(feature.name) && joint.features.has(feature.name),
    ),
    ...(label !== undefined && has(label) ? { label } : {}),
    ...(key !== undefined && has(key) ? { key } : {}),
  });
}
