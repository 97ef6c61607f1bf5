import { type ASTNode, Environment, type ParseResult } from "@marcbachmann/cel-js";
import { nearest } from "../nearest.ts";

/** Types of names and results in expressions. */
export type ExpressionType = "bool" | "double" | "int" | "string";

/** What an expression may name, and what it must give. Names may have dots: `previous.roc_auc`. */
export interface ExpressionScope {
  readonly variables: Readonly<Record<string, ExpressionType>>;
  readonly returns: ExpressionType;
}

/** A checked expression. */
export interface CompiledExpression {
  readonly ok: true;
  /** Every declared name that the expression reads, in order of appearance. */
  readonly names: readonly string[];
  /**
   * Value for one set of values by (dotted) name: boolean, number for `double`, bigint for `int`, string.
   * `double` takes numbers and bigints, `int` bigints and integral numbers, `bool` booleans and 0 or 1.
   * The caller handles missing values first: it sees `names`. @throws EvaluationProblem and nothing else
   */
  evaluate(values: Readonly<Record<string, unknown>>): unknown;
  /**
   * Truth where some names may have no value: `unknown` is neither true nor false, and decides nothing that it cannot
   * decide: `false && unknown` is false, `true || unknown` is true, `!unknown` is unknown (Kleene's strong logic, which
   * is how CEL absorbs errors). What cannot be computed, such as a division by zero, is unknown too. For `bool` only.
   */
  decide(values: Readonly<Record<string, unknown>>): boolean | "unknown";
}

/** The outcome of {@link compileExpression}: `problem` is one sentence for the person who wrote it. */
export type ExpressionResult = CompiledExpression | { readonly ok: false; readonly problem: string };

/** Thrown by `evaluate` where an expression has no value: a name without a value, a division by zero, an overflow. */
export class EvaluationProblem extends Error {
  constructor(message: string) {
    super(message);
    this.name = "EvaluationProblem";
  }
}

/** Longest expression, in characters. */
export const longestExpression = 2000;

const functions = new Set(["size", "int", "double", "string", "bool", "abs", "min", "max"]);
const methods = new Set(["size", "startsWith", "endsWith", "contains", "lowerAscii", "upperAscii", "trim"]);

const base = new Environment({ limits: { maxAstNodes: 600, maxDepth: 40, maxListElements: 500 } })
  .registerFunction("abs(double): double", (a: number) => Math.abs(a))
  .registerFunction("abs(int): int", (a: bigint) => (a < 0n ? -a : a));
for (const [name, choose] of [
  ["min", (a: number, b: number) => Math.min(a, b)],
  ["max", (a: number, b: number) => Math.max(a, b)],
] as const)
  for (const [left, right] of [
    ["double", "double"],
    ["int", "double"],
    ["double", "int"],
  ])
    base.registerFunction(`${name}(${left}, ${right}): double`, (a: number | bigint, b: number | bigint) =>
      choose(Number(a), Number(b)),
    );
base
  .registerFunction("min(int, int): int", (a: bigint, b: bigint) => (a < b ? a : b))
  .registerFunction("max(int, int): int", (a: bigint, b: bigint) => (a > b ? a : b));
for (const [operator, compute] of [
  ["+", (a: number, b: number) => a + b],
  ["-", (a: number, b: number) => a - b],
  ["*", (a: number, b: number) => a * b],
  ["/", (a: number, b: number) => a / b],
] as const) {
  base.registerOperator(`int ${operator} double`, (a: bigint, b: number) => compute(Number(a), b));
  base.registerOperator(`double ${operator} int`, (a: number, b: bigint) => compute(a, Number(b)));
}
// Ordering compares a bigint with a number by value, without rounding either.
const sameNumber = (a: number | bigint, b: number | bigint): boolean => a <= b && a >= b;
base.registerOperator("int == double", sameNumber);
const isListed = (a: number | bigint, list: readonly (number | bigint)[]) =>
  list.some((b) => sameNumber(a, b));
base.registerOperator("double in list<int>", isListed);
base.registerOperator("int in list<double>", isListed);

/**
 * Compiles one CEL expression (https://cel.dev) once, against typed names. Whole numbers may be mixed with doubles.
 * Left out on purpose: loops over lists, regular expressions and maps (their cost has no bound), and `null`
 * (what is missing is decided before evaluation).
 * A name that CEL cannot spell is written `features["wind-speed"]`, `after["p 1"]`.
 */
export function compileExpression(source: string, scope: ExpressionScope): ExpressionResult {
  if (source.length > longestExpression)
    return problem(`it has ${source.length} characters; at most ${longestExpression} are read`);
  try {
    return compile(source, scope);
  } catch (thrown) {
    return problem(describe(thrown, source, []));
  }
}

