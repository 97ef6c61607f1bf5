import { describe, expect, it } from "vitest";
import type { Contract, Gate } from "../contract/index.ts";
import { sketchPredictor } from "../inference/index.ts";
import {
  goldenTable,
  jointTable,
  smallClauses,
  smallContract,
  smallPredictor,
  smallRows,
  soundWeights,
  type Weights,
} from "./fixtures/small-model.ts";
import { currentReads, runTests, type TestInput } from "./index.ts";

const host = { os: "test", arch: "x64", cpu: "cpu", cpus: 2, memoryMiB: 1024, node: "20" };
const gate = (given: Partial<Gate> & Pick<Gate, "id" | "assert">): Gate => ({ minimumRows: 30, ...given });

const declared = smallContract({
  gates: [
    gate({ id: "auc", assert: "roc_auc >= 0.6" }),
    gate({ id: "better", assert: "roc_auc >= previous.roc_auc" }),
  ],
  behaviours: [
    {
      id: "more-wind",
      set: { wind: "wind + 15.0", gust: "wind + 30.0" },
      expect: "after.p >= before.p",
      share: 1,
    },
  ],
});

function inputOf(contract: Contract = declared, weights: Weights = soundWeights): TestInput {
  const clauses = smallClauses(contract);
  const files = {
    "model/m.onnx": "a".repeat(64),
    "data/joint.parquet": "b".repeat(64),
    "golden/rows.parquet": "c".repeat(64),
  };
  let tick = 0;
  return {
    contract,
    clauses,
    reads: currentReads({ contract, clauses, files, previous: "none" }),
    predictor: smallPredictor(contract, weights),
    jointRows: jointTable(smallRows()),
    goldenRows: goldenTable(smallRows(60)),
    transforms: {
      transform: async (raw, wanted) => {
        const wind10 = raw.columns.get("wind10")!.values as Float64Array;
        return {
          rows: raw.rows,
          columns: new Map(
            wanted.map(({ feature }) => [
              feature,
              { type: "float64", shape: [], values: wind10.map((w) => w / 10) },
            ]),
          ),
        };
      },
    },
    now: () => new Date(Date.UTC(2026, 0, 1, 0, 0, tick++)).toISOString(),
    host,
    tool: { name: "baton", version: "0.1.0" },
  };
}

const outcomes = async (input: TestInput) => {
  const run = await runTests(input);
  return new Map(run.items.map((item) => [`${item.test}:${item.clause}`, item]));
};

describe("a sound hand-off", () => {
  it("passes everything that can be judged, and computes why the rest does not apply", async () => {
    const run = await runTests(inputOf());
    const off = run.items.filter((item) => item.outcome !== "pass" && item.test !== "quality");
    expect(off.map(({ clause, outcome, reason }) => [clause, outcome, reason])).toEqual([
      ["golden", "not-applicable", "features layer: no feature has a transform"],
      ["gates.better", "not-applicable", "no previous version"],
    ]);
    expect(run.items.filter((item) => item.test === "enforcement")).toHaveLength(9);
  });

  it("gives the same items for the same bytes", async () => {
    const [a, b] = await Promise.all([runTests(inputOf()), runTests(inputOf())]);
    expect(a.items).toEqual(b.items);
  });

  it("says for each item exactly what it read", async () => {
    const items = await outcomes(inputOf());
    expect(Object.keys(items.get("gate:gates.auc")!.reads).sort()).toEqual([
      "clause:gates.auc",
      "content:data/joint.parquet",
      "content:model/m.onnx",
      "data",
      "features",
      "outputs",
      "rules",
      "run",
    ]);
    expect(items.get("gate:gates.better")!.reads.previous).toBe("none");
    expect(Object.keys(items.get("enforcement:rules.no-loop")!.reads)).not.toContain("content:model/m.onnx");
  });

  it("reports quality in slices without judging it", async () => {
    const items = await outcomes(inputOf());
    expect(items.get("quality:quality")!.measured!.rows).toBe(900);
    expect(items.get("quality:quality.origin")!.slices!.map(({ slice, rows }) => [slice, rows])).toEqual([
      ["EWR", 300],
      ["JFK", 300],
      ["LGA", 300],
    ]);
  });
});

