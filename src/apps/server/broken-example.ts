import type { Contract, Feature } from "../../contract/index.ts";
import type { ExampleRecord } from "./public-examples.ts";

/** The example with one value that a clause rejects; undefined where the contract rejects nothing. */
export function brokenExample({ features }: Contract, example: ExampleRecord): ExampleRecord | undefined {
  for (const break_ of [outOfRange, notListed, leftOut])
    for (const feature of features.filter(({ shape, sensitive }) => shape.length === 0 && !sensitive)) {
      const broken = break_(feature, example);
      if (broken) return { ...broken, id: "example-broken" };
    }
  return undefined;
}

function outOfRange({ name, range, type }: Feature, example: ExampleRecord): ExampleRecord | undefined {
  const high = range?.[1];
  if (high === null || high === undefined || type === "int64") return undefined;
  return { ...example, [name]: high + Math.max(1, Math.ceil(Math.abs(high) / 10)) };
}

function notListed(
  { name, values, unknown, type }: Feature,
  example: ExampleRecord,
): ExampleRecord | undefined {
  if (!values || unknown !== "reject" || type !== "string") return undefined;
  return { ...example, [name]: "not-listed" };
}

function leftOut({ name, missing }: Feature, example: ExampleRecord): ExampleRecord | undefined {
  if (missing !== "reject") return undefined;
  return Object.fromEntries(Object.entries(example).filter(([key]) => key !== name));
}
