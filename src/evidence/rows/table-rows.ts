import {
  allocate,
  type Column,
  type Contract,
  type ElementType,
  elementsPerRow,
  type Table,
  valueAt,
} from "../../contract/index.ts";

/** The feature columns of a table, in the contract's types; a column that cannot be had in its type is left out. */
export function featureColumns(contract: Contract, table: Table, prefix = ""): Table {
  const columns = new Map<string, Column>();
  for (const feature of contract.features) {
    const column = table.columns.get(`${prefix}${feature.name}`);
    const fitting = column && columnAs(column, feature.type);
    if (fitting) columns.set(feature.name, fitting);
  }
  return { rows: table.rows, columns };
}

/** The same values in another element type, where none of them changes its meaning: numbers to numbers, booleans to 0 and 1. */
export function columnAs(column: Column, type: ElementType): Column | undefined {
  if (column.type === type) return column;
  if (column.type === "string" || type === "string" || type === "boolean") return undefined;
  const length = column.values.length;
  const isFloat = type === "float32" || type === "float64";
  const values = allocate(type, length);
  const missing = new Uint8Array(length);
  for (let index = 0; index < length; index++) {
    const value = numberAt(column, index);
    if (value === undefined) {
      missing[index] = 1;
      if (isFloat) values[index] = Number.NaN;
    } else if (type === "int64") {
      if (!Number.isInteger(value)) return undefined;
      values[index] = BigInt(value);
    } else {
      if (type === "int32" && (value | 0) !== value) return undefined;
      values[index] = value;
    }
  }
  const masked = column.shape.length === 0 && missing.includes(1);
  return { type, shape: column.shape, values, ...(masked && { missing }) } as Column;
}

/** A number (booleans as 0 and 1); undefined where missing. @returns undefined for strings too */
export function numberAt(column: Column, index: number): number | undefined {
  if (column.missing?.[index]) return undefined;
  const value = column.values[index];
  if (value === undefined || typeof value === "string") return undefined;
  const number = Number(value);
  return Number.isNaN(number) ? undefined : number;
}

/** True where a scalar is absent. */
export function isMissing(column: Column | undefined, row: number): boolean {
  if (!column || column.missing?.[row]) return true;
  const value = column.values[row];
  return value === undefined || (typeof value === "number" && Number.isNaN(value));
}

/** Rows `from` to `to` (exclusive) of every column, sharing memory where it can. */
export function rowRange(table: Table, from: number, to: number): Table {
  return { rows: to - from, columns: mapColumns(table, (column) => columnRange(column, from, to)) };
}

/** The named rows of every column, in that order. */
export function takeRows(table: Table, rows: Uint32Array): Table {
  return { rows: rows.length, columns: mapColumns(table, (column) => takeFromColumn(column, rows)) };
}

/** One row as a caller would send it: missing scalars are left out, lists for other shapes. */
export function recordAt(table: Table, row: number): Record<string, unknown> {
  const record: Record<string, unknown> = {};
  for (const [name, column] of table.columns) {
    if (column.shape.length === 0) {
      const value = valueAt(column, row);
      if (value !== null) record[name] = value;
    } else record[name] = nested(column, column.shape, row * elementsPerRow(column.shape));
  }
  return record;
}

function nested(column: Column, shape: readonly number[], from: number): unknown {
  const [size, ...inner] = shape;
  if (size === undefined) return valueAt(column, from);
  return Array.from({ length: size }, (_, at) => nested(column, inner, from + at * elementsPerRow(inner)));
}

function mapColumns(table: Table, map: (column: Column) => Column): Map<string, Column> {
  return new Map([...table.columns].map(([name, column]) => [name, map(column)]));
}

function columnRange(column: Column, from: number, to: number): Column {
  const per = elementsPerRow(column.shape);
  const values =
    column.type === "string"
      ? column.values.slice(from * per, to * per)
      : column.values.subarray(from * per, to * per);
  const missing = column.missing?.subarray(from, to);
  return { ...column, values, ...(missing && { missing }) } as Column;
}

function takeFromColumn(column: Column, rows: Uint32Array): Column {
  const per = elementsPerRow(column.shape);
  const values = allocate(column.type, rows.length * per);
  const missing = column.missing && Uint8Array.from(rows, (row) => column.missing?.[row] ?? 0);
  for (let at = 0; at < rows.length; at++)
    for (let element = 0; element < per; element++)
      values[at * per + element] = column.values[rows[at]! * per + element]!;
  return { type: column.type, shape: column.shape, values, ...(missing && { missing }) } as Column;
}
