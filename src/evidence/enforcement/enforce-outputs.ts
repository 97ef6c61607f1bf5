import { allocate, type Contract, elementsPerRow, type Output, type Table } from "../../contract/index.ts";
import type { ModelRunner, Predictor, Tensor } from "../../inference/index.ts";
import { evidenceFinding } from "../evidence-findings.ts";
import { counted, type Judgement, notRun } from "../evidence-item.ts";
import { rowRange } from "../rows/table-rows.ts";

/** Makes a predictor for a runner: `createPredictor` of inference. */
export type MakePredictor = (runner: ModelRunner) => Predictor;

/**
 * Proves that answers outside an output's range, and NaN, are withheld: a model of ours gives them on purpose, once each,
 * through the same predictor that serves.
 */
export async function enforceOutputs(
  contract: Contract,
  makePredictor: MakePredictor,
  validRows: Table,
): Promise<Judgement[]> {
  const row = rowRange(validRows, 0, Math.min(1, validRows.rows));
  const judgements: Judgement[] = [];
  for (const output of contract.outputs)
    judgements.push(await enforceOutput(contract, makePredictor, row, output));
  return judgements;
}

async function enforceOutput(
  contract: Contract,
  makePredictor: MakePredictor,
  row: Table,
  output: Output,
): Promise<Judgement> {
  const clause = `outputs.${output.name}`;
  if (row.rows === 0) return notRun(clause, "enforcement", "no joint row is valid, so nothing can be asked");
  const answers = breakingAnswers(output);
  if (answers.length === 0)
    return notRun(clause, "enforcement", "it has no limit that an answer could break");
  const answered = async (value: number) => {
    const predictor = makePredictor(constantRunner(contract, output, value));
    const prediction = await predictor.predict(row);
    await predictor.close();
    return prediction;
  };
  const control = await answered(validAnswer(output));
  if (control.answered[0] !== 1)
    return notRun(
      clause,
      "enforcement",
      `an answer within its limits is withheld: ${control.rejections[0]?.message ?? ""}`,
    );
  const wrong: string[] = [];
  for (const { name, value } of answers) {
    const prediction = await answered(value);
    const blamed = prediction.rejections.some((rejection) => rejection.clause === clause);
    if (prediction.answered[0] === 1 || !blamed) wrong.push(name);
  }
  const measured = { violations: answers.length, enforced: answers.length - wrong.length };
  const said = answers.map(({ name }) => name).join(", ");
  if (wrong.length === 0)
    return {
      clause,
      test: "enforcement",
      outcome: "pass",
      measured,
      message: `Violated on purpose ${counted(answers.length, "time")} (${said}): the answer was withheld.`,
    };
  const message = `An answer that is ${wrong.join(" or ")} leaves ${clause} unnoticed.`;
  return {
    clause,
    test: "enforcement",
    outcome: "fail",
    measured,
    message,
    findings: [evidenceFinding("evidence.not-enforced", { clause, message })],
  };
}

function breakingAnswers({ range, type }: Output): { name: string; value: number }[] {
  if (type === "string" || type === "boolean") return [];
  const [low, high] = range ?? [null, null];
  const step = (bound: number) => (type.startsWith("int") ? 1 : Math.max(Math.abs(bound), 1) / 1024);
  return [
    ...(low === null ? [] : [{ name: "below its range", value: low - step(low) }]),
    ...(high === null ? [] : [{ name: "above its range", value: high + step(high) }]),
    ...(type.startsWith("float") ? [{ name: "not a number", value: Number.NaN }] : []),
  ];
}

function validAnswer({ range }: Output): number {
  const [low, high] = range ?? [null, null];
  return low ?? high ?? 0;
}

/** A model with the contract's inputs and outputs that gives one value for one output, and valid ones for the others. */
function constantRunner(contract: Contract, broken: Output, value: number): ModelRunner {
  const tensors = [...new Set(contract.outputs.map(({ tensor }) => tensor))];
  const shapeOf = (tensor: string) => {
    const columns = contract.outputs.flatMap((output) =>
      output.tensor === tensor && output.column !== undefined ? [output.column] : [],
    );
    if (columns.length > 0) return [Math.max(...columns) + 1];
    return (contract.outputs.find((output) => output.tensor === tensor)?.shape ?? []).map((size) =>
      Math.max(size, 1),
    );
  };
  return {
    inputs: contract.features.map(({ name, type, shape }) => ({ name, type, shape: [-1, ...shape] })),
    outputs: tensors.map((name) => ({
      name,
      type: contract.outputs.find((output) => output.tensor === name)!.type,
      shape: [-1, ...shapeOf(name)],
    })),
    run: async (feeds) => {
      const rows = [...feeds.values()][0]?.shape[0] ?? 1;
      return new Map(
        tensors.map((name) => [name, answerTensor(contract, name, rows, shapeOf(name), broken, value)]),
      );
    },
    close: async () => {},
  };
}

function answerTensor(
  contract: Contract,
  name: string,
  rows: number,
  shape: readonly number[],
  broken: Output,
  value: number,
): Tensor {
  const outputs = contract.outputs.filter((output) => output.tensor === name);
  const type = outputs[0]!.type;
  const per = elementsPerRow(shape);
  const values = allocate(type, rows * per);
  for (let at = 0; at < rows * per; at++) {
    const output = outputs.find((one) => one.column === at % per) ?? outputs[0]!;
    const number = output.name === broken.name ? value : validAnswer(output);
    if (typeof values[at] === "string") continue;
    values[at] = type === "int64" ? BigInt(Math.round(number)) : number;
  }
  return { type, shape: [rows, ...shape], values } as Tensor;
}