describe("a sabotaged model", () => {
  it("that prefers calm weather fails its gate, its behaviour and its parity", async () => {
    const items = await outcomes(inputOf(declared, { wind: -0.08, bias: 0 }));
    expect(items.get("gate:gates.auc")!.outcome).toBe("fail");
    expect(items.get("behaviour:behaviours.more-wind")!.outcome).toBe("fail");
    expect(items.get("parity:golden")!.outcome).toBe("fail");
  });

  it("that answers NaN for hard rows fails the gates in place of being judged on the easy ones", async () => {
    const items = await outcomes(
      inputOf(declared, { ...soundWeights, answer: (row, p) => (row % 50 === 0 ? Number.NaN : p) }),
    );
    expect(items.get("gate:gates.auc")!.outcome).toBe("fail");
    expect(items.get("gate:gates.auc")!.findings[0]!.code).toBe("evidence.answers-withheld");
  });

  it("that throws is not-run, with the reason, and does not stop the other tests", async () => {
    const input = inputOf(declared, {
      ...soundWeights,
      answer: () => {
        throw new Error("the runtime fell over");
      },
    });
    const items = await outcomes(input);
    expect(items.get("gate:gates.auc")!).toMatchObject({
      outcome: "not-run",
      reason: expect.stringContaining("fell over"),
    });
    expect(items.get("behaviour:behaviours.more-wind")!.outcome).toBe("not-run");
    expect([...items.values()].some((item) => item.outcome === "pass" && item.test !== "parity")).toBe(false);
  });
});

describe("a transform", () => {
  const transformed = smallContract({
    features: declared.features.map((one) =>
      one.name === "wind" ? { ...one, transform: "wind10 / 10" } : one,
    ),
  });
  const layers = async (input: TestInput) =>
    (await runTests(input)).items
      .filter(({ clause }) => clause === "golden")
      .map(({ outcome, reason }) => [outcome, reason]);

  it("is executed and compared", async () => {
    expect(await layers(inputOf(transformed))).toEqual([
      ["pass", undefined],
      ["pass", undefined],
      ["pass", undefined],
    ]);
  });

  it("that cannot be executed is not-run with the reason", async () => {
    const transforms = {
      transform: async () => {
        throw new Error("no function isodow");
      },
    };
    expect((await layers({ ...inputOf(transformed), transforms }))[1]).toEqual([
      "not-run",
      "it could not be run: no function isodow",
    ]);
  });

  it("of an engineer is an item of its own, which read that file", async () => {
    const reimplementation = { name: "prep.ts", digest: "d".repeat(64), prepare: () => ({}) };
    const items = await outcomes({ ...inputOf(transformed), reimplementation });
    expect(items.get("re-implementation:golden")).toMatchObject({
      outcome: "fail",
      reads: { "data:prep.ts": "d".repeat(64) },
    });
    expect(items.get("parity:golden")!.outcome).toBe("pass");
  });
});

