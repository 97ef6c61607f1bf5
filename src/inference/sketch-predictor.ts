import {
  allocate,
  type Column,
  type Contract,
  elementsPerRow,
  type Output,
  type Table,
} from "../contract/index.ts";
import { type PredictorOptions, predictPath } from "./predict-path.ts";
import type { Predictor } from "./prediction.ts";

/**
 * A predictor without a model: answers that keep to the contract and mean nothing, marked as `madeUp`.
 * The same row and seed give the same answer everywhere; inputs are validated as they will be later.
 */
export function sketchPredictor(
  contract: Contract,
  seed = "sketch",
  options: PredictorOptions = {},
): Predictor {
  const source = {
    mostRows: Number.POSITIVE_INFINITY,
    madeUp: true as const,
    answer: async (table: Table, rows: Int32Array) => madeUpAnswers(contract, seed, table, rows),
    close: async () => undefined,
  };
  return predictPath({ ...contract, outputs: contract.outputs.map(closeShape) }, source, options);
}

/** Sizes that the contract leaves open are 1 in a sketch. */
function closeShape(output: Output): Output {
  return { ...output, shape: output.shape.map((size) => (size === -1 ? 1 : size)) };
}

function madeUpAnswers(contract: Contract, seed: string, table: Table, rows: Int32Array): Table {
  const features = contract.features.map((feature) => table.columns.get(feature.name));
  const hashes = Array.from(rows, (row) => hashRow(seed, features, row));
  const columns = contract.outputs.map(closeShape).map((output, index) => {
    const perRow = elementsPerRow(output.shape);
    const values = allocate(output.type, rows.length * perRow) as unknown[];
    for (const [row, hash] of hashes.entries())
      for (let element = 0; element < perRow; element++)
        values[row * perRow + element] = madeUpValue(
          output,
          unitInterval(hash + index * 7919 + element * 104729),
        );
    return [output.name, { type: output.type, shape: output.shape, values } as unknown as Column] as const;
  });
  return { rows: rows.length, columns: new Map(columns) };
}

/** A value of the output's type within its range, for a share of the way through it in [0, 1). */
function madeUpValue({ type, range }: Output, share: number): unknown {
  if (type === "string") return `sketch-${Math.floor(share * 10)}`;
  if (type === "boolean") return share < 0.5 ? 0 : 1;
  const low = range?.[0] ?? Math.min(0, (range?.[1] ?? 1) - 1);
  const high = range?.[1] ?? Math.max(1, low + 1);
  if (type === "float32" || type === "float64") return low + (high - low) * share;
  const whole = Math.min(Math.floor(high), Math.ceil(low) + Math.floor((high - low + 1) * share));
  return type === "int64" ? BigInt(whole) : whole;
}

/** FNV-1a over the text of all values: no secret, only spread. */
function hashRow(seed: string, features: readonly (Column | undefined)[], row: number): number {
  let hash = hashText(2166136261, seed);
  for (const column of features) {
    const perRow = column ? elementsPerRow(column.shape) : 0;
    const missing = column?.missing?.[row] === 1;
    for (let element = 0; element < perRow && !missing; element++)
      hash = hashText(hash, `${column?.values[row * perRow + element]},`);
    hash = hashText(hash, "\n");
  }
  return hash;
}

function hashText(start: number, text: string): number {
  let hash = start;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 16777619);
  return hash;
}

/** Mixes the bits of a 32-bit hash (the finaliser of MurmurHash3) into [0, 1). */
function unitInterval(hash: number): number {
  let mixed = hash | 0;
  mixed = Math.imul(mixed ^ (mixed >>> 16), 0x85ebca6b);
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35);
  return ((mixed ^ (mixed >>> 16)) >>> 0) / 2 ** 32;
}
