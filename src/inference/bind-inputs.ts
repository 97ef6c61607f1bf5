import { type Contract, type ElementType, type Feature, nearest } from "../contract/index.ts";
import type { Finding } from "../kernel/index.ts";
import { inferenceFinding } from "./inference-findings.ts";
import type { ModelRunner, TensorInfo } from "./model-runner.ts";

/** How features reach one input of the model. */
export type InputBinding =
  | { readonly kind: "single"; readonly tensor: TensorInfo; readonly feature: Feature }
  /** One `[rows, k]` float tensor takes the contract's k scalar features as columns, in the contract's order. */
  | { readonly kind: "packed"; readonly tensor: TensorInfo; readonly features: readonly Feature[] };

/** The model's inputs as the contract fills them, and where the two disagree. */
export interface BoundInputs {
  readonly bindings: readonly InputBinding[];
  /** Most rows that one run takes: 1 for a model with a fixed first dimension of 1, else Infinity. */
  readonly mostRows: number;
  /** Codes `model.input-…`, `model.batch-fixed`. */
  readonly problems: readonly Finding[];
}

/** Matches features with a model's inputs, by name; or packs them, where the model has one float input for all. */
export function bindInputs(contract: Contract, model: Pick<ModelRunner, "inputs">): BoundInputs {
  const packed = packedBinding(contract, model.inputs);
  if (packed?.tensor.shape[1] === contract.features.length) return bound([packed], []);
  if (packed) return bound([], [otherWidth(packed.tensor, contract.features.length)]);
  const inputs = new Map(model.inputs.map((input) => [input.name, input]));
  const bindings: InputBinding[] = [];
  const problems: Finding[] = [];
  for (const [index, feature] of contract.features.entries()) {
    const tensor = inputs.get(feature.name);
    if (tensor) bindings.push({ kind: "single", tensor, feature });
    problems.push(...problemsOf(feature, `features[${index}]`, tensor, [...inputs.keys()]));
  }
  const declared = new Set(contract.features.map((feature) => feature.name));
  for (const input of model.inputs) if (!declared.has(input.name)) problems.push(undeclared(input));
  return bound(bindings, problems);
}

function bound(bindings: readonly InputBinding[], problems: readonly Finding[]): BoundInputs {
  const fixed = bindings.filter(({ tensor }) => (tensor.shape[0] ?? -1) > 1);
  const single = bindings.some(({ tensor }) => tensor.shape[0] === 1);
  return {
    bindings,
    mostRows: single ? 1 : Number.POSITIVE_INFINITY,
    problems: [...problems, ...fixed.map(({ tensor }) => batchFixed(tensor, "input"))],
  };
}

/** A tensor whose first dimension is a number greater than one. */
export function batchFixed(tensor: TensorInfo, side: "input" | "output"): Finding {
  return inferenceFinding("model.batch-fixed", {
    expected: "a variable first dimension",
    received: shapeText(tensor.shape),
    message: `The model's ${side} \`${tensor.name}\` takes exactly ${tensor.shape[0]} rows at a time.`,
  });
}

const packable: readonly ElementType[] = ["float32", "float64", "int32", "int64", "boolean"];

/** The binding, whatever its width, where features cannot be meant one by one. */
function packedBinding(contract: Contract, inputs: readonly TensorInfo[]): InputBinding | undefined {
  const [tensor, ...others] = inputs;
  const { features } = contract;
  if (!tensor || others.length > 0 || features.some((feature) => feature.name === tensor.name))
    return undefined;
  const table = ["float32", "float64"].includes(tensor.type) && tensor.shape.length === 2;
  const numeric = features.every(({ shape, type }) => shape.length === 0 && packable.includes(type));
  const several = tensor.shape[1] === features.length || (tensor.shape[1] !== 1 && features.length > 1);
  return table && numeric && several ? { kind: "packed", tensor, features } : undefined;
}

function otherWidth({ name, shape }: TensorInfo, features: number): Finding {
  const open = shape[1] === -1 ? "; export the model with a fixed number of them" : "";
  return inferenceFinding("model.input-shape", {
    path: "features",
    expected: shapeText(shape),
    received: shapeText([-1, features]),
    message: `The model takes all features as columns of \`${name}\` ${shapeText(shape)}, and the contract has ${features}${open}.`,
  });
}

function problemsOf(
  feature: Feature,
  path: string,
  tensor: TensorInfo | undefined,
  inputs: readonly string[],
): Finding[] {
  const at = { clause: `features.${feature.name}` };
  if (!tensor) return [absentInput(feature, path, inputs)];
  const problems: Finding[] = [];
  if (tensor.type !== feature.type)
    problems.push(
      inferenceFinding("model.input-type", {
        ...at,
        path: `${path}.type`,
        expected: tensor.type,
        received: feature.type,
        message: `Feature \`${feature.name}\` is ${feature.type}; the model takes ${tensor.type}.`,
      }),
    );
  if (!fitsShape(feature.shape, tensor.shape))
    problems.push(
      inferenceFinding("model.input-shape", {
        ...at,
        path: feature.shape.length === 0 ? path : `${path}.shape`,
        expected: shapeText(tensor.shape),
        received: shapeText([-1, ...feature.shape]),
        message: `Feature \`${feature.name}\` makes ${shapeText([-1, ...feature.shape])}; the model takes ${shapeText(tensor.shape)}.`,
      }),
    );
  return problems;
}

function absentInput(feature: Feature, path: string, inputs: readonly string[]): Finding {
  const near = nearest(feature.name, inputs, 1)[0];
  return inferenceFinding("model.input-absent", {
    clause: `features.${feature.name}`,
    path: `${path}.name`,
    expected: inputs.slice(0, 12).join(", ") + (inputs.length > 12 ? ` and ${inputs.length - 12} more` : ""),
    received: feature.name,
    message: `The model has no input \`${feature.name}\`${near === undefined ? "." : `; it has \`${near}\`.`}`,
  });
}

function undeclared(input: TensorInfo): Finding {
  return inferenceFinding("model.input-undeclared", {
    path: "features",
    expected: `a feature \`${input.name}\` of ${input.type} ${shapeText(input.shape)}`,
    message: `The model wants an input \`${input.name}\` (${input.type} ${shapeText(input.shape)}), which is no feature.`,
  });
}

/** Does one row's shape, behind a dimension of rows, fit a tensor's? A scalar fits `[rows]` and `[rows, 1]`. */
export function fitsShape(row: readonly number[], tensor: readonly number[]): boolean {
  if (tensor.length === 0) return false;
  const rest = tensor.slice(1);
  if (row.length === 0) return rest.every((size) => size === 1 || size === -1) && rest.length <= 1;
  return (
    rest.length === row.length &&
    rest.every((size, axis) => size === -1 || row[axis] === -1 || size === row[axis])
  );
}

/** `[N, 3]`: a variable dimension as a letter. */
export function shapeText(shape: readonly number[]): string {
  return `[${shape.map((size, axis) => (size === -1 ? (axis === 0 ? "N" : "?") : size)).join(", ")}]`;
}
