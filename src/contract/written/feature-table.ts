import type { Finding, Position } from "../../kernel/index.ts";
import { type ContractCode, contractFinding } from "../contract-findings.ts";
import { nearest } from "../nearest.ts";
import { type CsvCell, csvCell, readCsv } from "./csv-source.ts";
import { memberPath, type Positions } from "./positions.ts";
import type { WrittenFeature } from "./schema.ts";
import { isWellFormed, losesDigits } from "./yaml-source.ts";

/** Columns of the feature table, in the order in which it is written. */
export const featureColumns = [
  "name",
  "type",
  "unit",
  "missing",
  "range",
  "expected",
  "values",
  "unknown",
  "missing-as",
  "shape",
  "sensitive",
  "from",
  "transform",
  "available",
  "how",
  "why",
  "owner",
] as const;

type FeatureColumn = (typeof featureColumns)[number];

/** Features as written in a table; positions are of `features[i]` and `features[i].<column>`. */
interface FeatureTable {
  /** Absent when the table cannot be used. Not yet checked against the schema. */
  readonly features?: readonly Partial<WrittenFeature>[];
  readonly positions: Positions;
  readonly findings: readonly Finding[];
}

/** Largest feature table, in characters. */
const largestTable = 4_194_304;
const mostFeatures = 5000;

/**
 * Reads the feature table: CSV with a header line. Bounds are `0..45`, `0..` or `..45`; categories `EWR|JFK|LGA`
 * (inside one `\|`, `\\`, and `\e` for nothing); a shape `28x28`, -1 for a variable dimension. Everything else is text as it stands:
 * `007` and `NO` stay text. An empty cell says nothing.
 */
export function readFeatureTable(text: string, file: string): FeatureTable {
  const positions: Positions = new Map();
  const findings: Finding[] = [];
  const report: Report = (code, position, detail) =>
    findings.push(contractFinding(code, { ...detail, ...position }));
  const rows = rowsOf(text, file, report);
  const columns = rows && columnsOf(rows[0] ?? [], report);
  if (!rows || !columns) return { positions, findings };
  const features = rows
    .slice(1)
    .map((row, index) => featureOf(row, columns, memberPath("features", index), positions, report));
  const usable = !findings.some((finding) => finding.severity === "blocking");
  return { positions, findings: findings.slice(0, 20), ...(usable ? { features } : {}) };
}

type Report = (
  code: ContractCode,
  position: Position,
  detail: { message: string; path?: string; received?: string; expected?: string; next?: string },
) => void;

function rowsOf(text: string, file: string, report: Report): readonly (readonly CsvCell[])[] | undefined {
  const start = { file, line: 1, column: 1 };
  const malformed = (message: string, position: Position = start) =>
    report("contract.table-malformed", position, { message });
  if (text.length > largestTable) {
    report("contract.too-large", start, { message: `${file} is larger than ${largestTable} characters.` });
    return undefined;
  }
  if (!isWellFormed(text)) {
    malformed(`${file} holds half a character: it is not UTF-8.`);
    return undefined;
  }
  const source = readCsv(text, file);
  if (!source.ok) malformed(`${file} is not CSV: ${source.problem}.`, source.position);
  else if (source.rows.length < 2) malformed(`${file} has no line for a feature below its header.`);
  else if (source.rows.length > mostFeatures + 1)
    malformed(`${file} has more than ${mostFeatures} features.`);
  else if (source.rows[0]?.length === 1 && /[;\t]/.test(source.rows[0][0]?.text ?? ""))
    malformed(`${file} is separated by semicolons or tabs; it should be commas.`);
  else return source.rows;
  return undefined;
}

function columnsOf(header: readonly CsvCell[], report: Report): FeatureColumn[] | undefined {
  let usable = true;
  const wrong = (cell: CsvCell | undefined, message: string, next?: string) => {
    usable = false;
    report("contract.table-column", cell?.position ?? {}, { message, next, received: cell?.text });
  };
  const seen = new Set<string>();
  for (const cell of header) {
    const name = cell.text.trim();
    const near = nearest(name, featureColumns);
    if (!featureColumns.includes(name as FeatureColumn))
      wrong(cell, `There is no column \`${name}\`.`, near[0] && `Did you mean \`${near[0]}\`?`);
    else if (seen.has(name)) wrong(cell, `The column \`${name}\` stands twice.`);
    seen.add(name);
  }
  for (const name of ["name", "type"])
    if (usable && !seen.has(name)) wrong(header[0], `The column \`${name}\` is missing.`);
  return usable ? header.map((cell) => cell.text.trim() as FeatureColumn) : undefined;
}

