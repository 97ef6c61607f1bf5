import { describe, expect, it } from "vitest";
import { contractOf, featureOf, outputOf, ruleOf } from "../../../test/support/contract-of.ts";
import type { Contract } from "../contract.ts";
import type { Column, Table } from "../table.ts";
import { compileOutputValidator, compileValidator } from "./compile-validator.ts";
import { keptViolations } from "./report.ts";

function tableOf(rows: number, columns: Record<string, Column>): Table {
  return { rows, columns: new Map(Object.entries(columns)) };
}

const float32 = (...values: number[]): Column => ({
  type: "float32",
  shape: [],
  values: Float32Array.from(values),
});
const float64 = (...values: number[]): Column => ({
  type: "float64",
  shape: [],
  values: Float64Array.from(values),
});
const strings = (...values: string[]): Column => ({ type: "string", shape: [], values });
const int64 = (values: bigint[], missing?: number[]): Column => ({
  type: "int64",
  shape: [],
  values: BigInt64Array.from(values),
  ...(missing && { missing: Uint8Array.from(missing) }),
});

function judge(contract: Partial<Contract>, table: Table, rowNumbers?: number[]) {
  const result = compileValidator(contractOf(contract)).validate(table, rowNumbers);
  const short = (list: typeof result.rejections) => list.map((v) => `${v.row} ${v.clause} ${v.code}`);
  return {
    ...result,
    rejected: short(result.rejections),
    warned: short(result.warnings),
    accepted: [...result.accepted],
  };
}

describe("ranges of floats", () => {
  const wind = featureOf("wind", "float32", {
    range: [0, 120],
    expected: [0, 45],
    unit: "mph",
    missing: "reject",
  });

  it("accepts both bounds and rejects what is outside, missing or infinite", () => {
    const result = judge(
      { features: [wind] },
      tableOf(7, { wind: float32(0, 120, -0.001, 120.001, Number.NaN, Number.POSITIVE_INFINITY, 45) }),
    );
    expect(result.rejected).toEqual([
      "2 features.wind input.range",
      "3 features.wind input.range",
      "4 features.wind input.missing",
      "5 features.wind input.not-finite",
    ]);
    expect(result.warned).toEqual(["1 features.wind input.outside-expected"]);
    expect(result.accepted).toEqual([1, 1, 0, 0, 0, 0, 1]);
  });

  it("says what was expected, what came and where", () => {
    const { rejections, warnings } = judge(
      { features: [wind] },
      tableOf(2, { wind: float32(130, 60) }),
      [8, 9],
    );
    expect(rejections).toEqual([
      {
        row: 8,
        clause: "features.wind",
        code: "input.range",
        path: "records[8].wind",
        expected: "0 to 120 mph",
        received: "130",
        message: "wind is 130, outside 0 to 120 mph.",
      },
    ]);
    expect(warnings[0]?.message).toBe("wind is 60, outside the expected 0 to 45 mph.");
  });

  it("rounds the bound of a float32 as its values were rounded, and no bound of a float64", () => {
    const range = [0.7, 0.8] as const;
    const single = judge(
      { features: [featureOf("x", "float32", { range })] },
      tableOf(2, { x: float32(0.7, 0.8) }),
    );
    expect(single.accepted).toEqual([1, 1]);
    const double = judge(
      { features: [featureOf("x", "float64", { range })] },
      tableOf(2, { x: float64(0.7, 0.8000000001) }),
    );
    expect(double.accepted).toEqual([1, 0]);
  });

  it("keeps a half-open range open", () => {
    const low = judge(
      { features: [featureOf("x", "float64", { range: [0, null] })] },
      tableOf(2, { x: float64(1e300, -1) }),
    );
    expect(low.accepted).toEqual([1, 0]);
    expect(low.rejections[0]?.expected).toBe("0 or more");
  });

  it("rejects infinities although there is no range, and lets NaN pass where it may be missing", () => {
    const result = judge(
      { features: [featureOf("x", "float64")] },
      tableOf(3, { x: float64(Number.NEGATIVE_INFINITY, Number.NaN, 5) }),
    );
    expect(result.accepted).toEqual([0, 1, 1]);
  });

  it("knows a list of float categories", () => {
    const feature = featureOf("x", "float32", { values: ["0", "1"], unknown: "warn" });
    const result = judge({ features: [feature] }, tableOf(3, { x: float32(0, 1, 2) }));
    expect(result.warned).toEqual(["2 features.x input.category"]);
  });
});

