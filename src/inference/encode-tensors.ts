import {
  allocate,
  type Column,
  type ElementType,
  elementsPerRow,
  type Feature,
  type Table,
} from "../contract/index.ts";
import { BatonError } from "../kernel/index.ts";
import type { InputBinding } from "./bind-inputs.ts";
import type { Tensor } from "./model-runner.ts";

/** Turns chosen rows of a table into what the model is fed, in the order given. */
export type TensorEncoder = (table: Table, rows: Int32Array) => ReadonlyMap<string, Tensor>;

/**
 * Prepares the encoding of a table for one model. Missing values become `missing-as`, or NaN.
 * @throws BatonError `configuration-invalid` where a `missing-as` is no value of its feature's type
 */
export function compileEncoder(bindings: readonly InputBinding[]): TensorEncoder {
  const encoders = bindings.map((binding) =>
    binding.kind === "single" ? singleEncoder(binding) : packedEncoder(binding),
  );
  return (table, rows) => {
    const feeds = new Map<string, Tensor>();
    for (const [index, encode] of encoders.entries())
      feeds.set((bindings[index] as InputBinding).tensor.name, encode(table, rows));
    return feeds;
  };
}

type Encode = (table: Table, rows: Int32Array) => Tensor;
type Value = number | bigint | string;

function singleEncoder({ feature, tensor }: Extract<InputBinding, { kind: "single" }>): Encode {
  const substitute = substituteOf(feature);
  const flat = feature.shape.length === 0 && tensor.shape.length === 1;
  return (table, rows) => {
    const column = table.columns.get(feature.name) ?? emptyColumn(feature, table.rows);
    const values = gather(column, rows, substitute);
    const shape = flat ? [rows.length] : [rows.length, ...(column.shape.length === 0 ? [1] : column.shape)];
    return { type: feature.type, shape, values } as Tensor;
  };
}

/** Values of the chosen rows; the column's own array where they are all of them, and none has to be replaced. */
function gather(column: Column, rows: Int32Array, substitute: Value): Column["values"] {
  const perRow = elementsPerRow(column.shape);
  const count = column.values.length / Math.max(perRow, 1);
  const float = column.type === "float32" || column.type === "float64";
  const replaced = column.missing !== undefined || (float && !Number.isNaN(substitute));
  if (rows.length === count && !replaced) return column.values;
  const target = allocate(column.type, rows.length * perRow) as Value[];
  const source = column.values as readonly Value[];
  for (let i = 0; i < rows.length; i++) {
    const row = rows[i] as number;
    const missing = column.missing?.[row] === 1;
    for (let element = 0; element < perRow; element++) {
      const value = source[row * perRow + element] as Value;
      target[i * perRow + element] = missing || Number.isNaN(value) ? substitute : value;
    }
  }
  return target as unknown as Column["values"];
}

function packedEncoder({ features, tensor }: Extract<InputBinding, { kind: "packed" }>): Encode {
  const type = tensor.type as "float32" | "float64";
  const width = features.length;
  const substitutes = features.map((feature) => Number(substituteOf(feature)));
  return (table, rows) => {
    const values = allocate(type, rows.length * width);
    for (const [offset, feature] of features.entries()) {
      const column = table.columns.get(feature.name);
      const substitute = substitutes[offset] as number;
      for (let i = 0; i < rows.length; i++) {
        const row = rows[i] as number;
        const value = column && column.missing?.[row] !== 1 ? Number(column.values[row]) : Number.NaN;
        values[i * width + offset] = Number.isNaN(value) ? substitute : value;
      }
    }
    return { type, shape: [rows.length, width], values } as Tensor;
  };
}

function emptyColumn(feature: Feature, rows: number): Column {
  const shape = feature.shape.map((size) => Math.max(size, 0));
  const values = allocate(feature.type, rows * elementsPerRow(shape));
  return { type: feature.type, shape, values, missing: new Uint8Array(rows).fill(1) } as Column;
}

/** What the model is given for a missing value: NaN for floats, nothing in particular where there can be none. */
function substituteOf({ name, type, missingAs }: Feature): Value {
  const read = substitutes[type];
  const substitute = missingAs === undefined ? read() : read(missingAs);
  if (substitute !== undefined) return substitute;
  throw new BatonError("configuration-invalid", `Feature \`${name}\`: missing-as is no ${type}.`, {
    next: `Give a value of type ${type} under missing-as.`,
  });
}

type ReadSubstitute = (value?: string | number | boolean) => Value | undefined;

const float: ReadSubstitute = (value = Number.NaN) => (typeof value === "number" ? value : undefined);

const substitutes: Readonly<Record<ElementType, ReadSubstitute>> = {
  float32: float,
  float64: float,
  int32: (value = 0) => (typeof value === "number" && (value | 0) === value ? value : undefined),
  int64: (value = 0) =>
    typeof value !== "boolean" && /^-?\d{1,19}$/.test(String(value))
      ? BigInt.asIntN(64, BigInt(value))
      : undefined,
  string: (value = "") => (typeof value === "string" ? value : undefined),
  boolean: (value = false) => (typeof value === "boolean" ? Number(value) : undefined),
};
