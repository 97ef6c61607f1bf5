import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type Contract,
  compileValidator,
  type Feature,
  type Rule,
  type Violation,
} from "../../contract/index.ts";
import { createPredictor, type Prediction, type Predictor } from "../../inference/index.ts";
import { jointTable, smallContract, smallPredictor, smallRows } from "../fixtures/small-model.ts";
import { featureColumns } from "../rows/table-rows.ts";
import { enforceOutputs } from "./enforce-outputs.ts";
import { enforceInputs } from "./enforcement.ts";
import { breakingValues, keepsLimits } from "./feature-limits.ts";
import { madeUpRows } from "./made-up-rows.ts";
import { violatingRecords } from "./violating-records.ts";

const rowsOf = (contract: Contract) => featureColumns(contract, jointTable(smallRows(60)));
const contract = smallContract();

/** A predictor with a fault: what it says is changed before it is handed on. */
function faulty(change: (prediction: Prediction, record: Record<string, unknown>) => Prediction): Predictor {
  const sound = smallPredictor();
  return {
    ...sound,
    predictRecords: async (records) =>
      change(await sound.predictRecords(records), records[0] as Record<string, unknown>),
  };
}

const rule = (given: Partial<Rule> & Pick<Rule, "id" | "assert">): Rule => ({
  otherwise: "reject",
  whenMissing: "skip",
  ...given,
});

describe("violations on purpose", () => {
  it("are answered by exactly their clause", async () => {
    const judged = await enforceInputs(contract, smallPredictor(), rowsOf(contract));
    expect(judged.map(({ clause, outcome }) => [clause, outcome])).toEqual(
      [
        "features.origin",
        "features.dest",
        "features.wind",
        "features.gust",
        "features.hour",
        "features",
        "rules.no-loop",
        "rules.gust-above-wind",
      ].map((clause) => [clause, "pass"]),
    );
  });

  it("cover every limit that the contract has", () => {
    const made = violatingRecords(contract, rowsOf(contract));
    const limits = (clause: string) =>
      made.violations
        .filter((one) => one.clause === clause)
        .map(({ limit, reaction }) => `${limit}:${reaction}`);
    expect(limits("features.dest")).toEqual(["type:reject", "missing:reject", "category:warn"]);
    expect(limits("features.wind")).toEqual([
      "type:reject",
      "below-range:reject",
      "above-range:reject",
      "above-expected:warn",
    ]);
    expect(limits("features.hour")).toEqual([
      "type:reject",
      "missing:reject",
      "fraction:reject",
      "below-range:reject",
      "above-range:reject",
    ]);
    expect(limits("features")).toEqual(["unknown-field:reject"]);
    expect(made.unviolated).toEqual([]);
  });

  it("are JSON: what is sent is what was meant", () => {
    for (const { record } of violatingRecords(contract, rowsOf(contract)).violations)
      expect(JSON.parse(JSON.stringify(record))).toEqual(record);
  });

  it("need a valid row to start from", async () => {
    const empty = featureColumns(contract, jointTable([]));
    expect(violatingRecords(contract, empty)).toEqual({ violations: [], unviolated: [] });
    const judged = await enforceInputs(contract, smallPredictor(), empty);
    expect(new Set(judged.map(({ outcome }) => outcome))).toEqual(new Set(["not-run"]));
  });
});

