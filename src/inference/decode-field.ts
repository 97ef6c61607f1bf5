import { allocate, type Column, elementsPerRow, type Feature } from "../contract/index.ts";
import { BatonError } from "../kernel/index.ts";
import { nestedReader, resolveShape } from "./read-nested.ts";
import { type ReadValue, readers } from "./read-value.ts";

/** One column while records are read into it. */
export interface Field {
  readonly read: ReadValue;
  readonly type: Column["type"];
  readonly shape: readonly number[];
  readonly values: Column["values"];
  /** By row: {@link absent} until a value was read or refused. Scalar floats have none: NaN says it. */
  readonly state: Uint8Array | undefined;
}

/** Makes the column of one feature for a call. @throws BatonError `input-too-large` */
export type OpenField = (records: readonly unknown[]) => Field;

/** States of a value. */
export const present = 0;
export const absent = 1;
export const refused = 2;

/** Values that one column of a call may hold; body limits are far below it. */
const mostValues = 2 ** 27;

/** Prepares the columns of one feature. */
export function compileField(feature: Feature): OpenField {
  const { type, shape } = feature;
  if (shape.includes(-1))
    return (records) => {
      const sizes = sizesFrom(feature, records);
      return openField(feature, sizes, nestedReader(sizes, type), records.length);
    };
  const read = shape.length === 0 ? readers[type] : nestedReader(shape, type);
  return (records) => openField(feature, shape, read, records.length);
}

function openField({ name, type }: Feature, shape: readonly number[], read: ReadValue, rows: number): Field {
  const length = rows * elementsPerRow(shape);
  if (length > mostValues)
    throw new BatonError("input-too-large", `${rows} rows of \`${name}\` are too many for one call.`, {
      next: "Send fewer rows at a time.",
    });
  const values = allocate(type, length);
  const float = type === "float32" || type === "float64";
  if (float) fill(values as Float64Array, Number.NaN);
  const state = float && shape.length === 0 ? undefined : new Uint8Array(rows);
  if (state) fill(state, absent);
  return { read, type, shape, values, state };
}

/** The finished column: with a mask only where something is missing and NaN does not say so. */
export function closeField({ type, shape, values, state }: Field): Column {
  let complete = true;
  for (let row = 0; state && row < state.length; row++) {
    if (state[row] !== present) complete = false;
    if (state[row] === refused) state[row] = absent;
  }
  return (complete ? { type, shape, values } : { type, shape, values, missing: state }) as Column;
}

/** For the few elements of a small call a loop is faster than the built-in. */
function fill(values: Float64Array | Uint8Array, value: number): void {
  if (values.length > 32) values.fill(value);
  else for (let i = 0; i < values.length; i++) values[i] = value;
}

/** Open sizes as the first fitting value has them; 0 where there is none. */
function sizesFrom(feature: Feature, records: readonly unknown[]): readonly number[] {
  for (const record of records) {
    if (typeof record !== "object" || record === null || !Object.hasOwn(record, feature.name)) continue;
    const sizes = resolveShape(feature.shape, (record as Record<string, unknown>)[feature.name]);
    if (sizes) return sizes;
  }
  return feature.shape.map((size) => Math.max(size, 0));
}
