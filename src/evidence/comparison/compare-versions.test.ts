import { describe, expect, it } from "vitest";
import { sha256 } from "../../kernel/index.ts";
import { jointTable, smallContract, smallPredictor, smallRows } from "../fixtures/small-model.ts";
import { compareVersions } from "./compare-versions.ts";
import { mcnemar } from "./mcnemar.ts";

describe("McNemar's test", () => {
  // scipy.stats.binomtest(first, first + second).pvalue
  it.each([
    [5, 15, 0.04138946533203125],
    [1, 9, 0.021484375],
    [400, 500, 0.0009564441369189373],
    [0, 40, 1.8189894035458565e-12],
    [3, 4, 1],
    [0, 0, 1],
  ])("of %d and %d gives what scipy gives", (first, second, p) => {
    expect(mcnemar(first, second) / p).toBeCloseTo(1, 9);
    expect(mcnemar(second, first)).toBe(mcnemar(first, second));
  });
});

describe("two versions on the same rows", () => {
  const contract = smallContract();
  const sound = smallPredictor(contract);
  const upsideDown = smallPredictor(contract, { bias: 0, wind: 0, answer: (_, p) => 1 - p });
  const rows = jointTable(smallRows());
  const compare = (on: "joint" | "fresh", challenger = sound, champion = sound, table = rows) =>
    compareVersions({
      on,
      rows: table,
      contract,
      challenger,
      champion: { version: "1.0.0", predictor: champion },
      reads: { previous: sha256("one") },
    });

  it("of which both are the same show no difference at all", async () => {
    const item = await compare("fresh");
    expect(item).toMatchObject({ clause: "comparison.fresh", outcome: "pass", findings: [] });
    expect(item.measured).toMatchObject({ rows: 900, "roc_auc.low": 0, "roc_auc.high": 0, "mcnemar.p": 1 });
    expect(item.message).toContain("No certain difference");
  });

  it("of which the new one is surely worse fail on fresh rows, and are only shown on the joint set", async () => {
    const worse = smallPredictor(contract, { bias: -2, wind: -0.05 });
    const fresh = await compare("fresh", worse);
    expect([fresh.outcome, fresh.findings.map(({ code }) => code)]).toEqual([
      "fail",
      ["evidence.challenger-worse"],
    ]);
    expect(fresh.message).toContain("Worse with certainty");
    expect(fresh.measured!["roc_auc.high"]).toBeLessThan(0);
    expect(await compare("joint", worse)).toMatchObject({ outcome: "not-applicable", findings: [] });
    expect(await compare("fresh", sound, worse)).toMatchObject({
      outcome: "pass",
      message: expect.stringContaining("Better with certainty"),
    });
  });

  it("give the same numbers for the same reads", async () => {
    expect(await compare("fresh", upsideDown)).toEqual(await compare("fresh", upsideDown));
  });

  it("are not judged on few rows, or on rows that one of them cannot take", async () => {
    const few = jointTable(smallRows(20));
    expect(await compare("fresh", sound, sound, few)).toMatchObject({ outcome: "not-run" });
    const columns = new Map(rows.columns);
    columns.delete("wind");
    expect(await compare("fresh", sound, sound, { rows: rows.rows, columns })).toMatchObject({
      outcome: "not-run",
      reason: "1.0.0: the rows lack its features wind",
    });
  });
});
