import type { ElementType, Task } from "../contract.ts";
import {
  type ColumnGuesses,
  type DraftInput,
  type DraftTensor,
  isTwoValued,
  tensorType,
} from "./draft-facts.ts";
import { rowShape } from "./draft-features.ts";

/** One drafted output; `note` is for the person who reads it. */
export interface DraftedOutput {
  readonly name: string;
  readonly type: ElementType;
  readonly shape: readonly number[];
  readonly tensor?: string;
  readonly column?: number;
  readonly note?: string;
}

/** Drafted outputs with the one that decides first, the task they speak for, and what the model lacks. */
interface DraftedOutputs {
  readonly outputs: readonly DraftedOutput[];
  readonly task: Task;
  readonly lacks: readonly string[];
}

/** Outputs out of the model; a probability of two classes is the column of the second. */
export function draftOutputs(input: DraftInput, guesses: ColumnGuesses): DraftedOutputs {
  const tensors = input.onnx?.outputs ?? [];
  const lacks: string[] = [];
  const known = tensors.filter((tensor) => {
    if (tensorType(tensor.type)) return true;
    lacks.push(
      `The output \`${tensor.name}\` is a ${tensor.type}, which cannot be read: export it as a plain tensor (zipmap=False in skl2onnx).`,
    );
    return false;
  });
  const probabilities = known.find(isTwoClasses);
  const others = known.filter(
    (tensor) => tensor !== probabilities && !(probabilities && isClassLabel(tensor)),
  );
  const outputs = [
    ...(probabilities ? [probabilityOf(probabilities, known, others)] : []),
    ...others.map((tensor) => plainOutput(tensor)),
  ];
  const task = guessTask(input, guesses, outputs, probabilities !== undefined);
  if (outputs.length > 0) return { outputs, task, lacks };
  const name = task === "regression" ? "prediction" : "probability";
  return { outputs: [{ name, type: "float32", shape: [] }], task, lacks };
}

function isTwoClasses(tensor: DraftTensor): boolean {
  const isFloat = tensor.type === "float32" || tensor.type === "float64";
  return isFloat && tensor.shape.length === 2 && tensor.shape[1] === 2;
}

function isClassLabel(tensor: DraftTensor): boolean {
  return (
    (tensor.type === "int64" || tensor.type === "string") && rowShape(tensor.shape.slice(1)).length === 0
  );
}

function probabilityOf(
  tensor: DraftTensor,
  known: readonly DraftTensor[],
  others: readonly DraftTensor[],
): DraftedOutput {
  const name = others.some((other) => other.name === "probability") ? `${tensor.name}_1` : "probability";
  const left = known
    .filter((other) => other !== tensor && !others.includes(other))
    .map((other) => other.name);
  const also = left.length > 0 ? `; the model also answers ${left.join(", ")}` : "";
  const note = `the second of two classes${also}`.replace(/\s+/g, " ");
  return { name, type: tensor.type as ElementType, shape: [], tensor: tensor.name, column: 1, note };
}

function plainOutput(tensor: DraftTensor): DraftedOutput {
  return { name: tensor.name, type: tensor.type as ElementType, shape: rowShape(tensor.shape.slice(1)) };
}

function guessTask(
  input: DraftInput,
  guesses: ColumnGuesses,
  outputs: readonly DraftedOutput[],
  hasProbabilities: boolean,
): Task {
  if (hasProbabilities) return "binary-classification";
  const [first] = outputs;
  if (first && (first.shape.length > 0 || first.type === "string")) return "other";
  const label = input.data?.columns.find((column) => column.name === guesses.label);
  if (label && !isTwoValued(label)) return "regression";
  return "binary-classification";
}
