import { describe, expect, it } from "vitest";
import { clausesOf } from "../clauses.ts";
import { consistency } from "../consistency/consistency.ts";
import { fullContract, shortContract, shortTable } from "../contract-examples.ts";
import { completeness } from "../levels/completeness.ts";
import { parseContract } from "./parse-contract.ts";
import { readingFindings } from "./reading-findings.ts";

function parse(text: string, table: string | undefined = shortTable) {
  return parseContract({
    text,
    file: "baton.yaml",
    readTable: (path) => (path === "features.csv" ? table : undefined),
  });
}

function edited(from: string, to: string, text = shortContract) {
  expect(text).toContain(from);
  return text.replace(from, to);
}

describe("the short form", () => {
  it("is read into the normal form with its defaults", () => {
    const { contract, findings } = parse(shortContract);
    expect(findings).toEqual([]);
    expect(contract).toMatchObject({
      level: "handed-over",
      run: { kind: "onnx", path: "model/churn.onnx" },
      featureTable: "features.csv",
      outputs: [{ name: "churn_probability", type: "float32", tensor: "churn_probability", shape: [] }],
      gates: [{ id: "roc-auc", assert: "roc_auc >= 0.78", minimumRows: 100 }],
      budget: { latencyMs: { p99: 50 }, rate: 20, cpus: 1, memoryMiB: 512 },
      labels: { key: "request_id", arriveAfter: "10d" },
      rules: [],
    });
    expect(contract?.features).toEqual([
      {
        name: "tenure",
        type: "float32",
        unit: "month",
        missing: "allowed",
        expected: [0, 72],
        shape: [],
        unknown: "reject",
        sensitive: false,
        undecided: ["sensitive"],
      },
      {
        name: "plan",
        type: "string",
        missing: "reject",
        values: ["basic", "plus", "NO", "007"],
        shape: [],
        unknown: "reject",
        sensitive: false,
        undecided: ["sensitive"],
      },
    ]);
  });

  it("names gates by what they compare, so that a new threshold keeps the id", () => {
    const ids = (gates: string) =>
      parse(edited('[ "roc_auc >= 0.78" ]', gates)).contract?.gates.map((gate) => gate.id);
    expect(ids('[ "roc_auc >= 0.8", "roc_auc >= 0.1", "f1 > previous.f1" ]')).toEqual([
      "roc-auc",
      "roc-auc-2",
      "f1-previous-f1",
    ]);
  });
});

describe("the long form", () => {
  const { contract, findings, positionOf } = parse(fullContract);

  it("is complete and without contradiction", () => {
    expect(findings).toEqual([]);
    expect(contract && consistency(contract, positionOf)).toEqual([]);
    expect(contract && completeness(contract, positionOf)).toEqual([]);
  });

  it("knows where each clause and part stands", () => {
    const lineOf = (text: string) => fullContract.split("\n").findIndex((line) => line.includes(text)) + 1;
    expect(positionOf("features.seats").line).toBe(lineOf("name: seats"));
    expect(positionOf("features[0].range").line).toBe(lineOf("range: [0, 120]"));
    expect(positionOf("outputs[0].threshold").line).toBe(lineOf("late_probability, range"));
    expect(positionOf("rules[0].whenMissing").line).toBe(lineOf("not-a-loop"));
    expect(positionOf("onFailure.answer").line).toBe(lineOf("on-failure"));
    expect(positionOf("budget.latencyMs.p99")).toMatchObject({ line: lineOf("budget:"), column: 21 });
    expect(positionOf("nothing.of.the.kind")).toEqual({ file: "baton.yaml", line: 1, column: 1 });
    for (const clause of clausesOf(contract!))
      expect(positionOf(clause.path).line, clause.id).toBeGreaterThan(1);
  });

  it("points into the feature table where features stand there", () => {
    const { positionOf: at } = parse(shortContract);
    expect(at("features[1].values")).toEqual({ file: "features.csv", line: 3, column: 22 });
    expect(at("features.plan")).toEqual({ file: "features.csv", line: 3, column: 1 });
    expect(at("features[1].sensitive")).toEqual({ file: "features.csv", line: 3, column: 1 });
  });
});

