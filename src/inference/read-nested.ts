import type { Column, ElementType } from "../contract/index.ts";
import { type ReadValue, type Refusal, readers } from "./read-value.ts";

/**
 * Reads nested lists of exactly `shape` into one row's elements. In lists of floats `null` is a missing element;
 * other types have no missing elements.
 */
export function nestedReader(shape: readonly number[], type: ElementType): ReadValue {
  const strides = shape.map((_, axis) => shape.slice(axis + 1).reduce((product, size) => product * size, 1));
  const perRow = (shape[0] as number) * (strides[0] as number);
  const nullable = type === "float32" || type === "float64";
  const read = readers[type];
  const walk = (values: Column["values"], value: unknown, axis: number, at: number): Refusal | undefined => {
    if (axis === shape.length) return value === null && nullable ? undefined : read(values, value, at);
    if (!Array.isArray(value) || value.length !== shape[axis]) return "shape";
    for (let i = 0; i < value.length; i++) {
      const refusal = walk(values, value[i], axis + 1, at + i * (strides[axis] as number));
      if (refusal) return refusal;
    }
    return undefined;
  };
  return (values, value, row) => walk(values, value, 0, row * perRow);
}

/** Elements of one value that are read; a larger value has a shape that does not fit. */
const largestValue = 1_048_576;

/**
 * The sizes that a nested list has where `shape` leaves them open (-1), going by first elements;
 * `undefined` where it cannot fit the shape.
 */
export function resolveShape(shape: readonly number[], value: unknown): number[] | undefined {
  const sizes: number[] = [];
  let level = value;
  for (const size of shape) {
    if (!Array.isArray(level) || (size !== -1 && level.length !== size)) return undefined;
    sizes.push(level.length);
    level = level[0];
    if (sizes.length < shape.length && sizes.at(-1) === 0) return undefined;
  }
  return sizes.reduce((product, size) => product * size, 1) > largestValue ? undefined : sizes;
}
