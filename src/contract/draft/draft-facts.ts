import type { ElementType } from "../contract.ts";

/** What a model says about one of its tensors; the batch dimension comes first, -1 is a variable dimension. */
export interface DraftTensor {
  readonly name: string;
  readonly type: string;
  readonly shape: readonly number[];
}

/** What is known about one column of a data file. */
export interface DraftColumn {
  readonly name: string;
  /** DuckDB's name of its type. */
  readonly type: string;
  readonly rows: number;
  readonly missing: number;
  readonly min?: number | bigint | string | null;
  readonly max?: number | bigint | string | null;
  readonly distinct?: number;
  /** Most frequent values; all of them where there are as many as `distinct`. */
  readonly values?: readonly { readonly value: string; readonly count: number }[];
}

/** A data file as `baton init` sees it. */
export interface DraftData {
  /** Relative to the hand-off folder. */
  readonly path: string;
  readonly rows: number;
  readonly columns: readonly DraftColumn[];
}

/** Everything that `baton init` can know. */
export interface DraftInput {
  readonly name: string;
  /** Relative to the hand-off folder. */
  readonly modelPath?: string;
  readonly onnx?: {
    readonly inputs: readonly DraftTensor[];
    readonly outputs: readonly DraftTensor[];
    readonly opset?: number;
  };
  readonly data?: DraftData;
  /** Path of the joint set, relative to the hand-off folder. */
  readonly joint?: string;
  /** Path of the environment lock. */
  readonly lock?: string;
  /** Address of the JSON Schema, for editors. */
  readonly schema?: string;
  /** Level `sketch`, for two teams before a model exists. */
  readonly sketch?: boolean;
}

const elementTypes: readonly string[] = ["float32", "float64", "int32", "int64", "string", "boolean"];

/** The element type of a tensor, where Baton knows it. */
export function tensorType(type: string): ElementType | undefined {
  return elementTypes.includes(type) ? (type as ElementType) : undefined;
}

/** The element type that fits a DuckDB type; nothing for dates, times and nested types. */
export function columnType(type: string): ElementType | undefined {
  const name = type.toUpperCase();
  if (/^(VARCHAR|UUID|ENUM)/.test(name)) return "string";
  if (/^BOOL/.test(name)) return "boolean";
  if (/^(U?TINYINT|U?SMALLINT|INTEGER)$/.test(name)) return "int32";
  if (/^(UINTEGER|U?BIGINT|U?HUGEINT)$/.test(name)) return "int64";
  if (/^(FLOAT|REAL)$/.test(name)) return "float32";
  return /^(DOUBLE|DECIMAL)/.test(name) ? "float64" : undefined;
}

/** Guesses about columns that are not features; a person decides. */
export interface ColumnGuesses {
  readonly label?: string;
  readonly key?: string;
  readonly time?: string;
}

/** Which column may be the truth, which names a row, which is event time, among those that are not inputs of the model. */
export function guessColumns(data: DraftData | undefined, inputs: readonly string[]): ColumnGuesses {
  const rest = (data?.columns ?? []).filter((column) => !inputs.includes(column.name));
  const key = best(rest, (column) => keyLikeness(column));
  const time = best(rest, (column) => (/^(TIMESTAMP|DATE)/i.test(column.type) ? 1 : 0));
  const label = best(
    rest.filter((column) => column.name !== key && column.name !== time),
    labelLikeness,
  );
  return { ...(label && { label }), ...(key && { key }), ...(time && { time }) };
}

function best(columns: readonly DraftColumn[], score: (column: DraftColumn) => number): string | undefined {
  let winner: string | undefined;
  let most = 0;
  for (const column of columns) {
    const points = score(column);
    if (points > most) [winner, most] = [column.name, points];
  }
  return winner;
}

function keyLikeness(column: DraftColumn): number {
  const named = /(^|_)(id|key|uuid)$/i.test(column.name) ? 2 : 0;
  const unique =
    column.distinct === undefined ? 0 : column.distinct >= column.rows && column.rows > 1 ? 1 : -3;
  const type = columnType(column.type);
  return type === "string" || type === "int32" || type === "int64" ? named + unique : 0;
}

function labelLikeness(column: DraftColumn): number {
  const named = /^(label|target|truth|outcome|y|class)$|^(is|has|was)_|_(label|target)$/i.test(column.name)
    ? 3
    : 0;
  return isTwoValued(column) ? named + 2 : named;
}

/** True for booleans and whole numbers that are only 0 and 1. */
export function isTwoValued(column: DraftColumn): boolean {
  const type = columnType(column.type);
  if (type === "boolean") return true;
  return (
    type !== undefined &&
    type !== "string" &&
    Number(column.min ?? Number.NaN) === 0 &&
    Number(column.max ?? Number.NaN) === 1 &&
    (column.distinct ?? 2) <= 2
  );
}
