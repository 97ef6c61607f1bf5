import { invalid } from "./wire-json.ts";

/** Levels of lists in which tensor data may stand. */
const mostLevels = 16;

/**
 * Nested or flat, row-major data as one flat list of exactly the elements that the shape says. Nested lists must be
 * regular and agree with the shape (sizes of 1 aside), so that a transposed tensor is not read as another one.
 * @throws BatonError `input-invalid`
 */
export function flattenData(
  data: readonly unknown[],
  shape: readonly number[],
  path: string,
): readonly unknown[] {
  const wanted = shape.reduce((product, size) => product * size, 1);
  const sizes = sizesOf(data, path);
  if (sizes.length === 1) return checked(data, wanted, path);
  const nestedCount = sizes.reduce((product, size) => product * size, 1);
  if (nestedCount === wanted && String(withoutOnes(sizes)) !== String(withoutOnes(shape)))
    throw invalid(
      path,
      `The data is nested as [${sizes}]; the shape says [${shape}].`,
      "Nest the data as the shape says, or send it flat, row-major.",
    );
  if (nestedCount !== wanted) throw wrongCount(nestedCount, wanted, path);
  const flat: unknown[] = [];
  collect(data, sizes, flat, path);
  return flat;
}

function checked(data: readonly unknown[], wanted: number, path: string): readonly unknown[] {
  if (data.length !== wanted) throw wrongCount(data.length, wanted, path);
  return data;
}

function wrongCount(count: number, wanted: number, path: string) {
  return invalid(
    path,
    `There are ${count} elements; the shape says ${wanted}.`,
    "Make data and shape agree.",
  );
}

/** Sizes of the nested lists, going by first elements. */
function sizesOf(data: readonly unknown[], path: string): number[] {
  const sizes: number[] = [];
  let level: unknown = data;
  while (Array.isArray(level)) {
    if (sizes.push(level.length) > mostLevels)
      throw invalid(path, "The data is nested too deeply.", "Send flat, row-major data.");
    level = level[0];
  }
  return sizes;
}

function withoutOnes(sizes: readonly number[]): number[] {
  return sizes.filter((size) => size !== 1);
}

function collect(items: readonly unknown[], sizes: readonly number[], flat: unknown[], path: string): void {
  const [size, ...inner] = sizes;
  if (items.length !== size) throw irregular(path);
  for (const item of items) {
    if (inner.length === 0) flat.push(item);
    else if (Array.isArray(item)) collect(item, inner, flat, path);
    else throw irregular(path);
  }
}

function irregular(path: string) {
  return invalid(path, "The lists in the data differ in length.", "Nest the data as the shape says.");
}
