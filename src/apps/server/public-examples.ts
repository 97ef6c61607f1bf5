import type { Contract, ElementType, Feature } from "../../contract/index.ts";

/** A row that anyone may see. */
export type ExampleRecord = Readonly<Record<string, unknown>>;

/**
 * Rows that may be shown to anyone: only features, with stand-ins for the sensitive ones, and ids that name nobody.
 */
export function publicExamples(contract: Contract, rows: readonly ExampleRecord[]): ExampleRecord[] {
  return rows.map((row, index) => ({
    id: `example-${index + 1}`,
    ...Object.fromEntries(
      contract.features
        .map((feature) => [feature.name, publicValue(feature, row[feature.name])] as const)
        .filter(([, value]) => value !== undefined),
    ),
  }));
}

function publicValue(feature: Feature, value: unknown): unknown {
  if (!feature.sensitive) return value === null ? undefined : speakable(value, feature.type);
  return feature.missing === "allowed" ? undefined : standIn(feature);
}

/** What JSON can say: a whole number beyond 2^53 as text, NaN as nothing; a float32 with no more digits than it has. */
function speakable(value: unknown, type: ElementType): unknown {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (typeof value === "number") {
    if (!Number.isFinite(value)) return undefined;
    return type === "float32" ? shortestFloat32(value) : value;
  }
  return Array.isArray(value) ? value.map((item) => speakable(item, type) ?? null) : value;
}

function shortestFloat32(value: number): number {
  for (let digits = 1; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === Math.fround(value)) return short;
  }
  return value;
}

/** A value within the contract that is nobody's. */
function standIn({ type, shape, values, range, expected }: Feature): unknown {
  const [low, high] = [range?.[0] ?? expected?.[0], range?.[1] ?? expected?.[1]];
  const bounded = low ?? (high === undefined || high === null ? undefined : Math.min(0, high));
  const listed = values?.[0];
  const scalar = listed === undefined ? (bounded ?? neutral[type]) : fromText(type, listed);
  return shape.reduceRight<unknown>((item, size) => new Array(Math.max(size, 1)).fill(item), scalar);
}

const neutral: Readonly<Record<ElementType, unknown>> = {
  float32: 0,
  float64: 0,
  int32: 0,
  int64: 0,
  string: "text",
  boolean: false,
};

function fromText(type: ElementType, text: string): unknown {
  if (type === "string") return text;
  if (type === "boolean") return text === "true";
  return type === "int64" && !Number.isSafeInteger(Number(text)) ? text : Number(text);
}
