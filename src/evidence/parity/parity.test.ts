import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Column, Contract, Table } from "../../contract/index.ts";
import {
  goldenTable,
  smallContract,
  smallPredictor,
  smallRows,
  soundWeights,
} from "../fixtures/small-model.ts";
import { isSameValue } from "./compare-values.ts";
import {
  rawParity,
  reimplementationParity,
  type TransformRunner,
  transformParity,
} from "./parity-features.ts";
import { predictionParity } from "./parity-prediction.ts";

const contract = smallContract();
const rows = smallRows(40).map((row, at) => ({ ...row, about: at === 7 ? "split:wind:above" : "ordinary" }));
const golden = goldenTable(rows);
const ask = (table: Table, predictor = smallPredictor(), given: Contract = contract) =>
  predictionParity({ contract: given, golden: given.golden!, rows: table, predictor });

const withColumn = (table: Table, name: string, change: (column: Column) => Column): Table => ({
  rows: table.rows,
  columns: new Map([...table.columns].map(([key, column]) => [key, key === name ? change(column) : column])),
});
const without = (table: Table, prefix: string): Table => ({
  rows: table.rows,
  columns: new Map([...table.columns].filter(([name]) => !name.startsWith(prefix))),
});

describe("the prediction layer", () => {
  it("agrees within the tolerance", async () => {
    const judged = await ask(golden);
    expect(judged).toMatchObject({
      outcome: "pass",
      measured: { rows: 40, compared: 40, over: 0, rejected: 0 },
    });
    expect(judged.measured!.largest_difference).toBeGreaterThan(0);
    expect(judged.measured!.largest_difference).toBeLessThan(1e-6);
  });

  it("names the first row that differs, what it is about, and both values", async () => {
    const off = withColumn(
      golden,
      "prediction.p",
      (column) =>
        ({
          ...column,
          values: (column.values as Float64Array).map((p, row) => (row >= 7 ? p + 0.01 : p)),
        }) as Column,
    );
    const judged = await ask(off);
    expect(judged).toMatchObject({ outcome: "fail", measured: { over: 33 } });
    expect(judged.measured!.largest_difference).toBeCloseTo(0.01, 5);
    expect(judged.findings![0]).toMatchObject({ path: "prediction.p[7]" });
    expect(judged.findings![0]!.message).toContain("golden row 8 (split:wind:above)");
  });

  it("counts rows that the contract rejects by clause, and compares the others", async () => {
    const table = goldenTable(rows.map((row, at) => (at < 3 ? { ...row, origin: "ZZZ" } : row)));
    const judged = await ask(table);
    expect(judged).toMatchObject({
      outcome: "pass",
      measured: { compared: 37, rejected: 3, "rejected.features.origin": 3 },
    });
    expect(judged.message).toContain("3 by features.origin");
  });

  it("is not-run where the contract rejects all rows", async () => {
    const judged = await ask(goldenTable(rows.map((row) => ({ ...row, origin: "ZZZ" }))));
    expect(judged).toMatchObject({
      outcome: "not-run",
      reason: expect.stringContaining("40 by features.origin"),
    });
  });

  it("fails where an answer breaks the output clause, whatever the tolerance", async () => {
    const wild = smallPredictor(contract, { ...soundWeights, answer: (row, p) => (row === 2 ? 7 : p) });
    expect(await ask(golden, wild)).toMatchObject({ outcome: "fail", measured: { withheld: 1 } });
  });

  it("fails without the recorded predictions, and does not compare rows that have none", async () => {
    expect((await ask(without(golden, "prediction."))).outcome).toBe("fail");
    const gaps = withColumn(
      golden,
      "prediction.p",
      (column) =>
        ({
          ...column,
          values: (column.values as Float64Array).map((p, row) => (row < 5 ? Number.NaN : p)),
        }) as Column,
    );
    expect(await ask(gaps)).toMatchObject({ outcome: "pass", measured: { unrecorded: 5, compared: 35 } });
  });

  it("without any recorded prediction is not-run", async () => {
    const none = withColumn(
      golden,
      "prediction.p",
      (column) => ({ ...column, values: new Float64Array(40).fill(Number.NaN) }) as Column,
    );
    expect((await ask(none)).outcome).toBe("not-run");
  });
});

const transformed = smallContract({
  features: contract.features.map((feature) =>
    feature.name === "wind" ? { ...feature, from: "wind10", transform: "wind10 / 10" } : feature,
  ),
});
const divides = (by: number): TransformRunner => ({
  transform: async (raw) => {
    const values = (raw.columns.get("wind10")!.values as Float64Array).map((wind) => wind / by);
    return { rows: raw.rows, columns: new Map([["wind", { type: "float64", shape: [], values }]]) };
  },
});

