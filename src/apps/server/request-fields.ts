import type { Contract } from "../../contract/index.ts";

/** Fields of a record that name the row: `id`, and the keys by which labels and data are joined. */
export function namingFields({ labels, data, features }: Contract): string[] {
  const names = new Set(features.map((feature) => feature.name));
  const fields = ["id", labels?.key, data.key].filter((field) => field !== undefined);
  return [...new Set(fields)].filter((field) => !names.has(field));
}

/** The field of a record that dates the row, where the contract has one that is no feature. */
export function timeField({ watch, features }: Contract): string | undefined {
  const field = watch?.time;
  return features.some((feature) => feature.name === field) ? undefined : field;
}