const mistakes: readonly [name: string, text: string, codes: string, says: string, table?: string][] = [
  ["a misspelt key", edited("model:", "modle:"), "unknown-key", "Did you mean `model`?"],
  [
    "a key that is not there",
    edited("use: Ranks customers for a retention call. Never for pricing.\n", ""),
    "missing-key",
    "`use`",
  ],
  ["an unknown key inside", edited("budget: {", "budget: { p90: 5ms,"), "unknown-key", "`p90`"],
  ["a wrong level", edited("handed-over", "handedover"), "wrong-value", "Did you mean handed-over?"],
  ["a version that YAML reads as a number", edited("1.0.0", "1.0"), "wrong-type", "1.0.0"],
  ["a duration without a unit", edited("50ms", "50"), "wrong-type", "50ms"],
  ["a duration in the wrong form", edited("50ms", "50 ms"), "wrong-value", "a duration such as"],
  ["a number for a gate", edited('[ "roc_auc >= 0.78" ]', "[ 5 ]"), "wrong-type", "gates[0]"],
  [
    "a misspelt key of a gate",
    edited('[ "roc_auc >= 0.78" ]', "[ { id: a, asert: b } ]"),
    "unknown-key",
    "`assert`",
  ],
  [
    "a runtime that does not exist",
    edited("{ onnx: model/churn.onnx }", "{ onx: model/churn.onnx }"),
    "unknown-key",
    "`onnx`",
  ],
  ["two runtimes", edited("{ onnx:", "{ oip: x, onnx:"), "unknown-key", "not a key of `run`"],
  [
    "features that are a number",
    edited("features: features.csv", "features: 5"),
    "wrong-type",
    "text or a list",
  ],
  [
    "a feature without a type",
    edited("features: features.csv", "features: [ { name: a } ]"),
    "missing-key",
    "`type`",
  ],
  [
    "a type that does not exist",
    edited("features: features.csv", "features: [ { name: a, type: float } ]"),
    "wrong-value",
    "float32",
  ],
  ["three bounds", edited("range: [0, 1]", "range: [0, 1, 2]"), "wrong-value", "output.range"],
  [
    "an owner in capitals",
    edited("owners: {", "owners: { Boss: me@example.org,"),
    "unknown-key",
    "lower-case",
  ],
  [
    "an empty use",
    edited("Ranks customers for a retention call. Never for pricing.", ""),
    "wrong-type",
    "empty",
  ],
  [
    "a share above one",
    `${shortContract}watch: { window: 1d, false-alarms: 1 per 90d, keep: { rows: 2 } }\n`,
    "wrong-value",
    "at most 1",
  ],
  ["a key twice", `${shortContract}use: Something else.\n`, "duplicate-key", "unique"],
  [
    "an alias",
    edited("Ranks customers for a retention call. Never for pricing.", "*x"),
    "yaml-alias",
    "alias",
  ],
  ["an anchor", edited("use: Ranks", "use: &x Ranks"), "yaml-alias", "&x"],
  ["a merge key", `${shortContract}<<: { a: 1 }\n`, "yaml-alias", "<<"],
  ["a tag", edited("use: Ranks", "use: !!str Ranks"), "yaml-tag", "tag"],
  ["yes as a key", `${shortContract}yes: 1\n`, "ambiguous-key", '"yes"'],
  ["a number as a key", `${shortContract}1: 1\n`, "ambiguous-key", '"1"'],
  ["a zero in front", edited("threshold: 0.4", "threshold: 007"), "ambiguous-number", "007"],
  ["a hexadecimal number", edited("threshold: 0.4", "threshold: 0x1"), "ambiguous-number", "0x1"],
  [
    "too many digits",
    edited("threshold: 0.4", "threshold: 0.40000000000000000001"),
    "digits-lost",
    "more digits",
  ],
  [
    "a 20-digit integer",
    edited("threshold: 0.4", "threshold: 12345678901234567890"),
    "digits-lost",
    "more digits",
  ],
  ["infinity", edited("range: [0, 1]", "range: [0, .inf]"), "digits-lost", "finite"],
  [
    "a word that is a boolean elsewhere",
    edited("features: features.csv", "features: [ { name: a, type: string, values: [NO, SE] } ]"),
    "ambiguous-word",
    '"NO"',
  ],
  ["a tab", `${shortContract}rules:\n\t- a\n`, "yaml-syntax", "Tab"],
  ["two documents", `${shortContract}---\na: 1\n`, "yaml-syntax", "more than one"],
  ["a directive", `%YAML 1.1\n---\n${shortContract}`, "yaml-syntax", "directive"],
  ["a list", "- a\n", "yaml-syntax", "keys and values"],
  ["half a character", edited("use: Ranks", 'use: "\\ud800" #'), "yaml-syntax", "half a character"],
  ["half a character in a key", `${shortContract}"\\udfff": 1\n`, "yaml-syntax", "half a character"],
  ["half a character in the table", shortContract, "table-malformed", "UTF-8", "name,type\n\ud800,float32\n"],
  ["nothing", "", "yaml-syntax", "keys and values"],
  ["brackets without end", "[".repeat(5000), "yaml-syntax", "deep"],
  ["a file too large", `a: ${"x".repeat(1_100_000)}`, "too-large", "at most"],
  ["an absolute path", edited("data/joint.parquet", "/data/joint.parquet"), "unsafe-path", "absolute"],
  ["a path that leaves", edited("data/joint.parquet", "data/../../joint.parquet"), "unsafe-path", "`..`"],
  ["a backslash", edited("data/joint.parquet", '"data\\\\joint.parquet"'), "unsafe-path", "backslash"],
  ["a drive letter", edited("model/churn.onnx", '"C:/churn.onnx"'), "unsafe-path", "absolute"],
  ["a feature table outside", edited("features.csv", "../features.csv"), "unsafe-path", "`..`"],
  ["a feature table that is not there", edited("features.csv", "other.csv"), "table-missing", "other.csv"],
  ["a table without features", shortContract, "table-malformed", "no line", "name,type\n"],
  ["an unclosed quote", shortContract, "table-malformed", "not closed", 'name,type\n"a,float32\n'],
  ["semicolons", shortContract, "table-malformed", "semicolons", "name;type\na;float32\n"],
  ["an unknown column", shortContract, "table-column", "`missing`", "name,type,missin\na,float32,allowed\n"],
  ["a column twice", shortContract, "table-column", "twice", "name,type,type\na,float32,float32\n"],
  ["no column for types", shortContract, "table-column", "`type` is missing", "name\na\n"],
  ["bounds in another form", shortContract, "table-cell", "0..45", "name,type,expected\na,float32,0-45\n"],
  ["a decimal comma", shortContract, "table-cell", "point", 'name,type,expected\na,float32,"0,5..1"\n'],
  [
    "digits lost in a cell",
    shortContract,
    "table-cell",
    "digits",
    "name,type,expected\na,float32,0..9007199254740993\n",
  ],
  ["more cells than columns", shortContract, "table-cell", "cells", "name,type\na,float32,mph\n"],
  [
    "a type in the table that does not exist",
    shortContract,
    "wrong-value",
    "float32",
    "name,type\na,double\n",
  ],
  [
    "a cell that is no choice",
    shortContract,
    "wrong-value",
    "allowed",
    "name,type,missing\na,float32,alowed\n",
  ],
];