describe("integers, strings and booleans", () => {
  it("compares an int64 without rounding it", () => {
    const top = 2n ** 53n;
    const feature = featureOf("n", "int64", { range: [null, 2 ** 53] });
    expect(judge({ features: [feature] }, tableOf(2, { n: int64([top, top + 1n]) })).accepted).toEqual([
      1, 0,
    ]);
  });

  it("takes a fractional bound of an integer literally", () => {
    const feature = featureOf("n", "int64", { range: [0.5, 2.5] });
    expect(judge({ features: [feature] }, tableOf(4, { n: int64([0n, 1n, 2n, 3n]) })).accepted).toEqual([
      0, 1, 1, 0,
    ]);
  });

  it("does not judge what stands in the place of a missing integer", () => {
    const feature = featureOf("n", "int64", { range: [5, 6], missingAs: 5 });
    const table = tableOf(2, { n: int64([0n, 0n], [1, 0]) });
    expect(judge({ features: [feature] }, table).rejected).toEqual(["1 features.n input.range"]);
  });

  it("rejects a missing value that nothing can stand for", () => {
    const table = tableOf(1, { n: int64([0n], [1]) });
    const allowed = judge({ features: [featureOf("n", "int64")] }, table);
    expect(allowed.rejected).toEqual(["0 features.n input.missing"]);
    expect(allowed.rejections[0]?.expected).toContain("missing-as");
  });

  it("rejects or warns about an unknown category", () => {
    const values = ["EWR", "JFK"];
    const table = tableOf(2, { origin: strings("JFK", "jfk") });
    const hard = judge({ features: [featureOf("origin", "string", { values })] }, table);
    const soft = judge({ features: [featureOf("origin", "string", { values, unknown: "warn" })] }, table);
    expect([hard.rejected, hard.warned]).toEqual([["1 features.origin input.category"], []]);
    expect([soft.rejected, soft.warned]).toEqual([[], ["1 features.origin input.category"]]);
  });

  it("reads listed booleans", () => {
    const feature = featureOf("b", "boolean", { values: ["true"] });
    const column: Column = { type: "boolean", shape: [], values: Uint8Array.of(1, 0) };
    expect(judge({ features: [feature] }, tableOf(2, { b: column })).accepted).toEqual([1, 0]);
  });
});

describe("shaped features", () => {
  const shape = [2, 3];
  const cell = (values: number[], missing?: number[]): Column => ({
    type: "float32",
    shape,
    values: Float32Array.from(values),
    ...(missing && { missing: Uint8Array.from(missing) }),
  });

  it("tells the first fault of each row, with its place", () => {
    const feature = featureOf("grid", "float32", { shape, range: [0, 1] });
    const table = tableOf(2, { grid: cell([0, 0, 0, 0, 9, 9, 9, 0, 0, 0, 0, 0]) });
    const { rejections } = judge({ features: [feature] }, table);
    expect(rejections.map((v) => v.path)).toEqual(["records[0].grid[1][1]", "records[1].grid[0][0]"]);
  });

  it("tells a wholly missing value as one", () => {
    const feature = featureOf("grid", "float32", { shape, missing: "reject" });
    const nothing = new Array(6).fill(Number.NaN);
    const { rejections } = judge({ features: [feature] }, tableOf(1, { grid: cell(nothing, [1]) }));
    expect(rejections.map((v) => v.path)).toEqual(["records[0].grid"]);
  });
});

describe("rules", () => {
  const features = [featureOf("origin", "string"), featureOf("dest", "string"), featureOf("wind", "float32")];
  const rule = ruleOf("not-a-loop", "origin != dest");

  it("rejects the rows that break one, and names both values", () => {
    const table = tableOf(2, { origin: strings("A", "A"), dest: strings("B", "A"), wind: float32(1, 1) });
    const result = judge({ features, rules: [rule] }, table);
    expect(result.rejected).toEqual(["1 rules.not-a-loop input.rule"]);
    expect(result.rejections[0]).toMatchObject({
      expected: "origin != dest",
      received: 'origin = "A", dest = "A"',
    });
  });

  it.each([
    ["skip", [], []],
    ["warn", [], ["0 rules.calm input.rule-not-evaluable"]],
    ["reject", ["0 rules.calm input.rule-not-evaluable"], []],
  ] as const)("does as when-missing says: %s", (whenMissing, rejected, warned) => {
    const rules = [ruleOf("calm", "wind < 10.0", { whenMissing })];
    const result = judge({ features: [features[2]!], rules }, tableOf(1, { wind: float32(Number.NaN) }));
    expect([result.rejected, result.warned]).toEqual([rejected, warned]);
  });

  it("treats a column that is not there as missing", () => {
    const rules = [ruleOf("calm", "wind < 10.0", { whenMissing: "reject" })];
    expect(judge({ features: [features[2]!], rules }, tableOf(1, {})).accepted).toEqual([0]);
  });

  it("counts an expression that fails as broken: an overflow is no way around a rule", () => {
    const rules = [ruleOf("small", "n * n < 100")];
    const table = tableOf(2, { n: int64([3n, 2n ** 62n]) });
    expect(judge({ features: [featureOf("n", "int64")], rules }, table).accepted).toEqual([1, 0]);
  });

  it("refuses an expression that does not compile", () => {
    const rules = [ruleOf("odd", "orgin != dest")];
    expect(() => compileValidator(contractOf({ features, rules }))).toThrow(/did you mean `origin`/);
  });
});