function compile(source: string, scope: ExpressionScope): ExpressionResult {
  const found = findNames(base.parse(source).ast, scope.variables);
  if (found.refusal) return problem(found.refusal);
  const names = [...new Set(found.references.map((reference) => reference.name))];
  const environment = base.clone();
  for (const [index, name] of names.entries())
    environment.registerVariable(placeholder(index), scope.variables[name] as string);
  const rewritten = rewrite(source, found.references, names);
  const parsed = environment.parse(rewritten);
  const checked = parsed.check();
  if (!checked.valid) return problem(describe(checked.error, rewritten, names));
  const convert = resultConverter(checked.type, scope.returns);
  if (!convert)
    return problem(
      `it gives ${article(checked.type)}, and ${article(scope.returns)} is wanted${conversionHint(checked.type, scope.returns)}`,
    );
  const readers = readersOf(names, scope);
  return {
    ok: true,
    names,
    evaluate: evaluator(parsed, names, readers, convert),
    decide: (values) => decide(parsed, readers, values),
  };
}

interface Reader {
  readonly name: string;
  readonly key: string;
  readonly read: (value: unknown) => unknown;
}

function readersOf(names: readonly string[], scope: ExpressionScope): Reader[] {
  return names.map((name, index) => ({
    name,
    key: placeholder(index),
    read: valueReaders[scope.variables[name] as ExpressionType],
  }));
}

function decide(
  parsed: ParseResult,
  readers: readonly Reader[],
  values: Readonly<Record<string, unknown>>,
): boolean | "unknown" {
  const context: Record<string, unknown> = {};
  for (const { name, key, read } of readers) {
    const value = Object.hasOwn(values, name) ? read(values[name]) : undefined;
    if (value !== undefined) context[key] = value;
  }
  try {
    const result: unknown = parsed(context);
    return typeof result === "boolean" ? result : "unknown";
  } catch {
    return "unknown";
  }
}

function evaluator(
  parsed: ParseResult,
  names: readonly string[],
  readers: readonly Reader[],
  convert: (value: unknown) => unknown,
): CompiledExpression["evaluate"] {
  return (values) => {
    const context: Record<string, unknown> = {};
    for (const { name, key, read } of readers) {
      const value = Object.hasOwn(values, name) ? read(values[name]) : undefined;
      if (value === undefined) throw new EvaluationProblem(`\`${name}\` has no value of its type.`);
      context[key] = value;
    }
    try {
      return convert(parsed(context));
    } catch (thrown) {
      throw new EvaluationProblem(`${describe(thrown, "", names)}.`);
    }
  };
}

const valueReaders: Record<ExpressionType, (value: unknown) => unknown> = {
  double: (value) =>
    typeof value === "number" ? value : typeof value === "bigint" ? Number(value) : undefined,
  int: (value) =>
    typeof value === "bigint"
      ? value
      : typeof value === "number" && Number.isSafeInteger(value)
        ? BigInt(value)
        : undefined,
  string: (value) => (typeof value === "string" ? value : undefined),
  bool: (value) =>
    typeof value === "boolean" ? value : value === 1 ? true : value === 0 ? false : undefined,
};

function resultConverter(
  type: string | undefined,
  returns: ExpressionType,
): ((value: unknown) => unknown) | undefined {
  if (type === returns) return (value) => value;
  if (type === "int" && returns === "double") return (value) => Number(value);
  return undefined;
}

