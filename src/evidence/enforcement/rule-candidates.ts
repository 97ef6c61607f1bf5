import type { Feature } from "../../contract/index.ts";
import { keepsLimits } from "./feature-limits.ts";

const mostCandidates = 60;

/**
 * Values worth trying for a feature that an expression names, all within its hard limits: what stands in the expression,
 * what the contract names, the ends of ranges, and what occurs in rows, also in the other named features of its kind.
 * Listed categories come before those that only warn.
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
  const seen = kin.flatMap((other) => rows.map((row) => row[other.name]));
  const listed = kin.flatMap((other) => other.values ?? []);
  const pool = isText
    ? [...texts(expression), ...listed, ...seen]
    : [...numbers(feature, kin, expression), ...listed.map(Number), ...seen];
  const fitting = [...new Set(pool)].filter(
    (value) => value !== undefined && value !== null && keepsLimits(feature, value),
  );
  const isListed = (value: unknown) => feature.values?.includes(String(value)) ?? true;
  return [...fitting.filter(isListed), ...fitting.filter((value) => !isListed(value))].slice(
    0,
    mostCandidates,
  );
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
