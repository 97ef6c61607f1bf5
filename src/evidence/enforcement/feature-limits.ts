import type { Feature, Reaction } from "../../contract/index.ts";

/** Which limit of a clause a record breaks. */
export type Limit =
  | "type"
  | "fraction"
  | "shape"
  | "missing"
  | "below-range"
  | "above-range"
  | "below-expected"
  | "above-expected"
  | "category"
  | "rule"
  | "rule-missing"
  | "unknown-field";

/** One value that breaks one limit of a feature; `undefined` stands for leaving it out. */
export interface BreakingValue {
  readonly limit: Limit;
  readonly reaction: Reaction;
  readonly value: unknown;
}

/** A value for each limit that the feature has, each breaking only that one. */
export function breakingValues(feature: Feature): BreakingValue[] {
  const broken: BreakingValue[] = [{ limit: "type", reaction: "reject", value: wrongType(feature) }];
  if (feature.missing === "reject") broken.push({ limit: "missing", reaction: "reject", value: undefined });
  if (feature.shape.length > 0) return [...broken, { limit: "shape", reaction: "reject", value: [[[[[]]]]] }];
  if (isInteger(feature)) broken.push({ limit: "fraction", reaction: "reject", value: 0.5 });
  if (isNumber(feature)) broken.push(...beyondRange(feature), ...beyondExpected(feature));
  const unlisted = unlistedValue(feature);
  if (unlisted !== undefined) broken.push({ limit: "category", reaction: feature.unknown, value: unlisted });
  return broken;
}

/** True when a scalar value breaks no hard limit of the feature (missing: `undefined` or null). */
export function keepsLimits(feature: Feature, value: unknown): boolean {
  if (value === undefined || value === null) return feature.missing === "allowed";
  if (typeof value === "number") {
    const [low, high] = feature.range ?? [null, null];
    if ((low !== null && value < low) || (high !== null && value > high)) return false;
    if (isInteger(feature) && !Number.isInteger(value)) return false;
  }
  if (!feature.values || feature.unknown === "warn") return true;
  return feature.values.includes(String(value));
}

function beyondRange(feature: Feature): BreakingValue[] {
  const [low, high] = feature.range ?? [null, null];
  return [
    ...(low === null ? [] : held(feature, "below-range", below(feature, low))),
    ...(high === null ? [] : held(feature, "above-range", above(feature, high))),
  ];
}

function held(feature: Feature, limit: Limit, value: number): BreakingValue[] {
  return fitsType(feature, value) ? [{ limit, reaction: "reject", value }] : [];
}

function beyondExpected(feature: Feature): BreakingValue[] {
  const [low, high] = feature.expected ?? [null, null];
  const soft = (limit: Limit, value: number): BreakingValue[] =>
    fitsType(feature, value) && keepsLimits(feature, value) ? [{ limit, reaction: "warn", value }] : [];
  return [
    ...(low === null ? [] : soft("below-expected", below(feature, low))),
    ...(high === null ? [] : soft("above-expected", above(feature, high))),
  ];
}

/** One step outside a bound: 1 for integers, else a thousandth of the bound or of 1, visible in float32. */
function below(feature: Feature, bound: number): number {
  return isInteger(feature) ? Math.ceil(bound) - 1 : bound - step(bound);
}

function above(feature: Feature, bound: number): number {
  return isInteger(feature) ? Math.floor(bound) + 1 : bound + step(bound);
}

function step(bound: number): number {
  return Math.max(Math.abs(bound), 1) / 1024;
}

function fitsType({ type }: Feature, value: number): boolean {
  if (type === "float32") return Number.isFinite(Math.fround(value));
  if (type === "int32") return (value | 0) === value;
  return type === "int64" ? Number.isSafeInteger(value) : Number.isFinite(value);
}

function unlistedValue(feature: Feature): unknown {
  if (!feature.values) return undefined;
  const listed = new Set(feature.values);
  const candidates: unknown[] =
    feature.type === "string"
      ? [`${feature.values[0]}-unlisted`, "none-of-the-listed"]
      : feature.type === "boolean"
        ? [true, false]
        : numbersNear(feature);
  return candidates.find(
    (value) => !listed.has(String(value)) && keepsLimits({ ...feature, unknown: "warn" }, value),
  );
}

function numbersNear({ values = [] }: Feature): number[] {
  const numbers = values.map(Number).filter(Number.isFinite);
  return numbers.flatMap((number) => [number + 1, number - 1]).concat(0, 1);
}

function wrongType({ type }: Feature): unknown {
  return type === "string" ? 7 : "not a value of this type";
}

function isInteger({ type }: Feature): boolean {
  return type === "int32" || type === "int64";
}

function isNumber({ type }: Feature): boolean {
  return type !== "string" && type !== "boolean";
}