function featureOf(
  row: readonly CsvCell[],
  columns: readonly FeatureColumn[],
  path: string,
  positions: Positions,
  report: Report,
): Partial<WrittenFeature> {
  if (row[0]) positions.set(path, row[0].position);
  if (row.length > columns.length)
    report("contract.table-cell", row[columns.length]?.position ?? {}, {
      path,
      message: `The line has ${row.length} cells and the header ${columns.length}.`,
      next: 'Put cells that hold a comma in double quotes: "a, b".',
    });
  const feature: Record<string, unknown> = {};
  const type = row[columns.indexOf("type")]?.text.trim();
  for (const [index, column] of columns.entries()) {
    const cell = row[index];
    if (!cell || cell.text.trim() === "") continue;
    const inside = memberPath(path, column);
    positions.set(inside, cell.position);
    const read = readCell(column, cell.text, type);
    if ("problem" in read)
      report("contract.table-cell", cell.position, {
        path: inside,
        received: cell.text.slice(0, 80),
        message: `\`${column}\` is ${JSON.stringify(cell.text.slice(0, 80))}: ${read.problem}.`,
      });
    else feature[column] = read.value;
  }
  return feature;
}

type CellResult = { readonly value: unknown } | { readonly problem: string };

function readCell(column: FeatureColumn, text: string, type: string | undefined): CellResult {
  const trimmed = text.trim();
  switch (column) {
    case "range":
    case "expected":
      return readRange(trimmed);
    case "values":
      return { value: splitValues(text) };
    case "shape":
      return /^-?\d+(x-?\d+)*$/.test(trimmed)
        ? { value: trimmed.split("x").map(Number) }
        : { problem: "a shape is written 28x28, -1 for a variable dimension" };
    case "sensitive":
      return readBoolean(trimmed);
    case "missing-as":
      if (type === "string") return { value: unquote(text) };
      return type === "boolean" ? readBoolean(trimmed) : readNumber(trimmed);
    default:
      return { value: trimmed };
  }
}

/** Text as it stands, or inside double quotes where its edges matter: `""` is the empty text. */
function unquote(text: string): string {
  const quoted = /^\s*(".*")\s*$/s.exec(text);
  try {
    const inner = quoted ? String(JSON.parse(quoted[1] as string)) : text.trim();
    return isWellFormed(inner) ? inner : text.trim();
  } catch {
    return text.trim();
  }
}

const numberForm = /^-?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?$/;

function readNumber(text: string): CellResult {
  if (!numberForm.test(text) || !Number.isFinite(Number(text)))
    return { problem: "a number is wanted, with a point for decimals" };
  if (losesDigits(text)) return { problem: "it has more digits than a number keeps" };
  return { value: Number(text) };
}

function readRange(text: string): CellResult {
  const cut = text.indexOf("..");
  if (cut < 0) return { problem: "bounds are written 0..45, 0.. or ..45" };
  const bounds: unknown[] = [];
  for (const part of [text.slice(0, cut).trim(), text.slice(cut + 2).trim()]) {
    const read = part === "" ? { value: null } : readNumber(part);
    if ("problem" in read) return { problem: `bounds are written 0..45, 0.. or ..45 (${read.problem})` };
    bounds.push(read.value);
  }
  return { value: bounds };
}

function readBoolean(text: string): CellResult {
  if (/^true$/i.test(text)) return { value: true };
  return /^false$/i.test(text) ? { value: false } : { problem: "true or false is wanted" };
}

function splitValues(text: string): string[] {
  const values = [""];
  for (let i = 0; i < text.length; i++) {
    const character = text[i] as string;
    const next = text[i + 1];
    if (character === "\\" && (next === "|" || next === "\\" || next === "e")) {
      values.push(`${values.pop()}${next === "e" ? "" : next}`);
      i++;
    } else if (character === "|") values.push("");
    else values.push(values.pop() + character);
  }
  return values;
}

/** Writes a feature table that {@link readFeatureTable} reads back; columns that nobody uses are left out, the first seven always stand. */
export function writeFeatureTable(features: readonly Partial<WrittenFeature>[]): string {
  const columns = featureColumns.filter(
    (column, index) => index < 7 || features.some((feature) => feature[column] !== undefined),
  );
  const lines = features.map((feature) => columns.map((column) => csvCell(writeCell(column, feature))));
  return [columns, ...lines].map((cells) => `${cells.join(",")}\n`).join("");
}

function writeCell(column: FeatureColumn, feature: Partial<WrittenFeature>): string {
  const value = feature[column];
  if (value === undefined) return "";
  if (column === "range" || column === "expected") return (value as unknown[]).map((b) => b ?? "").join("..");
  if (column === "values") {
    const text = (value as (string | number)[]).map((v) => String(v).replace(/[\\|]/g, "\\$&")).join("|");
    return text.trim() === "" ? `\\e${text}` : text;
  }
  if (column === "missing-as" && typeof value === "string" && unquote(value) !== value)
    return JSON.stringify(value);
  if (column === "missing-as" && value === "") return '""';
  return Array.isArray(value) ? value.join("x") : String(value);
}
