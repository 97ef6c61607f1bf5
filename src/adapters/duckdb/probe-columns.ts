import type { Feature } from "../../contract/index.ts";
import type { TableQuestion } from "../../evidence/index.ts";
import { quoteText } from "./sql-text.ts";
import { type SourceColumn, type TypedColumn, typedColumn } from "./typed-column.ts";

/** A feature's column in SQL: its value (null where it is missing or no such value), and conditions on it. */
export interface ProbeColumn {
  readonly feature: Feature;
  /** As {@link ProbeColumn.value}, but NaN is still NaN: cheaper. */
  readonly plain: string;
  /** True where the value cannot be converted; undefined where each can. */
  readonly bad?: string;
  readonly value: string;
  readonly conditions: Readonly<Record<FactKey, string | undefined>>;
}

/** What is counted of a feature's values. */
export type FactKey = "missing" | "unconvertible" | "outOfRange" | "outsideExpected" | "unknownCategory";

const isFloat = (type: Feature["type"]) => type === "float32" || type === "float64";

/** The columns of the features that a file has in a type that can become theirs. Lists and shapes are not looked into. */
export function probeColumns(
  question: Pick<TableQuestion, "features" | "prefix">,
  sources: readonly SourceColumn[],
  format: "csv" | "parquet",
): ProbeColumn[] {
  const byName = new Map(sources.map((source) => [source.name, source]));
  return question.features.flatMap((feature) => {
    const source = byName.get(question.prefix + feature.name);
    if (!source || feature.shape.length > 0 || !canBecome(source, feature, format)) return [];
    const typed = typedColumn(source, feature.type);
    return typed ? [probeColumn(feature, typed)] : [];
  });
}

/** Parquet says its types: text there is no number, a number with a fraction no text. CSV is all text. */
function canBecome({ sourceType }: SourceColumn, feature: Feature, format: "csv" | "parquet"): boolean {
  if (format === "csv") return true;
  const text = /^(VARCHAR|ENUM|UUID)/.test(sourceType);
  if (feature.type === "string") return !/^(FLOAT|DOUBLE|DECIMAL)/.test(sourceType);
  return !text;
}

function probeColumn(feature: Feature, typed: TypedColumn): ProbeColumn {
  const plain =
    typed.bad === undefined ? typed.value : `CASE WHEN ${typed.bad} THEN NULL ELSE ${typed.value} END`;
  const value = isFloat(feature.type) ? `CASE WHEN isnan(${plain}) THEN NULL ELSE ${plain} END` : plain;
  const conditions = conditionsOf(feature, value, typed);
  return { feature, plain, value, conditions, ...(typed.bad === undefined ? {} : { bad: typed.bad }) };
}

function conditionsOf(feature: Feature, value: string, typed: TypedColumn): ProbeColumn["conditions"] {
  const bad = typed.bad ?? "false";
  const infinite = isFloat(feature.type) ? `coalesce(isinf(${value}), false)` : "false";
  const numeric = feature.type !== "string" && feature.type !== "boolean";
  return {
    missing: `(${value} IS NULL AND NOT coalesce(${bad}, false))`,
    unconvertible:
      bad === "false" && infinite === "false" ? undefined : `(coalesce(${bad}, false) OR ${infinite})`,
    outOfRange: numeric ? outside(feature, value, feature.range) : undefined,
    outsideExpected: numeric ? outside(feature, value, feature.expected) : undefined,
    unknownCategory: feature.values && `${value} NOT IN (${literals(feature, feature.values)})`,
  };
}

/** Bounds of a float32 are rounded as its values are. Infinity is another fault. */
function outside(feature: Feature, value: string, range: Feature["range"]): string | undefined {
  const [low, high] = range ?? [null, null];
  const bound = (number: number) => `${feature.type === "float32" ? Math.fround(number) : number}::DOUBLE`;
  const parts = [
    low === null ? "" : `${value}::DOUBLE < ${bound(low)}`,
    high === null ? "" : `${value}::DOUBLE > ${bound(high)}`,
  ].filter(Boolean);
  if (parts.length === 0) return undefined;
  const any = `(${parts.join(" OR ")})`;
  return isFloat(feature.type) ? `(${any} AND NOT isinf(${value}))` : any;
}

/** The listed categories in SQL. */
export function literals(feature: Feature, values: readonly string[]): string {
  if (feature.type === "string") return values.map(quoteText).join(", ");
  if (feature.type === "boolean")
    return values.map((text) => (/^(true|1)$/i.test(text) ? "true" : "false")).join(", ");
  const numbers = values.filter((text) => /^-?\d{1,38}(\.\d+)?$/.test(text));
  return numbers.length > 0 ? numbers.join(", ") : "NULL";
}