describe("one mistake gives one finding that says what to do", () => {
  it.each(mistakes)("%s", (_, text, code, says, table) => {
    const { contract, findings } = parse(text, table);
    expect(findings.map((finding) => finding.code)).toEqual([`contract.${code}`]);
    const [finding] = findings;
    expect(`${finding?.message} ${finding?.next}`).toContain(says);
    expect(finding?.line).toBeGreaterThan(0);
    expect(finding?.column).toBeGreaterThan(0);
    expect(contract === undefined).toBe(finding?.severity === "blocking");
  });

  it("and every code of reading has its mistake here", () => {
    const tried = new Set(mistakes.map(([, , code]) => `contract.${code}`));
    expect(Object.keys(readingFindings).filter((code) => !tried.has(code))).toEqual([]);
  });

  it("points at the line of the mistake", () => {
    const { findings } = parse(edited("threshold: 0.4", "treshold: 0.4"));
    expect(findings[0]).toMatchObject({ file: "baton.yaml", line: 8, column: 51, path: "output.treshold" });
    const cell = parse(shortContract, "name,type,expected\na,float32,0..1\nb,float32,x\n").findings[0];
    expect(cell).toMatchObject({ file: "features.csv", line: 3, column: 11, path: "features[1].expected" });
  });

  it("and a file full of them does not flood", () => {
    const keys = Array.from({ length: 500 }, (_, i) => `zzz${i}: 007\n`).join("");
    expect(parse(shortContract + keys).findings.length).toBeLessThanOrEqual(40);
  });
});

describe("what stays as it was written", () => {
  it("keeps categories that look like numbers or booleans as text", () => {
    const text = edited(
      "features: features.csv",
      'features: [ { name: a, type: string, values: ["007", "NO", "1e5"] } ]',
    );
    expect(parse(text).contract?.features[0]?.values).toEqual(["007", "NO", "1e5"]);
  });

  it("keeps all digits of whole categories", () => {
    const text = edited(
      "features: features.csv",
      "features: [ { name: a, type: int64, values: [9007199254740993, 7] } ]",
    );
    expect(parse(text).contract?.features[0]?.values).toEqual(["9007199254740993", "7"]);
  });

  it("refuses keys that change what objects are", () => {
    const { findings } = parse(`${shortContract}__proto__: { level: sketch }\n`);
    expect(findings.map((finding) => finding.code)).toEqual(["contract.yaml-alias"]);
  });
});
