import {
  allocate,
  type Column,
  type Contract,
  elementsPerRow,
  type Output,
  type Table,
} from "../contract/index.ts";
import { BatonError } from "../kernel/index.ts";
import { shapeText } from "./bind-inputs.ts";
import type { Tensor } from "./model-runner.ts";

/**
 * The contract's outputs out of what the model gave for `rows` rows: whole tensors, or one column of them.
 * @throws BatonError `output-invalid` where a tensor is not what was promised
 */
export function interpretOutputs(
  contract: Contract,
  results: ReadonlyMap<string, Tensor>,
  rows: number,
): Table {
  const columns = new Map(contract.outputs.map((output) => [output.name, interpret(output, results, rows)]));
  return { rows, columns };
}

function interpret(output: Output, results: ReadonlyMap<string, Tensor>, rows: number): Column {
  const tensor = results.get(output.tensor);
  if (tensor?.type !== output.type) throw unexpected(output, rows, tensor);
  const { type, shape } = output;
  const perRow = elementsPerRow(shape);
  if (output.column === undefined || tensor.values.length === rows) {
    const fits = tensor.values.length === rows * perRow && (output.column ?? 0) === 0;
    if (fits) return { type, shape, values: tensor.values } as Column;
    throw unexpected(output, rows, tensor);
  }
  const width = tensor.values.length / rows;
  const whole = tensor.shape.length === 2 && tensor.shape[0] === rows && output.column < width;
  if (!whole) throw unexpected(output, rows, tensor);
  const values = allocate(type, rows) as unknown[];
  for (let row = 0; row < rows; row++) values[row] = tensor.values[row * width + output.column];
  return { type, shape, values } as unknown as Column;
}

function unexpected(output: Output, rows: number, tensor: Tensor | undefined): BatonError {
  const came = tensor ? `${tensor.type} ${shapeText(tensor.shape)}` : "nothing";
  const which = output.column === undefined ? shapeText([rows, ...output.shape]) : `column ${output.column}`;
  return new BatonError(
    "output-invalid",
    `Output \`${output.name}\` wants ${output.type} ${which} of \`${output.tensor}\` for ${rows} rows; the model gave ${came}.`,
    { next: "Compare the model's outputs with the contract: run `baton check`." },
  );
}

/** 1 where a value is at or above the output's threshold; absent where the output has none, or is no number. */
export function decide(output: Output | undefined, column: Column | undefined): Uint8Array | undefined {
  if (output?.threshold === undefined || column === undefined || output.shape.length > 0) return undefined;
  if (column.type === "string" || column.type === "boolean") return undefined;
  const threshold = column.type === "float32" ? Math.fround(output.threshold) : output.threshold;
  const decisions = new Uint8Array(column.values.length);
  for (let row = 0; row < decisions.length; row++)
    if ((column.values[row] as number | bigint) >= threshold) decisions[row] = 1;
  return decisions;
}
