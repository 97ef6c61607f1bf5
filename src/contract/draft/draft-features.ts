import type { WrittenFeature } from "../written/schema.ts";
import {
  type ColumnGuesses,
  columnType,
  type DraftColumn,
  type DraftInput,
  type DraftTensor,
  tensorType,
} from "./draft-facts.ts";

/** Drafted features, and what the model lacks for them. */
interface DraftedFeatures {
  readonly features: readonly WrittenFeature[];
  /** Sentences about inputs that cannot be served as they are. */
  readonly lacks: readonly string[];
}

const mostCategories = 200;

/** Features out of the model's inputs, else out of the data's columns, else two to begin with. */
export function draftFeatures(input: DraftInput, guesses: ColumnGuesses): DraftedFeatures {
  if (input.onnx) return fromModel(input.onnx.inputs, input.data?.columns ?? []);
  const columns = (input.data?.columns ?? []).filter((column) => {
    const apart = [guesses.label, guesses.key, guesses.time].includes(column.name);
    return !apart && column.name.trim() !== "" && columnType(column.type) !== undefined;
  });
  if (columns.length === 0) return { features: examples, lacks: [] };
  const features = columns.map((column) =>
    describe({ name: column.name, type: columnType(column.type) ?? "string" }, column),
  );
  return { features, lacks: [] };
}

const examples: readonly WrittenFeature[] = [
  {
    name: "age",
    type: "float32",
    unit: "year",
    missing: "allowed",
    expected: [18, 90],
    how: "At the time of the request.",
    why: "An example: replace it.",
  },
  {
    name: "plan",
    type: "string",
    values: ["basic", "plus"],
    unknown: "warn",
    missing: "reject",
    how: "From the contract.",
    why: "An example: replace it.",
  },
];

function fromModel(inputs: readonly DraftTensor[], columns: readonly DraftColumn[]): DraftedFeatures {
  const lacks: string[] = [];
  const features = inputs.map((input, index) => {
    const tensor = input.name.trim() === "" ? { ...input, name: `input_${index}` } : input;
    const type = tensorType(tensor.type);
    const [batch, ...rest] = tensor.shape;
    if (!type)
      lacks.push(
        `\`${tensor.name}\` is ${tensor.type}, which callers cannot send: convert it inside the model (a Cast node).`,
      );
    const isBatched = batch === -1 || (batch === 1 && tensor.shape.length > 1);
    if (!isBatched)
      lacks.push(
        `\`${tensor.name}\` has the shape [${tensor.shape.join(", ")}] and no batch dimension in front: export it with a variable first dimension.`,
      );
    const shape = rowShape(isBatched ? rest : tensor.shape);
    const feature: WrittenFeature = {
      name: tensor.name,
      type: type ?? "float32",
      ...(shape.length > 0 ? { shape } : {}),
    };
    const column = columns.find((candidate) => candidate.name === tensor.name);
    return column && shape.length === 0 ? describe(feature, column) : feature;
  });
  return { features, lacks };
}

/** One value a row is a scalar, whether the model calls it [N] or [N, 1]. */
export function rowShape(rest: readonly number[]): number[] {
  return rest.length === 1 && rest[0] === 1 ? [] : [...rest];
}

/**
 * What a sample may say of a feature: that missing values are there, which numbers are usual, which categories there are.
 * It never says that something is forbidden: no hard range, no `missing: reject`, no rejected category.
 */
function describe(feature: WrittenFeature, column: DraftColumn): WrittenFeature {
  const expected = boundsOf(feature, column);
  const values = categoriesOf(feature, column);
  return {
    ...feature,
    ...(column.missing > 0 ? { missing: "allowed" as const } : {}),
    ...(expected ? { expected } : {}),
    ...(values ? { values, unknown: "warn" as const } : {}),
  };
}

function boundsOf(feature: WrittenFeature, column: DraftColumn): [number, number] | undefined {
  if (feature.type === "string" || feature.type === "boolean") return undefined;
  const bounds = [column.min, column.max].map((bound) =>
    typeof bound === "number" || typeof bound === "bigint" ? Number(bound) : Number.NaN,
  );
  const [low = Number.NaN, high = Number.NaN] = bounds;
  const isWhole = feature.type === "int32" || feature.type === "int64";
  const kept = (bound: number) => Number.isFinite(bound) && Math.abs(bound) <= Number.MAX_SAFE_INTEGER;
  if (!kept(low) || !kept(high)) return undefined;
  return isWhole ? [Math.floor(low), Math.ceil(high)] : [low, high];
}

function categoriesOf(feature: WrittenFeature, column: DraftColumn): string[] | undefined {
  const { values, distinct } = column;
  if (feature.type !== "string" || !values || values.length === 0) return undefined;
  const isComplete = distinct === undefined || distinct <= values.length;
  const repeats = values.length <= Math.max(2, (column.rows - column.missing) / 2);
  if (!isComplete || !repeats || values.length > mostCategories) return undefined;
  return [...new Set(values.map(({ value }) => value))].sort();
}
