import { type Contract, nearest, type Output } from "../contract/index.ts";
import type { Finding } from "../kernel/index.ts";
import { batchFixed, fitsShape, shapeText } from "./bind-inputs.ts";
import { inferenceFinding } from "./inference-findings.ts";
import type { ModelRunner, TensorInfo } from "./model-runner.ts";

/** Matches the contract's outputs with a model's tensors. Tensors that no output names are not answered. */
export function bindOutputs(
  contract: Contract,
  model: Pick<ModelRunner, "outputs">,
): { readonly problems: readonly Finding[] } {
  const tensors = new Map(model.outputs.map((tensor) => [tensor.name, tensor]));
  const problems = contract.outputs.flatMap((output, index) =>
    problemsOf(output, `output[${index}]`, tensors.get(output.tensor), [...tensors.keys()]),
  );
  return { problems };
}

function problemsOf(
  output: Output,
  path: string,
  tensor: TensorInfo | undefined,
  names: readonly string[],
): Finding[] {
  const clause = `outputs.${output.name}`;
  if (!tensor) return [absentOutput(output, path, names)];
  const problems: Finding[] = [];
  if (tensor.type !== output.type)
    problems.push(
      inferenceFinding("model.output-type", {
        clause,
        path: `${path}.type`,
        expected: tensor.type,
        received: output.type,
        message: `Output \`${output.name}\` is ${output.type}; the model's tensor \`${tensor.name}\` is ${tensor.type}.`,
      }),
    );
  const shape = shapeProblem(output, path, tensor);
  if (shape) problems.push(shape);
  if ((tensor.shape[0] ?? -1) > 1) problems.push(batchFixed(tensor, "output"));
  return problems;
}

function absentOutput(output: Output, path: string, names: readonly string[]): Finding {
  const near = nearest(output.tensor, names, 1)[0];
  return inferenceFinding("model.output-absent", {
    clause: `outputs.${output.name}`,
    path: `${path}.tensor`,
    expected: names.slice(0, 12).join(", "),
    received: output.tensor,
    message: `The model has no output \`${output.tensor}\`${near === undefined ? "." : `; it has \`${near}\`.`}`,
  });
}

/** The model may not say the shape of an output (rank 0): it is then checked at each run. */
function shapeProblem(output: Output, path: string, tensor: TensorInfo): Finding | undefined {
  const { shape, column } = output;
  if (tensor.shape.length === 0 && !shape.includes(-1)) return undefined;
  const width = tensor.shape.length === 1 ? 1 : tensor.shape[1];
  const several = shape.length === 0 && tensor.shape.length === 2;
  if (several && column === undefined && width !== 1 && width !== -1)
    return columnProblem(output, path, tensor, "does not say which column it is");
  if (shape.length === 0 && column !== undefined && tensor.shape.length <= 2)
    return width === -1 || column < (width as number)
      ? undefined
      : columnProblem(output, `${path}.column`, tensor, `names column ${column}, which is not there`);
  if (!shape.includes(-1) && column === undefined && fitsShape(shape, tensor.shape)) return undefined;
  return inferenceFinding("model.output-shape", {
    clause: `outputs.${output.name}`,
    path: shape.length === 0 ? path : `${path}.shape`,
    expected: shapeText(tensor.shape),
    received: shapeText([-1, ...shape]),
    message: `Output \`${output.name}\` has ${shapeText([-1, ...shape])}; the model gives ${shapeText(tensor.shape)}${shape.includes(-1) ? ", and an answer of variable size is not supported" : ""}.`,
  });
}

function columnProblem(output: Output, path: string, tensor: TensorInfo, fault: string): Finding {
  return inferenceFinding("model.output-column", {
    clause: `outputs.${output.name}`,
    path,
    expected: `a column of ${shapeText(tensor.shape)}`,
    received: output.column === undefined ? "no column" : String(output.column),
    message: `The model gives \`${tensor.name}\` as ${shapeText(tensor.shape)}; output \`${output.name}\` ${fault}.`,
  });
}
