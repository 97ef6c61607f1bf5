import { describe, expect, it } from "vitest";
import { compileExpression, EvaluationProblem, type ExpressionType } from "./expression.ts";

const variables = {
  wind_speed: "double",
  origin: "string",
  dest: "string",
  seats: "int",
  holiday: "bool",
  roc_auc: "double",
  "previous.roc_auc": "double",
  "after.p 1": "double",
  "wind-gust": "double",
} as const;
const values = {
  wind_speed: 10,
  origin: "JFK",
  dest: "LGA",
  seats: 3n,
  holiday: true,
  roc_auc: 0.6,
  "previous.roc_auc": 0.5,
  "after.p 1": 0.25,
  "wind-gust": 12,
};

function evaluate(source: string, returns: ExpressionType = "bool", over: Record<string, unknown> = {}) {
  const compiled = compileExpression(source, { variables, returns });
  if (!compiled.ok) throw new Error(compiled.problem);
  return compiled.evaluate({ ...values, ...over });
}

function problemOf(source: string, returns: ExpressionType = "bool") {
  const compiled = compileExpression(source, { variables, returns });
  return compiled.ok ? undefined : compiled.problem;
}

describe("an expression", () => {
  it.each([
    ["origin != dest", true],
    ["roc_auc >= previous.roc_auc - 0.01", true],
    ["roc_auc < previous.roc_auc", false],
    ["wind_speed * 2 == 20", true],
    ["seats == 3.0 && seats != 3.5", true],
    ["wind_speed in [10, 20] && !(seats in [3.5])", true],
    ['origin in ["JFK", "LGA"] ? seats > 2 : seats > 9', true],
    ["abs(wind_speed - 12) <= 2 && max(seats, 4.5) == 4.5 && min(seats, 2) == 2", true],
    ['after["p 1"] < 0.3 && features["wind-gust"] == 12 && features.holiday', true],
    ["seats % 2 == 1", true],
  ])("%s is %s", (source, expected) => expect(evaluate(source)).toBe(expected));

  it("gives numbers for double, bigints for int", () => {
    expect(evaluate("wind_speed + 15", "double")).toBe(25);
    expect(evaluate("15", "double")).toBe(15);
    expect(evaluate("seats + 1", "int")).toBe(4n);
  });

  it("keeps all digits of int64", () => {
    expect(evaluate("seats == 9007199254740993", "bool", { seats: 9007199254740993n })).toBe(true);
    expect(evaluate("seats == 9007199254740993", "bool", { seats: 9007199254740992n })).toBe(false);
  });

  it("takes whole numbers for int and 0 or 1 for bool", () => {
    expect(evaluate("seats + 1", "int", { seats: 4 })).toBe(5n);
    expect(evaluate("holiday", "bool", { holiday: 0 })).toBe(false);
  });

  it("lists each name that it reads once", () => {
    const compiled = compileExpression("roc_auc > previous.roc_auc || roc_auc > 0.9", {
      variables,
      returns: "bool",
    });
    expect(compiled.ok && compiled.names).toEqual(["roc_auc", "previous.roc_auc"]);
  });
});

describe("a wrong expression says what is wrong with it", () => {
  it.each([
    ["wind_sped > 3", "did you mean `wind_speed`?"],
    ["previous.rocauc > 1", "did you mean `previous.roc_auc`?"],
    ["nothing_like_it > 1", "there are `wind_speed`"],
    ["(previous).roc_auc > 1", "there is no `previous`"],
    ["wind_speed", "a bool is wanted: compare it"],
    ["origin + 1 == 'x'", "`+` does not go between a string and an int at `origin + 1`"],
    ["origin == seats", "a string cannot be compared with an int"],
    ["origin == null", "when-missing"],
    ["origin.matches('(a+)+b')", "has no bound"],
    ["[1, 2].exists(x, x > 1)", "no method `.exists()`"],
    ["dyn(1) == 1", "no function `dyn`"],
    ["has(previous.roc_auc)", "no function `has`"],
    ["{'a': 1} == {'a': 1}", "maps"],
    ["wind_speed >", "ends too early"],
    ["", "ends too early"],
    [`${"(".repeat(60)}1${")".repeat(60)} == 1`, "too deep"],
    [`holiday${" || holiday".repeat(250)}`, "characters"],
    ["constructor == 1", "there is no `constructor`"],
    ["__proto__ == 1", "reserved identifier"],
  ])("%.60s", (source, expected) => expect(problemOf(source)).toContain(expected));

  it("never shows the names of the inside", () => {
    expect(problemOf("origin - wind_speed > dest")).not.toMatch(/name\d/);
    expect(problemOf("wind_speed * 0.5", "int")).toContain("write int(…)");
  });
});

describe("an expression without a value throws EvaluationProblem only", () => {
  it.each([
    ["seats / 0 == 1", {}],
    ["seats + 9223372036854775807 > 0", {}],
    ["int(wind_speed) > 0", { wind_speed: Number.NaN }],
    ["wind_speed > 1", { wind_speed: null }],
    ["wind_speed > 1", { wind_speed: undefined }],
    ["wind_speed > 1", { wind_speed: "10" }],
    ["origin == dest", { origin: 7 }],
    ["seats > 1", { seats: 1.5 }],
    ["double(origin) > 1", {}],
  ])("%s with %j", (source, over) => {
    expect(() => evaluate(source, "bool", over)).toThrow(EvaluationProblem);
  });

  it("and does not read inherited properties", () => {
    const compiled = compileExpression("toString == 'x'", {
      variables: { toString: "string" as const } as Record<string, "string">,
      returns: "bool",
    });
    expect(compiled.ok).toBe(true);
    if (compiled.ok) expect(() => compiled.evaluate({})).toThrow(EvaluationProblem);
  });
});

describe("a decision where names may have no value", () => {
  const logic = { a: "bool", b: "bool", n: "int" } as const;
  const truths = [true, false, "unknown"] as const;
  type Truth = (typeof truths)[number];
  const decide = (source: string, a: Truth, b: Truth = "unknown") => {
    const compiled = compileExpression(source, { variables: logic, returns: "bool" });
    if (!compiled.ok) throw new Error(compiled.problem);
    const known = Object.entries({ a, b }).filter(([, truth]) => truth !== "unknown");
    return compiled.decide(Object.fromEntries(known));
  };
  const number = (truth: Truth) => (truth === "unknown" ? 0.5 : Number(truth));
  const truth = (value: number): Truth => (value === 0.5 ? "unknown" : value === 1);
  const pairs = truths.flatMap((a) => truths.map((b) => [a, b] as const));

  it.each(pairs)("is Kleene's for %s and %s", (a, b) => {
    expect(decide("a && b", a, b)).toBe(truth(Math.min(number(a), number(b))));
    expect(decide("a || b", a, b)).toBe(truth(Math.max(number(a), number(b))));
    expect(decide("!a", a)).toBe(truth(1 - number(a)));
    expect(decide("!(a && b)", a, b)).toBe(decide("!a || !b", a, b));
  });

  it("is unknown where a comparison or the condition of a choice is", () => {
    expect(decide("n > 3", true)).toBe("unknown");
    expect(decide("n / 0 > 3 && a", true)).toBe("unknown");
    expect(decide("a ? b : !b", "unknown", true)).toBe("unknown");
    expect(decide("a ? b : n > 3", true, true)).toBe(true);
  });
});