interface Reference {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

interface Names {
  readonly references: readonly Reference[];
  readonly refusal?: string;
}

/** Walks the syntax tree for names, and for what is not allowed. */
function findNames(root: ASTNode, variables: ExpressionScope["variables"]): Names {
  const references: Reference[] = [];
  let refusal: string | undefined;
  const known = (name: string) => Object.hasOwn(variables, name);
  const reference = (node: ASTNode, name: string) => {
    if (known(name)) references.push({ name, start: node.start, end: node.end });
    else refusal ??= unknownName(name, Object.keys(variables));
  };
  const visit = (node: ASTNode): void => {
    const path = pathOf(node);
    if (path) reference(node, spell(path, known));
    else {
      refusal ??= refusalOf(node);
      childrenOf(node).forEach(visit);
    }
  };
  visit(root);
  return refusal === undefined ? { references } : { references, refusal };
}

/** `a`, `a.b`, `a["b"]` as a path; nothing for other nodes (nor for `(a).b`, which has no range of its own). */
function pathOf(node: ASTNode): string[] | undefined {
  if (node.op === "id") return [node.args];
  if (node.op !== "." && node.op !== "[]") return undefined;
  const left = pathOf(node.args[0]);
  if (!left || !/^\s*[.[]/.test(node.input.slice(node.args[0].end, node.end))) return undefined;
  if (node.op === ".") return [...left, node.args[1]];
  if (node.op === "[]") {
    const key = node.args[1];
    return key.op === "value" && typeof key.args === "string" ? [...left, key.args] : undefined;
  }
  return undefined;
}

function spell(path: readonly string[], known: (name: string) => boolean): string {
  const name = path.join(".");
  return path[0] === "features" && path.length > 1 && !known(name) ? path.slice(1).join(".") : name;
}

function childrenOf(node: ASTNode): readonly ASTNode[] {
  switch (node.op) {
    case "value":
    case "id":
      return [];
    case ".":
    case ".?":
      return [node.args[0]];
    case "call":
      return node.args[1];
    case "rcall":
      return [node.args[1], ...node.args[2]];
    case "!_":
    case "-_":
      return [node.args];
    case "map":
      return node.args.flat();
    default:
      return node.args;
  }
}

function refusalOf(node: ASTNode): string | undefined {
  if (node.op === "value" && node.args === null)
    return "`null` is not used here: what happens to missing values is said beside the expression (`when-missing`)";
  if (node.op === "map") return "maps `{…}` are not used here";
  if (node.op === "call" && !functions.has(node.args[0]))
    return `there is no function \`${node.args[0]}\`; there are ${[...functions].join(", ")}`;
  if (node.op === "rcall" && node.args[0] === "matches")
    return "`matches` is not used here, because the cost of a regular expression has no bound; write `==`, `in [..]`, `startsWith`, `endsWith` or `contains`";
  if (node.op === "rcall" && !methods.has(node.args[0]))
    return `there is no method \`.${node.args[0]}()\`; there are ${[...methods].join(", ")}`;
  return undefined;
}

function unknownName(name: string, names: readonly string[]): string {
  const near = nearest(name, names, 3);
  if (near.length > 0)
    return `there is no \`${name}\` here; did you mean ${near.map((n) => `\`${n}\``).join(" or ")}?`;
  const shown = names.slice(0, 12).map((n) => `\`${n}\``);
  const rest = names.length > 12 ? ` and ${names.length - 12} more` : "";
  return names.length === 0
    ? `there is no \`${name}\` here, and nothing else that could be named`
    : `there is no \`${name}\` here; there are ${shown.join(", ")}${rest}`;
}

function placeholder(index: number): string {
  return `name${index}_`;
}

function rewrite(source: string, references: readonly Reference[], names: readonly string[]): string {
  let text = "";
  let from = 0;
  for (const { name, start, end } of [...references].sort((a, b) => a.start - b.start)) {
    text += source.slice(from, start) + placeholder(names.indexOf(name));
    from = end;
  }
  return text + source.slice(from);
}

function describe(thrown: unknown, source: string, names: readonly string[]): string {
  const error = thrown as {
    summary?: unknown;
    message?: unknown;
    range?: { start: number; end: number };
    node?: { op?: string };
  };
  const summary = String(error.summary ?? error.message ?? "it cannot be read").split("\n", 1)[0] as string;
  const original = (text: string) =>
    text.replace(/\bname(\d+)_/g, (whole, index) => names[Number(index)] ?? whole);
  const part = error.range && source ? original(source.slice(error.range.start, error.range.end)).trim() : "";
  const where = part && part.length <= 80 ? ` at \`${part}\`` : "";
  return original(plain(summary)).replace(/\ba int\b/g, "an int") + where;
}

const translations: readonly [RegExp, string][] = [
  [/^no such overload: (\S+) == (\S+)$/, "a $1 cannot be compared with a $2"],
  [/^no such overload: (\S+) (\S+) (\S+)$/, "`$2` does not go between a $1 and a $3"],
  [/^no such overload: (.+)$/, "`$1` does not exist"],
  [/^found no matching overload for '(.+)'$/, "`$1` does not exist"],
  [/^Unexpected token: EOF$/, "it ends too early"],
  [/^Exceeded (maxDepth|maxAstNodes|maxListElements|\w+) \((\d+)\)$/, "it is too large or too deep ($1 $2)"],
];

function plain(summary: string): string {
  for (const [pattern, text] of translations)
    if (pattern.test(summary)) return summary.replace(pattern, text);
  return summary.charAt(0).toLowerCase() + summary.slice(1);
}

function article(type: string | undefined): string {
  return type === "int" ? "an int" : `a ${type}`;
}

function conversionHint(from: string | undefined, to: ExpressionType): string {
  if (to === "bool") return ": compare it with something";
  return from === "double" && to === "int" ? ": write int(…)" : "";
}

function problem(text: string): { readonly ok: false; readonly problem: string } {
  return { ok: false, problem: text };
}