describe("what is not at hand", () => {
  it("is not-run, never pass", async () => {
    const { jointRows: _, goldenRows: __, ...rest } = inputOf();
    const items = await outcomes(rest);
    expect(new Set([...items.values()].map((item) => item.outcome))).toEqual(new Set(["not-run"]));
  });

  it("names the lack of a model at sketch", async () => {
    const { run: _, ...sketch } = declared;
    const items = await outcomes(inputOf({ ...sketch, level: "sketch" }));
    expect(items.get("gate:gates.auc")!).toMatchObject({
      outcome: "not-run",
      reason: "there is no model yet",
    });
  });

  it("lets a sketch prove its limits on made-up rows, and nothing else", async () => {
    const { run: _, data: __, ...rest } = declared;
    const sketch: Contract = { ...rest, level: "sketch", data: { references: [] } };
    const { jointRows: ___, ...input } = inputOf(sketch);
    const items = await outcomes({ ...input, predictor: sketchPredictor(sketch, "5eed") });
    const passed = [...items.values()].filter(({ outcome }) => outcome === "pass");
    expect(passed.filter(({ test }) => test === "enforcement")).toHaveLength(9);
    expect(passed.filter(({ test }) => test !== "enforcement")).toEqual([]);
  });

  it("does not judge answers that a sketch made up, even where the contract names a model", async () => {
    const items = await outcomes({ ...inputOf(), predictor: sketchPredictor(declared, "5eed") });
    for (const name of ["gate:gates.auc", "behaviour:behaviours.more-wind"])
      expect(items.get(name)).toMatchObject({ outcome: "not-run", reason: "a sketch makes its answers up" });
    expect(items.get("parity:golden")).toMatchObject({ outcome: "not-run" });
  });

  it("only runs what is asked for", async () => {
    const run = await runTests({ ...inputOf(), only: new Set(["gates.auc", "rules.no-loop"]) });
    expect(run.items.map(({ clause }) => clause)).toEqual(["gates.auc", "rules.no-loop"]);
  });
});

describe("a comparison with the version before", () => {
  const compare = async (weights: Weights, confidence?: number) => {
    const contract = smallContract({
      gates: [
        gate({
          id: "no-worse",
          assert: "roc_auc >= previous.roc_auc - 0.02",
          ...(confidence && { confidence }),
        }),
      ],
    });
    const input = {
      ...inputOf(contract),
      previous: { version: "0.9.0", predictor: smallPredictor(contract, weights) },
    };
    return (await outcomes(input)).get("gate:gates.no-worse")!;
  };

  it("is made on the same rows, with an interval of the difference", async () => {
    const item = await compare({ wind: 0.02, bias: -2 }, 0.95);
    expect(item.outcome).toBe("pass");
    expect(item.measured!["roc_auc.low"]).toBeLessThan(item.measured!["roc_auc.high"]!);
    expect(item.measured!.resamples).toBe(1000);
  });

  it("leaves out rows that the other version rejects, for both", async () => {
    const contract = smallContract({
      gates: [gate({ id: "same", assert: "rows == previous.rows && rows == 600" })],
    });
    const narrow = {
      ...contract,
      features: contract.features.map((one) =>
        one.name === "origin" ? { ...one, values: ["JFK", "LGA"] } : one,
      ),
    };
    const input = { ...inputOf(contract), previous: { version: "0.9.0", predictor: smallPredictor(narrow) } };
    expect((await outcomes(input)).get("gate:gates.same")!.outcome).toBe("pass");
  });

  it("fails where a large part of the resamples says otherwise, though the point estimate holds", async () => {
    const close: Weights = { wind: 0.08, bias: -2, answer: (row, p) => p + (row % 7 === 0 ? 0.12 : 0) };
    const contract = (confidence?: number) =>
      smallContract({
        gates: [
          gate({ id: "g", assert: "roc_auc >= previous.roc_auc + 0.005", ...(confidence && { confidence }) }),
        ],
      });
    const item = async (confidence?: number) =>
      (
        await outcomes({
          ...inputOf(contract(confidence)),
          previous: { version: "0", predictor: smallPredictor(contract(), close) },
        })
      ).get("gate:gates.g")!;
    const [point, sure] = [await item(), await item(0.999)];
    expect([point.outcome, sure.outcome]).toEqual(["pass", "fail"]);
    expect(sure.measured!.confidence).toBeLessThan(0.999);
  });

  it("is not-run where the joint set lacks what the other version needs", async () => {
    const contract = smallContract({
      gates: [gate({ id: "no-worse", assert: "roc_auc >= previous.roc_auc" })],
    });
    const theirs = {
      ...contract,
      features: [...contract.features, { ...contract.features[4]!, name: "snow" }],
    };
    const predictor = { ...smallPredictor(contract), contract: theirs };
    const items = await outcomes({ ...inputOf(contract), previous: { version: "0.9.0", predictor } });
    expect(items.get("gate:gates.no-worse")!).toMatchObject({
      outcome: "not-run",
      reason: expect.stringContaining("snow"),
    });
  });
});