describe("a fault of the validator is found", () => {
  const failing = async (predictor: Predictor) =>
    (await enforceInputs(contract, predictor, rowsOf(contract)))
      .filter(({ outcome }) => outcome === "fail")
      .map(({ clause }) => clause);

  it.each(["features.origin", "features.hour", "rules.no-loop", "rules.gust-above-wind", "features"])(
    "when %s is not enforced",
    async (clause) => {
      const blind = faulty((prediction) => ({
        ...prediction,
        rejections: prediction.rejections.filter((one) => one.clause !== clause),
      }));
      expect(await failing(blind)).toEqual([clause]);
    },
  );

  it("when only one bound is forgotten", async () => {
    const blind = faulty((prediction, record) =>
      Number(record.wind) > 120 ? { ...prediction, rejections: [] } : prediction,
    );
    expect(await failing(blind)).toEqual(["features.wind"]);
  });

  it("when a warning is lost, or turned into a rejection", async () => {
    expect(await failing(faulty((prediction) => ({ ...prediction, warnings: [] })))).toEqual([
      "features.dest",
      "features.wind",
    ]);
    const strict = faulty((prediction) => ({
      ...prediction,
      rejections: [...prediction.rejections, ...prediction.warnings],
      warnings: [],
    }));
    expect(await failing(strict)).toEqual(["features.dest", "features.wind"]);
  });

  it("when another clause answers in its place, or beside it", async () => {
    const renamed = faulty((prediction) => ({
      ...prediction,
      rejections: prediction.rejections.map(
        (one): Violation => (one.clause === "rules.no-loop" ? { ...one, clause: "features.origin" } : one),
      ),
    }));
    expect(await failing(renamed)).toEqual(["rules.no-loop"]);
    const doubled = faulty((prediction) => ({
      ...prediction,
      rejections: prediction.rejections.flatMap((one) =>
        one.clause === "features.hour" ? [one, { ...one, clause: "features.gust" }] : [one],
      ),
    }));
    expect(await failing(doubled)).toEqual(["features.hour"]);
  });

  it("when everything is rejected, nothing is proved", async () => {
    const wall = faulty((prediction) => ({
      ...prediction,
      rejections: [{ ...broken, clause: "features.origin" }],
    }));
    const judged = await enforceInputs(contract, wall, rowsOf(contract));
    expect(new Set(judged.map(({ outcome }) => outcome))).toEqual(new Set(["not-run"]));
  });
});

const broken: Violation = {
  row: 0,
  clause: "",
  code: "input.type",
  path: "records[0]",
  expected: "",
  received: "",
  message: "no",
};

describe("rules", () => {
  const found = (rules: readonly Rule[]) => violatingRecords(smallContract({ rules }), rowsOf(contract));

  it.each([
    ["a number in it", "wind < 97.5"],
    ["a text in it", "!(origin == 'LGA' && hour == 5)"],
    ["three features", "wind + gust < 300.0 || hour < 22"],
    ["whole numbers", "hour % 2 == 0 || wind < 100.0"],
    ["text functions", "dest.startsWith('A') || dest.startsWith('O')"],
  ])("with %s are violated", (_, assert) => {
    const made = found([rule({ id: "r", assert })]);
    expect(made.unviolated).toEqual([]);
    const { record } = made.violations.find(({ clause }) => clause === "rules.r")!;
    const validator = compileValidator(smallContract({ rules: [rule({ id: "r", assert })] }));
    const table = featureColumns(contract, jointTable([record as never]));
    expect(validator.validate(table).rejections.map(({ clause }) => clause)).toEqual(["rules.r"]);
  });

  it.each(["wind <= 120.0", "origin in ['EWR', 'JFK', 'LGA']", "hour >= 0"])(
    "that the limits imply (%s) are not-run, with the reason",
    async (assert) => {
      const implied = smallContract({ rules: [rule({ id: "r", assert })] });
      const judged = await enforceInputs(implied, smallPredictor(implied), rowsOf(implied));
      expect(judged.at(-1)).toMatchObject({
        clause: "rules.r",
        outcome: "not-run",
        reason: expect.stringContaining("imply"),
      });
    },
  );

  it("that compare two categories are violated among many of them", () => {
    const airports = Array.from({ length: 100 }, (_, at) => `A${at}`);
    const large = smallContract({
      features: contract.features.map((one) =>
        one.name === "dest" ? { ...one, values: ["ATL", "ORD", ...airports] } : one,
      ),
    });
    const made = violatingRecords(large, rowsOf(large));
    const { record } = made.violations.find(({ clause }) => clause === "rules.no-loop")!;
    expect(record.origin).toBe(record.dest);
  });

  it("that can only be broken together say so", () => {
    const made = found([
      rule({ id: "strict", assert: "gust > wind" }),
      rule({ id: "loose", assert: "gust >= wind" }),
    ]);
    expect(made.violations.find(({ clause }) => clause === "rules.loose")!.alsoBreaks).toEqual([
      "rules.strict",
    ]);
    expect(made.violations.find(({ clause }) => clause === "rules.strict")!.alsoBreaks).toEqual([]);
  });

  it("that hide a soft limit of a feature do not make its hard limits unproved", async () => {
    const calm = smallContract({ rules: [rule({ id: "calm", assert: "wind < 45.0" })] });
    const judged = await enforceInputs(calm, smallPredictor(calm), rowsOf(calm));
    expect(judged.find(({ clause }) => clause === "features.wind")).toMatchObject({
      outcome: "pass",
      message: expect.stringContaining("above-expected cannot be reached, because rules.calm"),
    });
  });

  it("that can only be broken together must still answer each for itself", async () => {
    const both = smallContract({
      rules: [rule({ id: "strict", assert: "gust > wind" }), rule({ id: "loose", assert: "gust >= wind" })],
    });
    const sound = smallPredictor(both);
    const blind: Predictor = {
      ...sound,
      predictRecords: async (records) => {
        const prediction = await sound.predictRecords(records);
        return {
          ...prediction,
          rejections: prediction.rejections.filter((one) => one.clause !== "rules.loose"),
        };
      },
    };
    const judged = await enforceInputs(both, blind, rowsOf(both));
    expect(judged.filter(({ outcome }) => outcome === "fail").map(({ clause }) => clause)).toEqual([
      "rules.loose",
    ]);
  });

  it("that reject what is missing are not met by leaving a feature out", async () => {
    const picky = smallContract({
      rules: [rule({ id: "r", assert: "gust >= wind", whenMissing: "reject" })],
    });
    const judged = await enforceInputs(picky, smallPredictor(picky), rowsOf(picky));
    expect(judged.find(({ clause }) => clause === "features.wind")!.outcome).toBe("pass");
  });

  it("that reject or warn for what is missing are tried without it", async () => {
    for (const whenMissing of ["reject", "warn"] as const) {
      const picky = smallContract({ rules: [rule({ id: "r", assert: "gust >= wind", whenMissing })] });
      const judged = await enforceInputs(picky, smallPredictor(picky), rowsOf(picky));
      expect(judged.at(-1)).toMatchObject({
        clause: "rules.r",
        outcome: "pass",
        measured: { violations: 2 },
      });
    }
  });
});

