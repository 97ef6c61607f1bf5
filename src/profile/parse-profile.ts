import { Type } from "typebox";
import { BatonError, digestOf, schemaGuard } from "../kernel/index.ts";
import { type ColumnCells, cellCount } from "./cells.ts";
import { addCounts, type Count, isCount, isNatural } from "./count.ts";
import type { ColumnCounters } from "./counters.ts";
import { ThresholdsSchema, thresholdsFault } from "./parse-thresholds.ts";
import type { Profile, TableProfile } from "./profile.ts";
import { calibrationFault } from "./score-calibration.ts";

const closed = { additionalProperties: false } as const;
const name = Type.String({ minLength: 1, maxLength: 1000 });
const count = Type.Union([Type.Integer(), Type.String({ maxLength: 50 })]);
const counts = Type.Array(count, { maxItems: 20_000 });
const whole = Type.Integer({ minimum: 0 });
const type = Type.Union(
  (["float32", "float64", "int32", "int64", "string", "boolean"] as const).map((word) => Type.Literal(word)),
);
const NumericSchema = Type.Object(
  {
    kind: Type.Literal("numeric"),
    starts: Type.Array(Type.Number(), { maxItems: 10_000 }),
    unit: Type.Number({ exclusiveMinimum: 0 }),
    name,
    type,
  },
  closed,
);
const CategoricalSchema = Type.Object(
  {
    kind: Type.Literal("categorical"),
    values: Type.Array(Type.String({ maxLength: 10_000 }), { maxItems: 10_000, uniqueItems: true }),
    name,
    type,
  },
  closed,
);
const FiniteSchema = Type.Object(
  {
    min: Type.Number(),
    median: Type.Number(),
    max: Type.Number(),
    mean: Type.Number(),
    standardDeviation: Type.Number({ minimum: 0 }),
  },
  closed,
);
const FactsSchema = Type.Object({ name, distinct: whole, finite: Type.Optional(FiniteSchema) }, closed);
const columnsOf = <Item extends Type.TSchema>(item: Item) => Type.Array(item, { maxItems: 10_000 });
const TableSchema = Type.Object(
  {
    cells: Type.Object({ columns: columnsOf(Type.Union([NumericSchema, CategoricalSchema])) }, closed),
    counters: Type.Object(
      {
        cells: Type.String({ pattern: "^[0-9a-f]{64}$" }),
        rows: count,
        columns: columnsOf(Type.Object({ counts, sums: Type.Optional(counts) }, closed)),
      },
      closed,
    ),
    facts: columnsOf(FactsSchema),
  },
  closed,
);
const CalibrationSchema = Type.Object({ rows: whole, counts, sums: counts, positives: counts }, closed);
const ProfileSchema = Type.Object(
  {
    format_version: Type.Literal(1),
    quantiles: Type.Integer({ minimum: 1, maximum: 1000 }),
    features: TableSchema,
    label: Type.Optional(TableSchema),
    outputs: Type.Optional(TableSchema),
    calibration: Type.Optional(CalibrationSchema),
    thresholds: Type.Optional(ThresholdsSchema),
    left_out: Type.Array(name, { maxItems: 10_000 }),
    reads: Type.Record(Type.String({ maxLength: 1100 }), Type.String({ pattern: "^[0-9a-f]{64}$" })),
  },
  closed,
);

const validate = schemaGuard<Profile>(ProfileSchema);

/** Longest profile that is read, in characters. */
export const profileCap = 16 * 1024 * 1024;

/**
 * Reads `profile.json` and trusts nothing: the form, the order of cells, and that the counters are of these cells
 * and count each row once in each column. @throws BatonError `configuration-invalid`
 */
export function parseProfile(text: string, file: string): Profile {
  const refuse = (why: string) =>
    new BatonError("configuration-invalid", `${file} is not a profile: ${why}.`, {
      file,
      next: "Make it again with baton profile.",
    });
  if (text.length > profileCap) throw refuse("it is too large");
  const value = parsed(text);
  if (value === undefined) throw refuse("it is not JSON");
  if (!validate(value)) {
    const [error] = validate.errors ?? [];
    throw refuse(`${error?.instancePath || "the top"} ${error?.message ?? "is not valid"}`);
  }
  for (const part of ["features", "label", "outputs"] as const) {
    const fault = value[part] && faultOf(value[part]);
    if (fault) throw refuse(`${part}: ${fault}`);
  }
  const { thresholds, calibration } = value;
  const faults = [
    ["thresholds", thresholds && thresholdsFault(thresholds, value)],
    ["calibration", calibration && calibrationFault(calibration, value.outputs?.cells.columns[0])],
  ] as const;
  for (const [part, fault] of faults) if (fault) throw refuse(`${part}: ${fault}`);
  return value;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function faultOf({ cells, counters, facts }: TableProfile): string | undefined {
  const { columns } = cells;
  if (new Set(columns.map((column) => column.name)).size < columns.length) return "a column is there twice";
  if (counters.cells !== digestOf(cells)) return "the counters are of other cells";
  if (counters.columns.length !== columns.length || facts.length !== columns.length)
    return "columns, counters and facts differ in number";
  if (!isNatural(counters.rows)) return "rows is not a whole number";
  for (const [index, column] of columns.entries()) {
    if (facts[index]!.name !== column.name) return `the facts of "${column.name}" are not in its place`;
    const fault = cellFault(column) ?? counterFault(column, counters.columns[index]!, counters.rows);
    if (fault) return `column "${column.name}": ${fault}`;
  }
  return undefined;
}

function cellFault(column: ColumnCells): string | undefined {
  if (column.kind === "categorical") return undefined;
  const { starts, unit } = column;
  if (!Number.isInteger(Math.log2(unit))) return "its unit is not a power of two";
  const ascends = starts.every((start, index) => index === 0 || start > starts[index - 1]!);
  return ascends ? undefined : "its cells do not ascend";
}

function counterFault(column: ColumnCells, counters: ColumnCounters, rows: Count): string | undefined {
  const size = cellCount(column);
  if (counters.counts.length !== size) return "counts and cells differ in number";
  if (!counters.counts.every(isNatural)) return "a count is not a whole number";
  if (counters.counts.reduce(addCounts, 0) !== rows) return "its counts do not add up to the rows";
  if ((column.kind === "numeric") !== (counters.sums !== undefined)) return "its sums do not fit its kind";
  if (counters.sums && (counters.sums.length !== size || !counters.sums.every(isCount)))
    return "a sum is not a whole number";
  return undefined;
}