describe("the features layer", () => {
  const judge = (runner?: TransformRunner, table = golden, given = transformed) =>
    transformParity({ contract: given, rows: table }, runner);

  it("agrees, missing values among them", async () => {
    expect(await judge(divides(10))).toMatchObject({ outcome: "pass", measured: { features: 1, rows: 40 } });
  });

  it("names the first feature and row that differ, with both values", async () => {
    const judged = await judge(divides(5));
    expect(judged.outcome).toBe("fail");
    expect(judged.findings![0]!.message).toBe(
      "wind of golden row 2 (ordinary): the transform gives 14, recorded is 7.",
    );
  });

  it("withholds values of sensitive features", async () => {
    const hidden = {
      ...transformed,
      features: transformed.features.map((feature) => ({ ...feature, sensitive: true })),
    };
    const judged = await judge(divides(5), golden, hidden);
    expect(judged.findings![0]!.message).toContain("gives [withheld], recorded is [withheld]");
    expect(JSON.stringify(judged)).not.toContain("14");
  });

  it("is not-run without something that executes SQL, and not-applicable without transforms", async () => {
    expect((await judge(undefined)).outcome).toBe("not-run");
    expect((await judge(divides(10), golden, contract)).outcome).toBe("not-applicable");
  });

  it("fails without the raw or the features layer", async () => {
    expect((await judge(divides(10), without(golden, "raw."))).outcome).toBe("fail");
    expect((await judge(divides(10), without(golden, "features."))).outcome).toBe("fail");
  });
});

describe("an engineer's re-implementation", () => {
  const right = (raw: Record<string, unknown>) => {
    const row = rows[Number(raw.n)]!;
    return {
      origin: raw.origin,
      dest: row.dest,
      wind: raw.wind10 === null ? null : Number(raw.wind10) / 10,
      gust: row.gust,
      hour: row.hour,
    };
  };
  const numbered: Table = {
    rows: golden.rows,
    columns: new Map([
      ...golden.columns,
      ["raw.n", { type: "int32", shape: [], values: Int32Array.from(rows.keys()) }],
    ]),
  };
  const judge = (prepare: (raw: Record<string, unknown>) => unknown) =>
    reimplementationParity({ contract, rows: numbered }, prepare as never);

  it("that is right passes", async () => {
    expect(await judge(right)).toMatchObject({
      outcome: "pass",
      test: "re-implementation",
      measured: { features: 5 },
    });
  });

  it("that turns missing into 0 is found in the first such row", async () => {
    const judged = await judge((raw) => ({ ...right(raw), wind: Number(raw.wind10) / 10 }));
    expect(judged.findings![0]!.message).toBe(
      "wind of golden row 1 (ordinary): the re-implementation gives 0, recorded is missing.",
    );
    expect(judged.measured).toMatchObject({ "differs.wind": 4 });
  });

  it("that forgets a feature does not pass, even where its values are missing", async () => {
    const judged = await judge((raw) => {
      const { gust: _, ...rest } = right(raw);
      return rest;
    });
    expect(judged.measured).toMatchObject({ "differs.gust": 40 });
    expect(judged.findings![0]!.message).toContain("gives nothing");
  });

  it.each([
    [
      "throws",
      () => {
        throw new TypeError("no sched_dep_time\nat line 7");
      },
      "no sched_dep_time",
    ],
    ["gives nothing", () => undefined, "it gave no object"],
  ])("that %s fails with the row", async (_, prepare, words) => {
    const judged = await judge(prepare);
    expect(judged).toMatchObject({
      outcome: "fail",
      message: `The re-implementation stops at golden row 1 (ordinary): ${words}.`,
    });
  });
});

describe("the raw layer", () => {
  it("has the columns that features come from, with a table's name before them or without", () => {
    expect(rawParity({ contract: transformed, rows: golden }).outcome).toBe("pass");
    const from = (name: string) => ({
      ...transformed,
      features: transformed.features.map((one) => (one.from ? { ...one, from: name } : one)),
    });
    expect(rawParity({ contract: from("weather.wind10, origin"), rows: golden }).outcome).toBe("pass");
    expect(rawParity({ contract: from("origin, gone"), rows: golden })).toMatchObject({
      outcome: "fail",
      message: "The golden rows have no column raw.gone.",
    });
    expect(rawParity({ contract, rows: without(golden, "raw.") }).outcome).toBe("fail");
  });
});

describe("values of a feature", () => {
  it("are the same in float32 exactly when both round to the same float32", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true }), fc.double({ noNaN: true }), (a, b) => {
        expect(isSameValue("float32", a, Math.fround(a))).toBe(true);
        expect(isSameValue("float32", a, b)).toBe(Math.fround(a) === Math.fround(b));
      }),
    );
  });

  it.each([
    ["float64", 0.1 + 0.2, 0.3, true],
    ["float64", 0.3, 0.3001, false],
    ["float64", Number.NaN, null, true],
    ["float64", 0, null, false],
    ["int64", 9007199254740993n, 9007199254740992n, false],
    ["int64", 7, 7n, true],
    ["int64", 7.5, 7n, false],
    ["boolean", true, 1, true],
    ["boolean", false, null, false],
    ["string", "7", 7, false],
    ["string", "", null, false],
  ] as const)("%s: %s and %s: %s", (type, a, b, same) => {
    expect(isSameValue(type, a, b)).toBe(same);
    expect(isSameValue(type, b, a)).toBe(same);
  });
});
