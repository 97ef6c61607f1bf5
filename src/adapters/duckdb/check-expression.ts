import type { DuckDBConnection } from "@duckdb/node-api";
import { BatonError } from "../../kernel/index.ts";
import { rowsOf } from "./session.ts";
import { quoteText, quoteTexts } from "./sql-text.ts";

/** Longest transform, in characters. */
const cap = 10_000;

/** Kinds of expression that look at one row and at nothing else. */
const rowWise = new Set([
  "BETWEEN",
  "CASE",
  "CAST",
  "COLLATE",
  "COLUMN_REF",
  "COMPARISON",
  "CONJUNCTION",
  "CONSTANT",
  "FUNCTION",
  "LAMBDA",
  "LAMBDA_REF",
  "OPERATOR",
  "TYPE",
]);

/** Macros of DuckDB that stand for row-wise expressions; others reach for catalogues, clocks or aggregates. */
const macros =
  /^(list_.*|array_.*|nullif|split_part|fmod|fdiv|round_even|roundbankers|date_add|days_in_month|map_contains_(value|entry)|md5_number_(lower|upper))$/;

/** Functions that DuckDB calls consistent and that still read something beside their arguments. */
const besideTheRow = /^(current_.*|getvariable|version)$/;

/** One transform as it is written in the contract. */
export interface Transform {
  readonly feature: string;
  readonly sql: string;
}

/**
 * Judges a transform by its syntax tree: one expression over the columns of a row, of functions that always give the
 * same answer. Refused: statements, SELECT, subqueries, aggregates, windows, parameters, `*`, and functions that read
 * the clock, the settings, a sequence or chance. @throws BatonError `configuration-invalid` that names the feature
 */
export async function checkExpression(
  connection: DuckDBConnection,
  { feature, sql }: Transform,
  columns: readonly string[],
): Promise<void> {
  const refuse = (why: string) =>
    new BatonError("configuration-invalid", `The transform of "${feature}" ${why}.`, {
      next: "Write one SQL expression over the raw columns of a row, such as coalesce(wind, 0) * 2.",
    });
  if (sql.length > cap) throw refuse(`is longer than ${cap} characters`);
  const tree = await treeOf(connection, sql);
  if ("problem" in tree) throw refuse(`is not one SQL expression: ${tree.problem}`);
  const nodes = [...nodesOf(tree.expression)];
  const beyond = nodes.find((node) => !rowWise.has(node.class));
  if (beyond) throw refuse(`uses ${beyond.class.toLowerCase()}, which looks beyond one row`);
  const names = new Set([...columns, ...nodes.flatMap(parametersOf)].map((name) => name.toLowerCase()));
  const stranger = nodes.map(nameOf).find((name) => name !== undefined && !names.has(name.toLowerCase()));
  if (stranger !== undefined)
    throw refuse(`names "${stranger}", which is no raw column (${columns.slice(0, 30).join(", ")})`);
  const functions = nodes.flatMap(({ function_name }) =>
    typeof function_name === "string" ? [function_name] : [],
  );
  const unsteady = await unsteadyOf(connection, functions);
  if (unsteady !== undefined) throw refuse(`calls ${unsteady}, which does not depend on the row alone`);
}

async function treeOf(
  connection: DuckDBConnection,
  sql: string,
): Promise<{ expression: unknown } | { problem: string }> {
  const select = `SELECT (${sql}\n) FROM raw`;
  const [row] = await rowsOf(
    connection,
    `SELECT CAST(json_serialize_sql(${quoteText(select)}) AS VARCHAR) AS tree`,
  );
  const parsed = JSON.parse(String(row?.tree)) as {
    error: boolean;
    error_message?: string;
    statements?: { node?: Record<string, unknown> }[];
  };
  if (parsed.error) return { problem: (parsed.error_message ?? "it cannot be parsed").split("\n", 1)[0]! };
  const [statement, ...more] = parsed.statements ?? [];
  const node = statement?.node;
  const list = node?.select_list;
  // The wrapper must come back as it was sent: otherwise the text closed the parenthesis and went on.
  if (!node || more.length > 0 || !Array.isArray(list) || list.length !== 1 || !isWrapper(node))
    return { problem: "it goes on after its end" };
  return { expression: list[0] };
}

function isWrapper(node: Record<string, unknown>): boolean {
  const from = node.from_table as Record<string, unknown> | undefined;
  const empty = (value: unknown) =>
    value === null || value === undefined || (Array.isArray(value) && value.length === 0);
  return (
    node.type === "SELECT_NODE" &&
    from?.type === "BASE_TABLE" &&
    from.table_name === "raw" &&
    from.alias === "" &&
    ["where_clause", "having", "qualify", "sample", "modifiers", "group_expressions"].every((key) =>
      empty(node[key]),
    )
  );
}

interface ExpressionNode {
  readonly class: string;
  readonly [key: string]: unknown;
}

/** All expressions inside one, whatever the tree calls their places. */
function* nodesOf(value: unknown): Generator<ExpressionNode> {
  const open: unknown[] = [value];
  while (open.length > 0) {
    const next = open.pop();
    if (typeof next !== "object" || next === null) continue;
    if (isExpression(next)) yield next;
    open.push(...Object.values(next));
  }
}

function isExpression(value: object): value is ExpressionNode {
  return "class" in value && typeof value.class === "string";
}

/** The column that a reference names: `x`, or the `x` of `raw.x`. */
function nameOf(node: ExpressionNode): string | undefined {
  if (node.class !== "COLUMN_REF" || !Array.isArray(node.column_names)) return undefined;
  const [first, second] = node.column_names.map(String);
  return first === "raw" && second !== undefined ? second : first;
}

/** What a lambda calls its arguments. */
function parametersOf(node: ExpressionNode): string[] {
  if (node.class !== "LAMBDA") return [];
  return [...nodesOf(node.lhs)].flatMap((part) => nameOf(part) ?? []);
}

/** The first function that is not a steady function of its arguments. What DuckDB does not know, it will say itself. */
async function unsteadyOf(
  connection: DuckDBConnection,
  names: readonly string[],
): Promise<string | undefined> {
  const known = await rowsOf(
    connection,
    `SELECT function_name AS name, bool_or(function_type = 'scalar' AND stability = 'CONSISTENT') AS steady
      FROM duckdb_functions() WHERE list_contains(${quoteTexts(names.map((name) => name.toLowerCase()))}, function_name)
      GROUP BY 1 ORDER BY 1`,
  );
  const bad = known.find(({ name, steady }) => {
    const text = String(name);
    return besideTheRow.test(text) || (steady !== true && !macros.test(text));
  });
  return bad && String(bad.name);
}