describe("output clauses", () => {
  const prove = (
    given: Contract,
    make = (runner: Parameters<typeof createPredictor>[0]["runner"]) =>
      createPredictor({ contract: given, runner }),
  ) => enforceOutputs(given, make, rowsOf(given));

  it("withhold answers below, above, and NaN", async () => {
    expect(await prove(contract)).toMatchObject([
      { clause: "outputs.p", outcome: "pass", measured: { violations: 3, enforced: 3 } },
    ]);
  });

  it("are proved for a column of a wider tensor, and whole numbers", async () => {
    const wide = smallContract({
      outputs: [{ name: "p", type: "float32", shape: [], tensor: "probabilities", column: 1, range: [0, 1] }],
    });
    expect((await prove(wide))[0]).toMatchObject({ outcome: "pass" });
    const whole = smallContract({
      outputs: [{ name: "n", type: "int64", shape: [], tensor: "n", range: [1, null] }],
    });
    expect((await prove(whole))[0]).toMatchObject({ outcome: "pass", measured: { violations: 1 } });
  });

  it("that let an answer through fail", async () => {
    const loose = smallContract({ outputs: [{ ...contract.outputs[0]!, range: [0, 9] }] });
    const judged = await prove(contract, (runner) => createPredictor({ contract: loose, runner }));
    expect(judged[0]).toMatchObject({ outcome: "fail", measured: { violations: 3, enforced: 2 } });
    expect(judged[0]!.message).toContain("above its range");
  });
});

describe("values that break a limit", () => {
  const feature: fc.Arbitrary<Feature> = fc
    .record({
      type: fc.constantFrom("float32" as const, "float64" as const, "int32" as const, "int64" as const),
      low: fc.integer({ min: -1e6, max: 1e6 }),
      width: fc.nat({ max: 1e6 }),
      missing: fc.constantFrom("allowed" as const, "reject" as const),
    })
    .map(({ type, low, width, missing }) => ({
      name: "f",
      type,
      shape: [],
      range: [low, low + width],
      unknown: "reject",
      missing,
      sensitive: false,
    }));

  it("are outside, and one step inside is not", () => {
    fc.assert(
      fc.property(feature, (one) => {
        for (const { limit, value } of breakingValues(one))
          if (limit !== "type") expect(keepsLimits(one, value), limit).toBe(false);
        expect(keepsLimits(one, one.range![0])).toBe(true);
        expect(keepsLimits(one, one.range![1])).toBe(true);
      }),
    );
  });
});

describe("made-up rows", () => {
  it("keep the limits of each feature, and some of them the rules", () => {
    const made = madeUpRows(contract);
    const { accepted } = compileValidator(contract).validate(made);
    expect(accepted.some((bit) => bit === 1)).toBe(true);
  });
});
