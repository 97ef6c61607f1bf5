import {
  allocate,
  type Column,
  type Contract,
  elementsPerRow,
  type Feature,
  type Table,
} from "../../contract/index.ts";

const rowsMade = 48;

/**
 * Rows within the limits of each feature, for a contract that has no joint set yet. Rules are not looked at: some of
 * the rows may break them. The same contract gives the same rows.
 */
export function madeUpRows(contract: Contract): Table {
  const columns = contract.features.map(
    (feature, at) => [feature.name, madeUpColumn(feature, at + 1)] as const,
  );
  return { rows: rowsMade, columns: new Map(columns) };
}

/** Each feature walks its values at another pace, so that rows combine them differently. */
function madeUpColumn(feature: Feature, pace: number): Column {
  const shape = feature.shape.map((size) => Math.max(size, 1));
  const values = allocate(feature.type, rowsMade * elementsPerRow(shape));
  for (let at = 0; at < values.length; at++) values[at] = valueFor(feature, Math.floor(at * pace));
  return { type: feature.type, shape, values } as Column;
}

function valueFor(feature: Feature, at: number): string | number | bigint {
  const { type, values } = feature;
  const listed = values?.[at % values.length];
  if (type === "string") return listed ?? `text ${at % 7}`;
  if (type === "boolean") return listed === undefined ? at % 2 : Number(listed === "true");
  const number = listed === undefined ? between(feature, (at % 11) / 10) : Number(listed);
  if (type === "int64") return BigInt(Math.round(number));
  return type === "int32" ? Math.round(number) : number;
}

/** A point between the bounds of what is expected, or allowed; from 0 or to 0 where a bound is open. */
function between({ expected, range, type }: Feature, share: number): number {
  const [low, high] = expected ?? range ?? [0, 10];
  const from = low ?? Math.min(0, (high ?? 0) - 10);
  const to = high ?? Math.max(10, from + 10);
  const inset = type.startsWith("int") ? 0 : (to - from) / 64;
  return from + inset + (to - from - 2 * inset) * share;
}
