import fc from "fast-check";
import ts from "typescript";
import { describe, expect, it } from "vitest";
import { contractOf, featureOf, outputOf } from "../../test/support/contract-of.ts";
import { contractTypes } from "./contract-types.ts";

/** The few global types that TypeScript cannot do without, in place of its large library. */
const globals = `interface Array<T> { readonly length: number; [n: number]: T } interface ReadonlyArray<T> { readonly length: number; readonly [n: number]: T }
interface Boolean {} interface CallableFunction {} interface Function {} interface IArguments {} interface NewableFunction {}
interface Number {} interface Object {} interface RegExp {} interface String {} interface BigInt {}`;

/** Messages of the compiler for some files that see each other's top-level names. */
function compile(...texts: string[]): string[] {
  const files = new Map([globals, ...texts].map((text, i) => [`${i}.ts`, text]));
  const options: ts.CompilerOptions = {
    noLib: true,
    strict: true,
    target: ts.ScriptTarget.ES2022,
    types: [],
    noEmit: true,
  };
  const host: ts.CompilerHost = {
    ...ts.createCompilerHost(options),
    fileExists: (name) => files.has(name),
    readFile: (name) => files.get(name),
    getSourceFile: (name) => ts.createSourceFile(name, files.get(name) ?? "", ts.ScriptTarget.ES2022),
  };
  const program = ts.createProgram([...files.keys()], options, host);
  return ts.getPreEmitDiagnostics(program).map((d) => ts.flattenDiagnosticMessageText(d.messageText, "\n"));
}

const contract = contractOf({
  model: { name: "flight-delay", version: "1.0.0", task: "other" },
  features: [
    featureOf("origin", "string", { values: ["EWR", "JFK"], missing: "reject" }),
    featureOf("dest", "string", { values: ["LAX"], unknown: "warn" }),
    featureOf("wind", "float32", { unit: "mph", how: "Hourly.", range: [0, null] }),
    featureOf("serial", "int64"),
    featureOf("grid", "float32", { shape: [2, -1] }),
  ],
  outputs: [outputOf("p", { threshold: 0.5 }), outputOf("n", { type: "int64" })],
  labels: { key: "flight_id", arriveAfter: "1d" },
});

describe("generated types", () => {
  it("accept what the contract accepts", () => {
    const types = contractTypes(contract).replaceAll("export ", "");
    const good = `const a: FlightDelayRecord = { origin: "EWR", dest: "anywhere", wind: null, serial: "9223372036854775807", grid: [[1, null], [2]], flight_id: 5 };
const b: FlightDelayRecord = { origin: "JFK" };
declare const answer: FlightDelayAnswer; const p: number = answer.outputs.p; const d: boolean = answer.decision;`;
    expect(compile(types, good)).toEqual([]);
  });

  it.each([
    ['{ origin: "LGA" }'],
    ["{}"],
    ['{ origin: "JFK", wind: "3" }'],
    ['{ origin: "JFK", wimd: 3 }'],
    ['{ origin: "JFK", grid: [1] }'],
  ])("refuse %s", (record) => {
    const types = contractTypes(contract).replaceAll("export ", "");
    expect(compile(types, `const a: FlightDelayRecord = ${record};`)).toHaveLength(1);
  });

  it("compile whatever names and words the contract has, and stay types", () => {
    const nasty = fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.constantFrom(
        "*/ process.exit() /*",
        '"]; }; evil(); //',
        "`evil()`",
        "\u2028evil()",
        "__proto__",
        "a\nb",
        "\\",
        "7up",
        "日本",
      ),
    );
    const name = nasty.filter((text) => text.length > 0);
    fc.assert(
      fc.property(fc.uniqueArray(name, { minLength: 2, maxLength: 5 }), nasty, (names, words) => {
        const wild = contractOf({
          model: { name: names[0] as string, version: words, task: "other" },
          features: names.map((n) => featureOf(n, "string", { values: [words, n], how: words, unit: words })),
          outputs: names.map((n) => outputOf(n, { meaning: words })),
          labels: { key: names[1] as string, arriveAfter: "1d" },
        });
        const text = contractTypes(wild);
        expect(compile(text)).toEqual([]);
        const file = ts.createSourceFile("types.ts", text, ts.ScriptTarget.ES2022);
        expect(file.statements.every(ts.isInterfaceDeclaration)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });
});