describe("sensitive features", () => {
  it("shows no value, in no message, of the feature or of a rule that reads it", () => {
    const secret = "Lab Lovelace";
    const features = [
      featureOf("name", "string", { values: ["x"], sensitive: true }),
      featureOf("age", "int64", { range: [0, 10], sensitive: true }),
    ];
    const rules = [ruleOf("no-lab", 'name != "Lab" + " Lovelace"'), ruleOf("square", "age * age < 4")];
    const result = judge(
      { features, rules },
      tableOf(1, { name: strings(secret), age: int64([4611686018427387904n]) }),
    );
    expect(result.rejections).toHaveLength(4);
    const told = result.rejections.map(({ received, message }) => `${received} ${message}`).join("\n");
    expect(told).not.toMatch(/Lab Lovelace|46116860/);
    expect(result.rejections.map((v) => v.received)).toEqual([
      "[withheld]",
      "[withheld]",
      "name = [withheld]",
      "age = [withheld]",
    ]);
  });
});

describe("many violations", () => {
  it("keeps a bounded number, the first of each rejected row always, and counts all", () => {
    const rows = 3000;
    const feature = (name: string) => featureOf(name, "float32", { range: [0, 1], missing: "reject" });
    const bad = float32(...new Array<number>(rows).fill(9));
    const result = judge({ features: [feature("a"), feature("b")] }, tableOf(rows, { a: bad, b: bad }));
    expect(result.counts.rejections).toBe(2 * rows);
    expect(result.rejections).toHaveLength(rows);
    expect(new Set(result.rejections.map((v) => v.row)).size).toBe(rows);
    const warned = judge(
      { features: [featureOf("a", "float32", { expected: [0, 1] })] },
      tableOf(rows, { a: bad }),
    );
    expect([warned.warnings.length, warned.counts.warnings]).toEqual([keptViolations, rows]);
  });

  it("orders them by row, and within a row as the contract does", () => {
    const features = [
      featureOf("a", "float32", { range: [0, 1] }),
      featureOf("b", "float32", { range: [0, 1] }),
    ];
    const result = judge({ features }, tableOf(2, { a: float32(9, 9), b: float32(9, 9) }));
    expect(result.rejected.map((text) => text.slice(0, 12))).toEqual([
      "0 features.a",
      "0 features.b",
      "1 features.a",
      "1 features.b",
    ]);
  });
});

describe("columns that do not fit", () => {
  it.each([
    ["type", { x: float64(1) }],
    ["length", { x: float32(1, 2) }],
    ["shape", { x: { type: "float32", shape: [1], values: new Float32Array(1) } as Column }],
  ])("are refused for their %s", (_, columns) => {
    const { validate } = compileValidator(contractOf({ features: [featureOf("x", "float32")] }));
    expect(() => validate(tableOf(1, columns as Record<string, Column>))).toThrow(
      /the contract says float32/,
    );
  });
});

describe("outputs", () => {
  const { validate } = compileOutputValidator(contractOf({ outputs: [outputOf("p", { range: [0, 1] })] }));

  it("withholds what is no number or out of range", () => {
    const { rejections } = validate(
      tableOf(4, { p: float32(0.5, Number.NaN, 1.5, Number.POSITIVE_INFINITY) }),
      [4, 5, 6, 7],
    );
    expect(rejections.map((v) => `${v.path} ${v.clause} ${v.code}`)).toEqual([
      "outputs[5].p outputs.p output.not-a-number",
      "outputs[6].p outputs.p output.range",
      "outputs[7].p outputs.p output.not-a-number",
    ]);
  });
});
