import { BatonError } from "../../kernel/index.ts";
import { JsonProblem, readStrictJson } from "./json-reader.ts";
import { scanJson } from "./json-scan.ts";

/** A request body, read. */
export interface JsonBody {
  readonly value: unknown;
  /** Some whole numbers are bigint, because they are beyond 2^53. */
  readonly bigIntegers: boolean;
}

const utf8 = new TextDecoder("utf-8", { fatal: true });

/** Levels of nesting that are read: a tensor has few. */
const mostLevels = 32;

/**
 * A request body as JSON: no key twice, no digit lost.
 * @throws BatonError `input-invalid`, which says where and how to mend it, and never shows what the body holds
 */
export function readJson(body: unknown): JsonBody {
  const text = textOf(body);
  const scan = scanJson(text);
  if (scan.depth > mostLevels)
    throw new BatonError("input-invalid", `The body is nested deeper than ${mostLevels} levels.`, {
      next: "Send flat records, or flat tensor data.",
    });
  const value = parsed(text);
  const exact = value !== undefined && !scan.longIntegers && countKeys(value) === scan.keys;
  return exact ? { value, bigIntegers: false } : { value: strict(text), bigIntegers: scan.longIntegers };
}

function textOf(body: unknown): string {
  if (!(body instanceof Uint8Array) || body.length === 0)
    throw new BatonError("input-invalid", "The body is empty.", { next: "Send a JSON object." });
  try {
    return utf8.decode(body);
  } catch {
    throw new BatonError("input-invalid", "The body is not UTF-8 text.", { next: "Send JSON in UTF-8." });
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function strict(text: string): unknown {
  try {
    return readStrictJson(text);
  } catch (thrown) {
    if (!(thrown instanceof JsonProblem)) throw thrown;
    const { line, column } = positionAt(text, thrown.at);
    throw new BatonError(
      "input-invalid",
      `The body is not JSON: line ${line}, column ${column}: ${thrown.message}.`,
      {
        next: thrown.next,
        line,
        column,
      },
    );
  }
}

/** Keys in a value, at all levels; depth is bounded before. */
function countKeys(value: unknown): number {
  if (typeof value !== "object" || value === null) return 0;
  let count = 0;
  if (Array.isArray(value)) {
    for (const item of value) if (typeof item === "object") count += countKeys(item);
    return count;
  }
  for (const key of Object.keys(value)) {
    count++;
    const item = (value as Record<string, unknown>)[key];
    if (typeof item === "object") count += countKeys(item);
  }
  return count;
}

function positionAt(text: string, at: number): { line: number; column: number } {
  const before = text.slice(0, at);
  const lastBreak = before.lastIndexOf("\n");
  let line = 1;
  for (let i = before.indexOf("\n"); i !== -1; i = before.indexOf("\n", i + 1)) line++;
  return { line, column: at - lastBreak };
}
