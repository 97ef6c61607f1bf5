import fc from "fast-check";
import { expect, test } from "vitest";
import { BatonError } from "../../kernel/index.ts";
import { readStrictJson } from "./json-reader.ts";
import { scanJson } from "./json-scan.ts";
import { readJson } from "./read-json.ts";

const bytes = (text: string) => new TextEncoder().encode(text);

function failure(body: unknown): BatonError {
  try {
    readJson(body);
  } catch (thrown) {
    if (thrown instanceof BatonError) return thrown;
    throw thrown;
  }
  throw new Error("it was read");
}

test("the strict reader agrees with JSON.parse on every JSON text", () => {
  fc.assert(
    fc.property(fc.json({ maxDepth: 6 }), fc.constantFrom(undefined, 1, "\t"), (text, space) => {
      const value = JSON.parse(text);
      const written = JSON.stringify(value, null, space);
      expect(asNumbers(readStrictJson(written))).toStrictEqual(value);
      expect(asNumbers(readJson(bytes(written)).value)).toStrictEqual(value);
    }),
    { numRuns: 500 },
  );
});

function asNumbers(value: unknown): unknown {
  if (typeof value === "bigint") return Number(value);
  if (Array.isArray(value)) return value.map(asNumbers);
  if (typeof value !== "object" || value === null) return value;
  return JSON.parse(JSON.stringify(value, (_key, item) => (typeof item === "bigint" ? Number(item) : item)));
}

test("what JSON.parse refuses, the strict reader refuses, and the other way round except for keys given twice", () => {
  const piece = fc.constantFrom(
    ..."{}[]:,\"\\'truefalsn0123456789.eE+- \n\u0000xé",
    "NaN",
    "null",
    '"a"',
    '"__proto__"',
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
      const text = pieces.join("");
      const parses = attempt(() => JSON.parse(text));
      const strict = attempt(() => readStrictJson(text));
      if (strict.ok) expect(parses.ok).toBe(true);
      if (parses.ok && !strict.ok) expect(strict.problem).toMatch(/given twice/);
    }),
    { numRuns: 5000 },
  );
});

function attempt(read: () => unknown): { ok: true } | { ok: false; problem: string } {
  try {
    read();
    return { ok: true };
  } catch (thrown) {
    return { ok: false, problem: String(thrown) };
  }
}

test("whole numbers beyond 2^53 keep every digit; others stay numbers", () => {
  const text =
    '{"a":9007199254740993,"b":-9223372036854775808,"c":12,"d":0.30000000000000004,"e":1e20,"f":"9007199254740993"}';
  expect(readJson(bytes(text))).toEqual({
    value: {
      a: 9007199254740993n,
      b: -9223372036854775808n,
      c: 12,
      d: 0.30000000000000004,
      e: 1e20,
      f: "9007199254740993",
    },
    bigIntegers: true,
  });
});

test("a number of a million digits costs nothing and becomes what JavaScript makes of it", () => {
  const started = performance.now();
  expect(readJson(bytes(`{"a":${"9".repeat(1_000_000)}}`)).value).toEqual({ a: Number.POSITIVE_INFINITY });
  expect(performance.now() - started).toBeLessThan(2000);
});

test("a key that is given twice is refused with its place, also when escapes hide it", () => {
  for (const text of ['{"records":[],\n "records":[]}', '{"records":[],\n "\\u0072ecords":[]}'])
    expect(failure(bytes(text)).message).toBe(
      'The body is not JSON: line 2, column 2: the key "records" is given twice.',
    );
  expect(failure(bytes('{"records":[{"a":1,"a":1}]}')).message).toMatch(/"a" is given twice/);
  expect(readJson(bytes('{"a":"x:y","b":["::"],"c":"\\":"}')).value).toEqual({
    a: "x:y",
    b: ["::"],
    c: '":',
  });
});

test("a hundred thousand levels are refused before anything recurses", () => {
  for (const [open, close] of [
    ["[", "]"],
    ['{"a":', "}"],
  ] as const) {
    const levels = 100_000;
    expect(failure(bytes(open.repeat(levels) + close.repeat(levels))).message).toMatch(/nested deeper/);
    expect(failure(bytes(open.repeat(levels))).message).toMatch(/nested deeper/);
  }
});

test("__proto__ and constructor are plain keys, and nothing is polluted", () => {
  const text =
    '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}},"n":12345678901234567890}';
  const { value } = readJson(bytes(text));
  expect(Object.keys(value as object)).toEqual(["__proto__", "constructor", "n"]);
  expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  expect((value as Record<string, unknown>).polluted).toBeUndefined();
});

test.each([
  [
    "NaN",
    '{"records":[{"x": NaN}]}',
    "line 1, column 19: a bare NaN is not JSON",
    "null for a missing value",
  ],
  ["-Infinity", "[-Infinity]", "a bare -Infinity", "null for a missing value"],
  ["a trailing comma", '{"records":[1,]}', "a comma stands before the end", "last comma"],
  ["single quotes", "{'a':1}", "a key in double quotes is wanted", "double quotes"],
  ["an open text", '{"a":"b', "a text is not closed", "Close it"],
  ["an end too early", '{"a":', "it ends where a value is wanted", "whole JSON"],
  ["a bad escape", '{"a":"\\x"}', "an escape or a control character", "\\u"],
  ["a leading zero", '{"a":01}', "a number is not written", "-12.5e3"],
  ["something after", "{} {}", "something after the end", "nothing after"],
])("%s is named with its place and how to mend it", (_name, text, message, next) => {
  const error = failure(bytes(text));
  expect(error.code).toBe("input-invalid");
  expect(error.message).toContain(message);
  expect(error.next).toContain(next);
});

test("what the body holds is never in the message", () => {
  expect(failure(bytes('{"pin":"4711-secret" oops}')).message).not.toMatch(/4711|oops/);
});

test("no body, and bytes that are no UTF-8, are told apart", () => {
  expect(failure(undefined).message).toBe("The body is empty.");
  expect(failure(new Uint8Array(0)).message).toBe("The body is empty.");
  expect(failure(Uint8Array.of(0x7b, 0xff, 0xfe)).message).toBe("The body is not UTF-8 text.");
});

test("the scan never fails and never loops, whatever the text", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: fc.constantFrom('"', "\\", "1", "-", ".", "{", "[", ":", "x"), maxLength: 200 }),
      (text) => {
        expect(scanJson(text).depth).toBeLessThanOrEqual(text.length);
      },
    ),
  );
});
