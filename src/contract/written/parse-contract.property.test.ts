import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { clausesOf } from "../clauses.ts";
import { consistency } from "../consistency/consistency.ts";
import { fullContract, shortContract, shortTable } from "../contract-examples.ts";
import { completeness } from "../levels/completeness.ts";
import { parseContract } from "./parse-contract.ts";

/** Everything that is done with a text of unknown origin; must end with findings, never with an exception. */
function judge(text: string, table: string): void {
  const parsed = parseContract({ text, file: "baton.yaml", readTable: () => table });
  const { contract, positionOf } = parsed;
  const rest = contract ? [...consistency(contract, positionOf), ...completeness(contract, positionOf)] : [];
  if (contract) clausesOf(contract);
  const findings = [...parsed.findings, ...rest];
  for (const finding of findings) {
    expect(finding.message.length).toBeGreaterThan(0);
    expect(finding.line).toBeGreaterThan(0);
  }
  expect(contract !== undefined || findings.length > 0).toBe(true);
}

/** Texts near a real one: pieces cut out, doubled, or replaced by characters that mean something. */
function mutated(text: string) {
  const piece = fc.oneof(
    fc.constantFrom(
      "[",
      "]",
      "{",
      "}",
      ":",
      "- ",
      "\n",
      "\t",
      '"',
      "'",
      "&a ",
      "*a",
      "!!x ",
      "#",
      ",",
      "null",
      "~",
      "? ",
    ),
    fc.constantFrom(
      "007",
      "1e999",
      "yes",
      "__proto__",
      "constructor",
      "99999999999999999999",
      "..",
      "\u0000",
      "\ud800",
    ),
    fc.string({ maxLength: 6 }),
  );
  const edit = fc.record({ at: fc.nat(text.length), cut: fc.nat(12), put: piece });
  return fc
    .array(edit, { minLength: 1, maxLength: 4 })
    .map((edits) =>
      edits.reduce((changed, { at, cut, put }) => changed.slice(0, at) + put + changed.slice(at + cut), text),
    );
}

describe("reading a contract never throws", () => {
  it("on any text", () => {
    fc.assert(fc.property(fc.string({ maxLength: 300 }), fc.string({ maxLength: 100 }), judge), {
      numRuns: 120,
    });
  });

  it("on contracts that were damaged", () => {
    fc.assert(
      fc.property(mutated(fullContract), (text) => judge(text, shortTable)),
      { numRuns: 150 },
    );
    fc.assert(
      fc.property(mutated(shortContract), mutated(shortTable), (text, table) => judge(text, table)),
      { numRuns: 120 },
    );
  });

  it("on any JSON in the place of any part", () => {
    const keys = shortContract.match(/^[a-z-]+(?=:)/gm) ?? [];
    fc.assert(
      fc.property(fc.constantFrom(...keys), fc.jsonValue({ maxDepth: 3 }), (key, value) => {
        const lines = shortContract.split("\n").filter((line) => !line.startsWith(`${key}:`));
        judge([...lines, `${key}: ${JSON.stringify(value)}`].join("\n"), shortTable);
      }),
      { numRuns: 120 },
    );
  });
});
