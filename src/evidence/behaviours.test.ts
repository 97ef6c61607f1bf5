import { describe, expect, it } from "vitest";
import type { Behaviour, Contract } from "../contract/index.ts";
import { judgeBehaviour } from "./behaviours.ts";
import {
  jointTable,
  type SmallRow,
  smallContract,
  smallPredictor,
  smallRows,
  soundWeights,
  type Weights,
} from "./fixtures/small-model.ts";
import { predictAll } from "./rows/predict-all.ts";
import { featureColumns } from "./rows/table-rows.ts";

interface Case {
  readonly weights?: Weights;
  readonly rows?: readonly SmallRow[];
  readonly contract?: Contract;
}

async function judge(
  given: Partial<Behaviour>,
  { weights = soundWeights, rows = smallRows(), contract = smallContract() }: Case = {},
) {
  const predictor = smallPredictor(contract, weights);
  const joint = jointTable(rows);
  const features = featureColumns(contract, joint);
  const behaviour: Behaviour = {
    id: "b",
    set: { wind: "wind + 15.0", gust: "wind + 30.0" },
    expect: "after.p > before.p",
    share: 1,
    ...given,
  };
  return judgeBehaviour(behaviour, {
    contract,
    predictor,
    features,
    joint,
    before: await predictAll(predictor, features),
  });
}

describe("a behaviour", () => {
  it("holds for a model that keeps it, on the rows that have a value", async () => {
    expect(await judge({})).toMatchObject({
      outcome: "pass",
      measured: { applicable: 830, holds: 830, missing: 70, share: 1 },
    });
  });

  it("fails for a model that does not, with counter-examples by key", async () => {
    const judged = await judge({}, { weights: { wind: -0.01, bias: 0 } });
    expect(judged).toMatchObject({ outcome: "fail", measured: { holds: 0 } });
    expect(judged.findings![0]).toMatchObject({ code: "evidence.behaviour-broken", severity: "blocking" });
    expect(judged.findings![1]!.message).toMatch(
      /^For joint row 2 \(f1\) after\.p > before\.p does not hold: after\.p 0\.\d+, before\.p 0\.\d+\.$/,
    );
  });

  it("wants the declared share, no more and no less", async () => {
    const half = { set: { wind: "wind + 1.0" }, where: "gust > wind", expect: "origin_free" };
    expect((await judge({ ...half })).outcome).toBe("not-run");
    const judged = await judge({ expect: "before.p > 0.25" });
    const share = judged.measured!.share!;
    expect(share).toBeGreaterThan(0);
    expect(share).toBeLessThan(1);
    expect((await judge({ expect: "before.p > 0.25", share })).outcome).toBe("pass");
    expect((await judge({ expect: "before.p > 0.25", share: share + 0.001 })).outcome).toBe("fail");
  });

  it("computes all new values from the row as it was", async () => {
    expect((await judge({ set: { wind: "gust", gust: "wind + 10.0" } })).measured!.breaks_a_clause).toBe(0);
  });

  it("does not apply to rows whose new values break a hard clause, and counts them", async () => {
    const judged = await judge({ set: { wind: "wind + 100.0", gust: "wind + 150.0" } });
    expect(judged.measured!.breaks_a_clause).toBe(
      smallRows().filter(({ wind }) => wind !== null && wind > 20).length,
    );
    expect(judged.outcome).toBe("pass");
  });

  it("that applies to no row is not-run, never pass", async () => {
    expect(await judge({ where: "wind > 999.0" })).toMatchObject({
      outcome: "not-run",
      reason: expect.stringContaining("it applies to no joint row"),
    });
    const all = await judge({ set: { wind: "wind + 500.0" } });
    expect(all).toMatchObject({
      outcome: "not-run",
      reason: expect.stringContaining("830 would break a hard clause"),
    });
  });

  it("leaves out rows that the contract rejects as they are", async () => {
    const rows = smallRows().map((row, at) => (at < 5 ? { ...row, origin: "XXX" } : row));
    expect((await judge({}, { rows })).measured!.elsewhere).toBe(5);
  });

  it("counts an answer outside the output's range after the change as a miss", async () => {
    const wild: Weights = { ...soundWeights, answer: (_, p) => (p > 0.7 ? 3 : p) };
    const judged = await judge({}, { weights: wild });
    expect(judged.outcome).toBe("fail");
    expect(judged.findings!.some(({ message }) => message.includes("breaks an output clause"))).toBe(true);
  });

  it("sets strings, whole numbers and float32 values as the model takes them", async () => {
    expect(
      await judge({ set: { origin: "'JFK'" }, where: "origin == 'EWR'", expect: "after.p < before.p" }),
    ).toMatchObject({ outcome: "pass", measured: { missing: 0 } });
    expect(
      (await judge({ set: { hour: "hour + 1" }, where: "hour < 23", expect: "after.p == before.p" })).outcome,
    ).toBe("pass");
    expect((await judge({ set: { hour: "hour * 9000000000000000000" }, where: "hour > 2" })).outcome).toBe(
      "not-run",
    );
  });

  it.each([
    ["an unknown feature", { set: { snow: "1.0" } }, "snow"],
    ["a value of another type", { set: { wind: "origin" } }, "wind"],
    ["an expectation about features", { expect: "wind > 1.0" }, "wind"],
    ["a broken condition", { where: "wind >" }, "where"],
  ])("with %s is not-run", async (_, given, word) => {
    expect(await judge(given)).toMatchObject({ outcome: "not-run", reason: expect.stringContaining(word) });
  });
});
