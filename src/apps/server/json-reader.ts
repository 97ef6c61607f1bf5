import { shownValue } from "../../contract/index.ts";
import { endOfNumber, endOfText, isWhole } from "./json-scan.ts";

/** What is wrong with a JSON text, and where: an index into it. */
export class JsonProblem extends Error {
  readonly at: number;
  readonly next: string;

  constructor(message: string, at: number, next: string) {
    super(message);
    this.name = "JsonProblem";
    this.at = at;
    this.next = next;
  }
}

/**
 * Reads JSON more strictly than `JSON.parse`, and slower: a key that is given twice is a problem, whole numbers beyond
 * 2^53 become bigint, and a problem says where it is without showing what stands there. The caller bounds the depth first.
 * @throws JsonProblem
 */
export function readStrictJson(text: string): unknown {
  const reader = { text, at: 0 };
  skipSpace(reader);
  const value = readValue(reader);
  skipSpace(reader);
  if (reader.at < text.length)
    throw new JsonProblem(
      "there is something after the end",
      reader.at,
      "Send one JSON object and nothing after it.",
    );
  return value;
}

interface Reader {
  readonly text: string;
  at: number;
}

function readValue(reader: Reader): unknown {
  const { text, at } = reader;
  switch (text[at]) {
    case "{":
      return readObject(reader);
    case "[":
      return readList(reader);
    case '"':
      return readText(reader);
    case "t":
      return readWord(reader, "true", true);
    case "f":
      return readWord(reader, "false", false);
    case "n":
      return readWord(reader, "null", null);
    default:
      return readNumber(reader);
  }
}

function readObject(reader: Reader): Record<string, unknown> {
  const fields: Record<string, unknown> = {};
  if (isEmpty(reader, "}")) return fields;
  for (;;) {
    skipSpace(reader);
    const start = reader.at;
    if (reader.text[start] !== '"') throw wanted(reader, "a key in double quotes");
    const key = readText(reader);
    if (Object.hasOwn(fields, key))
      throw new JsonProblem(`the key ${shownValue(key)} is given twice`, start, "Give each key once.");
    skipSpace(reader);
    if (reader.text[reader.at] !== ":") throw wanted(reader, "a colon");
    reader.at++;
    skipSpace(reader);
    const value = readValue(reader);
    Object.defineProperty(fields, key, { value, enumerable: true, writable: true, configurable: true });
    if (isLast(reader, "}")) return fields;
  }
}

function readList(reader: Reader): unknown[] {
  const items: unknown[] = [];
  if (isEmpty(reader, "]")) return items;
  for (;;) {
    skipSpace(reader);
    items.push(readValue(reader));
    if (isLast(reader, "]")) return items;
  }
}

function isEmpty(reader: Reader, end: string): boolean {
  reader.at++;
  skipSpace(reader);
  if (reader.text[reader.at] !== end) return false;
  reader.at++;
  return true;
}

function isLast(reader: Reader, end: string): boolean {
  skipSpace(reader);
  const found = reader.text[reader.at];
  if (found !== end && found !== ",") throw wanted(reader, `a comma or ${end}`);
  reader.at++;
  if (found === end) return true;
  skipSpace(reader);
  if (reader.text[reader.at] === end)
    throw new JsonProblem("a comma stands before the end", reader.at, "Take out the last comma.");
  return false;
}

function readText(reader: Reader): string {
  const start = reader.at;
  const end = endOfText(reader.text, start);
  if (end === reader.text.length)
    throw new JsonProblem("a text is not closed", start, "Close it with a double quote.");
  reader.at = end + 1;
  try {
    return JSON.parse(reader.text.slice(start, end + 1)) as string;
  } catch {
    throw new JsonProblem(
      "a text has an escape or a control character that JSON does not know",
      start,
      "Escape it as \\u followed by four hexadecimal digits.",
    );
  }
}

function readWord<Value>(reader: Reader, word: string, value: Value): Value {
  if (!reader.text.startsWith(word, reader.at)) throw wanted(reader, "a value");
  reader.at += word.length;
  return value;
}

/** Longest decimal text of an int64 or uint64, with its sign: longer ones are read as floating point. */
const longestInteger = 20;

function readNumber(reader: Reader): number | bigint {
  const start = reader.at;
  const bare = bareWords.find((word) => reader.text.startsWith(word, start));
  if (bare) throw new JsonProblem(`a bare ${bare} is not JSON`, start, "Send null for a missing value.");
  const end = endOfNumber(reader.text, start);
  if (end === start) throw wanted(reader, "a value");
  const digits = reader.text.slice(start, end);
  reader.at = end;
  try {
    const number = JSON.parse(digits) as number;
    const exact =
      Number.isSafeInteger(number) || end - start > longestInteger || !isWhole(digits, 0, digits.length);
    return exact ? number : BigInt(digits);
  } catch {
    throw new JsonProblem(
      "a number is not written as JSON writes numbers",
      start,
      "Write it as -12.5e3, say.",
    );
  }
}

const bareWords = ["NaN", "Infinity", "-Infinity"];

function skipSpace(reader: Reader): void {
  while (reader.at < reader.text.length && " \t\n\r".includes(reader.text[reader.at] as string)) reader.at++;
}

function wanted(reader: Reader, what: string): JsonProblem {
  if (reader.at >= reader.text.length)
    return new JsonProblem(`it ends where ${what} is wanted`, reader.at, "Send the whole JSON text.");
  const quoted = reader.text[reader.at] === "'";
  return new JsonProblem(
    `${what} is wanted`,
    reader.at,
    quoted ? "Use double quotes." : "Send one JSON object, with double quotes and no trailing commas.",
  );
}
