import { type Column, elementsPerRow, type Feature } from "../contract/index.ts";
import { BatonError } from "../kernel/index.ts";
import { nestedReader, resolveShape } from "./read-nested.ts";
import { columnReader, type ReadValue } from "./read-value.ts";

/** One column while records are read into it. */
export interface Field {
  readonly read: ReadValue;
  /** By row: {@link absent} until a value was read or refused. */
  readonly state: Uint8Array;
  readonly column: Column;
  /** Sizes are taken from the values: a missing one has none. */
  readonly open: boolean;
}

/** States of a value. */
export const present = 0;
export const absent = 1;
export const refused = 2;

/** Values that one column of a call may hold; body limits are far below it. */
const mostValues = 2 ** 27;

/** Makes the column of a feature. @throws BatonError `input-too-large` */
export function openField(feature: Feature, records: readonly unknown[]): Field {
  const open = feature.shape.includes(-1);
  const shape = open ? sizesFrom(feature, records) : feature.shape;
  const length = records.length * elementsPerRow(shape);
  if (length > mostValues)
    throw new BatonError(
      "input-too-large",
      `${records.length} rows of \`${feature.name}\` are too many for one call.`,
      {
        next: "Send fewer rows at a time.",
      },
    );
  const { values, read } = columnReader(feature.type, length);
  const state = new Uint8Array(records.length).fill(absent);
  const column = { type: feature.type, shape, values, missing: state } as Column;
  return { read: shape.length === 0 ? read : nestedReader(read, shape, feature.type), state, column, open };
}

/** The finished column: without a mask where NaN says what is missing, or nothing is. */
export function closeField({ column, state }: Field): Column {
  const float = column.type === "float32" || column.type === "float64";
  if ((float && column.shape.length === 0) || !state.some((value) => value !== present)) {
    const { missing: _, ...bare } = column;
    return bare as Column;
  }
  for (let row = 0; row < state.length; row++) if (state[row] === refused) state[row] = absent;
  return column;
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
