import type { ElementType } from "../../contract/index.ts";
import { quoteName } from "./sql-text.ts";

/** A column of a file with DuckDB's own type for it. */
export interface SourceColumn {
  readonly name: string;
  /** As DuckDB prints it: `BIGINT`, `DECIMAL(18,3)`, `TIMESTAMP WITH TIME ZONE`, `FLOAT[]`. */
  readonly sourceType: string;
}

type Family = "integer" | "float" | "decimal" | "text" | "boolean" | "temporal" | "nested" | "other";

/** A source column seen as an element type: SQL of the value, and of what is wrong with it where something can be. */
export interface TypedColumn {
  /** Value in SQL; throws in DuckDB only where {@link bad} is true. */
  readonly value: string;
  /** SQL condition that is true for values that are there and cannot be said in the type. */
  readonly bad?: string;
}

const sqlType: Record<ElementType, string> = {
  float32: "FLOAT",
  float64: "DOUBLE",
  int32: "INTEGER",
  int64: "BIGINT",
  string: "VARCHAR",
  boolean: "BOOLEAN",
};

/** DuckDB's name for an element type. */
export function sqlTypeOf(type: ElementType): string {
  return sqlType[type];
}

const families: readonly [RegExp, Family][] = [
  [/\]$|^(STRUCT|MAP|UNION)/, "nested"],
  [/^U?(TINYINT|SMALLINT|INTEGER|BIGINT|HUGEINT)$/, "integer"],
  [/^(FLOAT|DOUBLE)$/, "float"],
  [/^DECIMAL/, "decimal"],
  [/^(VARCHAR|ENUM|UUID)/, "text"],
  [/^BOOLEAN$/, "boolean"],
  [/^(TIMESTAMP|DATE)/, "temporal"],
];

function familyOf(sourceType: string): Family {
  return families.find(([pattern]) => pattern.test(sourceType))?.[1] ?? "other";
}

/** The element type that says a source type best; undefined for what no table can hold (BLOB, INTERVAL, nested). */
export function naturalType(sourceType: string): ElementType | undefined {
  const small = /^(U?TINYINT|U?SMALLINT|INTEGER)$/.test(sourceType);
  const natural: Record<Family, ElementType | undefined> = {
    integer: small ? "int32" : "int64",
    float: sourceType === "FLOAT" ? "float32" : "float64",
    decimal: "float64",
    text: "string",
    boolean: "boolean",
    temporal: "string",
    nested: undefined,
    other: undefined,
  };
  return natural[familyOf(sourceType)];
}

/** True for dates and timestamps. */
export function isTemporal(sourceType: string): boolean {
  return familyOf(sourceType) === "temporal";
}

/**
 * Sees a column as an element type, or says that it cannot be seen so. Nothing is rounded to a whole number;
 * text that is not a number, integers outside the type and numbers other than 0 and 1 for a boolean are bad.
 * Floats take the nearest value. Dates and timestamps are ISO 8601 text (UTC where they have a zone), or
 * milliseconds since 1970 as numbers. Empty text is missing except for strings.
 */
export function typedColumn(source: SourceColumn, type: ElementType): TypedColumn | undefined {
  const column = quoteName(source.name);
  const family = familyOf(source.sourceType);
  if (source.sourceType === sqlType[type]) return { value: column };
  if (family === "nested" || family === "other") return undefined;
  if (family === "temporal") return temporal(column, source.sourceType, type);
  if (type === "string") return { value: `CAST(${column} AS VARCHAR)` };
  return number(family === "text" ? textAsNumber(column, type) : { column, strict: "" }, family, type);
}

function number(
  from: { readonly column: string; readonly strict: string },
  family: Family,
  type: ElementType,
): TypedColumn {
  const { column, strict } = from;
  const target = sqlType[type];
  const whole = type === "int32" || type === "int64";
  const problems = [`TRY_CAST(${column} AS ${target}) IS NULL`];
  if (strict) problems.push(strict);
  if (whole && (family === "float" || family === "decimal")) problems.push(`${column} <> trunc(${column})`);
  if (type === "boolean" && family !== "text" && family !== "boolean")
    problems.push(`${column} NOT IN (0, 1)`);
  const bad = `(${column} IS NOT NULL AND (${problems.join(" OR ")}))`;
  const safe = family === "boolean" || (family === "integer" && type.startsWith("float"));
  if (safe) return { value: `CAST(${column} AS ${target})` };
  return { value: `CASE WHEN ${bad} THEN error('not ${type}') ELSE CAST(${column} AS ${target}) END`, bad };
}

/** Text is a number only as people write one: DuckDB also takes `0x10`, `1_000`, and rounds `1.5` to a whole number. */
function textAsNumber(column: string, type: ElementType): { column: string; strict: string } {
  const pattern = {
    int32: "[-+]?[0-9]+",
    int64: "[-+]?[0-9]+",
    float32: "(?i)[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)(e[-+]?[0-9]+)?|[-+]?inf(inity)?|nan",
    float64: "(?i)[-+]?([0-9]+\\.?[0-9]*|\\.[0-9]+)(e[-+]?[0-9]+)?|[-+]?inf(inity)?|nan",
    boolean: "(?i)true|false|0|1",
    string: ".*",
  }[type];
  const text = `nullif(trim(CAST(${column} AS VARCHAR)), '')`;
  return { column: text, strict: `NOT regexp_full_match(${text}, '${pattern}')` };
}

function temporal(column: string, sourceType: string, type: ElementType): TypedColumn | undefined {
  const zoned = sourceType.includes("ZONE");
  if (type === "string") {
    if (sourceType === "DATE") return { value: `strftime(${column}, '%Y-%m-%d')` };
    const local = zoned ? `(${column} AT TIME ZONE 'UTC')` : `CAST(${column} AS TIMESTAMP)`;
    const whole = `regexp_replace(strftime(${local}, '%Y-%m-%dT%H:%M:%S.%f'), '\\.?0+$', '')`;
    return { value: zoned ? `(${whole} || 'Z')` : whole };
  }
  if (type === "int64") return { value: `epoch_ms(${column})` };
  if (type === "float64") return { value: `CAST(epoch_ms(${column}) AS DOUBLE)` };
  return undefined;
}
