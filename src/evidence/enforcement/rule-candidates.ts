import type { Feature } from "../../contract/index.ts";
import { keepsLimits } from "./feature-limits.ts";

const mostCandidates = 60;

/**
 * Values worth trying for a feature that an expression names, all within its hard limits: what stands in the expression,
 * what the contract names, the ends of ranges, and what occurs in rows, also in the other named features of its kind.
 * What comes from elsewhere stands first, for a feature's own values are in the rows anyway; of it, listed categories
 * before those that only warn.
 */
export function candidates(
  feature: Feature,
  named: readonly Feature[],
  expression: string,
  rows: readonly Readonly<Record<string, unknown>>[],
): unknown[] {
  if (feature.type === "boolean") return [true, false].filter((value) => keepsLimits(feature, value));
  const isText = feature.type === "string";
  const kin = named.filter((other) => (other.type === "string") === isText);
  const valuesOf = (one: Feature): unknown[] => [
    ...(isText ? (one.values ?? []) : (one.values ?? []).map(Number)),
    ...rows.map((row) => row[one.name]),
  ];
  const written = isText ? texts(expression) : numbers(feature, kin, expression);
  const others = kin.filter(({ name }) => name !== feature.name).flatMap(valuesOf);
  const isListed = (value: unknown) => feature.values?.includes(String(value)) ?? true;
  const foreign = [...written, ...others];
  const pool = [...foreign.filter(isListed), ...foreign, ...valuesOf(feature)];
  return [...new Set(pool)]
    .filter((value) => value !== undefined && value !== null && keepsLimits(feature, value))
    .slice(0, mostCandidates);
}

function numbers(feature: Feature, kin: readonly Feature[], expression: string): number[] {
  const written = [...expression.matchAll(/\d+(?:\.\d+)?/g)].map(([text]) => Number(text));
  const ends = kin
    .flatMap(({ range, expected }) => [...(range ?? []), ...(expected ?? [])])
    .filter((end) => end !== null);
  const values = [
    ...written.flatMap((number) => [number, number + 1, number - 1, -number]),
    ...ends,
    0,
    1,
    -1,
  ];
  return feature.type.startsWith("int") ? values.filter(Number.isInteger) : values;
}

function texts(expression: string): string[] {
  return [...expression.matchAll(/"([^"\\]*)"|'([^'\\]*)'/g)].map(
    ([, double, single]) => double ?? single ?? "",
  );
}
