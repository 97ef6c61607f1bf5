import { describe, expect, it } from "vitest";
import type { Column, Contract, Gate } from "../../contract/index.ts";
import {
  jointTable,
  type SmallRow,
  smallContract,
  smallPredictor,
  smallRows,
} from "../fixtures/small-model.ts";
import { predictAll } from "../rows/predict-all.ts";
import { scoreRows } from "../rows/scored-rows.ts";
import { featureColumns } from "../rows/table-rows.ts";
import { pairedBootstrap } from "./bootstrap.ts";
import { judgeGate } from "./gates.ts";
import { seededIntegers } from "./random.ts";

async function judge(
  given: Partial<Gate>,
  rows: readonly SmallRow[] = smallRows(),
  contract: Contract = smallContract(),
) {
  const joint = jointTable(rows);
  const features = featureColumns(contract, joint);
  const scored = scoreRows(contract, joint, features, await predictAll(smallPredictor(contract), features));
  if ("problem" in scored) throw new Error(scored.problem);
  return judgeGate(
    { id: "g", assert: "roc_auc >= 0.6", minimumRows: 30, ...given },
    { contract, joint: scored, seed: "5eed".repeat(16) },
  );
}

describe("a gate", () => {
  it("holds or not by its number, and says it", async () => {
    const pass = await judge({ assert: "roc_auc >= 0.6" });
    expect(pass.outcome).toBe("pass");
    const fail = await judge({ assert: "roc_auc >= 0.99" });
    expect(fail).toMatchObject({ outcome: "fail", measured: { rows: 900 } });
    expect(fail.findings![0]).toMatchObject({ code: "evidence.gate-missed", expected: "roc_auc >= 0.99" });
    expect(fail.message).toContain(String(Number(fail.measured!.roc_auc!.toPrecision(6))));
  });

  it("may name the number of rows as a whole number", async () => {
    expect((await judge({ assert: "rows >= 900" })).outcome).toBe("pass");
    expect((await judge({ assert: "rows > 900" })).outcome).toBe("fail");
  });

  it("that cannot be compiled is not-run, with the problem", async () => {
    expect(await judge({ assert: "roc_acu > 0.5" })).toMatchObject({
      outcome: "not-run",
      reason: expect.stringContaining("roc_acu"),
    });
    expect((await judge({ where: "wind > " })).outcome).toBe("not-run");
  });

  it("with a metric that is undefined is not-run, and says why", async () => {
    const oneClass = smallRows().map((row) => ({ ...row, late: false }));
    const judged = await judge({}, oneClass);
    expect(judged).toMatchObject({
      outcome: "not-run",
      reason: "roc_auc is undefined: all 900 rows have the same label",
    });
    expect(judged.findings![0]!.code).toBe("evidence.gate-undecided");
  });

  it("without a threshold has no decisions to judge", async () => {
    const base = smallContract();
    const { threshold: _, ...output } = base.outputs[0]!;
    expect(
      (await judge({ assert: "recall >= 0.0" }, smallRows(), { ...base, outputs: [output] })).reason,
    ).toContain("no threshold");
  });

  it("on fewer rows than its minimum is not-run", async () => {
    expect((await judge({ minimumRows: 901 })).outcome).toBe("not-run");
    expect((await judge({ minimumRows: 900 })).outcome).toBe("pass");
  });

  it("looks only at the rows of `where`, and counts those for which it cannot be told", async () => {
    const judged = await judge({ assert: "rows == 300", where: "origin == 'EWR'" });
    expect(judged.outcome).toBe("pass");
    const windy = await judge({ assert: "rows < 831", where: "wind >= 0.0" });
    expect(windy.outcome).toBe("pass");
    expect(windy.findings!.at(-1)).toMatchObject({ code: "evidence.rows-left-out", severity: "note" });
  });

  it("says how many joint rows the contract rejects", async () => {
    const rows = smallRows().map((row, at) => (at < 9 ? { ...row, origin: "XXX" } : row));
    const judged = await judge({}, rows);
    expect(judged.measured!.rows).toBe(891);
    expect(judged.findings![0]!.message).toContain("9 rows rejected");
  });
});

describe("a gate by slices", () => {
  it("holds in each slice, and names the worst", async () => {
    const judged = await judge({ assert: "roc_auc >= 0.55", by: "origin" });
    const worst = [...judged.slices!].sort((a, b) => a.measured.roc_auc! - b.measured.roc_auc!)[0]!;
    expect(judged.slices!.map(({ slice }) => slice)).toEqual(["EWR", "JFK", "LGA"]);
    expect(judged.message).toContain(`worst ${worst.slice}`);
  });

  it("names the worst by the direction of the metric", async () => {
    const judged = await judge({ assert: "brier <= 0.9", by: "origin" });
    const worst = [...judged.slices!].sort((a, b) => b.measured.brier! - a.measured.brier!)[0]!;
    expect(judged.message).toContain(`worst ${worst.slice}`);
  });

  it("fails for one slice although the whole passes", async () => {
    const rows = smallRows().map((row) => (row.origin === "LGA" ? { ...row, late: !row.late } : row));
    expect((await judge({ assert: "roc_auc >= 0.5" }, rows)).outcome).toBe("pass");
    const judged = await judge({ assert: "roc_auc >= 0.5", by: "origin" }, rows);
    expect(judged.outcome).toBe("fail");
    expect(judged.slices!.filter(({ outcome }) => outcome === "fail").map(({ slice }) => slice)).toEqual([
      "LGA",
    ]);
  });

  it("shows slices under the minimum without judging them; all too small is not-run", async () => {
    const rows = smallRows().filter((row, at) => row.origin !== "LGA" || at < 30);
    const judged = await judge({ assert: "roc_auc >= 0.55", by: "origin" }, rows);
    expect(judged.outcome).toBe("pass");
    expect(judged.slices!.find(({ slice }) => slice === "LGA")).toMatchObject({
      outcome: "not-run",
      rows: 10,
    });
    expect((await judge({ by: "origin", minimumRows: 5000 })).outcome).toBe("not-run");
  });

  it("with a slice of one class only is not-run, and says which", async () => {
    const rows = smallRows().map((row) => (row.origin === "JFK" ? { ...row, late: true } : row));
    const judged = await judge({ assert: "roc_auc >= 0.5", by: "origin" }, rows);
    expect(judged).toMatchObject({
      outcome: "not-run",
      reason: expect.stringContaining("origin JFK: roc_auc is undefined"),
    });
  });

  it("makes missing values a slice of their own, and refuses to slice by nearly unique values", async () => {
    const judged = await judge({ assert: "rows > 0", by: "wind", minimumRows: 1 });
    expect(judged.slices!.find(({ slice }) => slice === "missing")!.rows).toBe(70);
    const many = smallRows().map((row, at) => ({ ...row, gust: 100 + at / 16, wind: 1 }));
    expect((await judge({ by: "gust" }, many)).reason).toContain("more than 200 values");
  });

  it("withholds values of sensitive features that the contract does not list", async () => {
    const base = smallContract();
    const hide = (name: string): Contract => ({
      ...base,
      features: base.features.map((feature) =>
        feature.name === name ? { ...feature, sensitive: true } : feature,
      ),
    });
    const hours = await judge({ assert: "rows > 0", by: "hour", minimumRows: 1 }, smallRows(), hide("hour"));
    expect(hours.slices!.every(({ slice }) => slice.startsWith("[withheld]"))).toBe(true);
    const origins = await judge({ assert: "rows > 0", by: "origin" }, smallRows(), hide("origin"));
    expect(origins.slices!.map(({ slice }) => slice)).toEqual(["EWR", "JFK", "LGA"]);
  });
});

describe("labels", () => {
  it("that are missing leave their rows out, and are counted", async () => {
    const contract = smallContract();
    const joint = jointTable(smallRows(90));
    const late = {
      ...joint.columns.get("late")!,
      missing: Uint8Array.from({ length: 90 }, (_, row) => Number(row < 7)),
    } as Column;
    const table = { rows: 90, columns: new Map(joint.columns).set("late", late) };
    const features = featureColumns(contract, table);
    const scored = scoreRows(contract, table, features, await predictAll(smallPredictor(), features));
    if ("problem" in scored) throw new Error(scored.problem);
    const gate: Gate = { id: "g", assert: "rows == 83", minimumRows: 1 };
    const judged = judgeGate(gate, { contract, joint: scored, seed: "5eed".repeat(16) });
    expect(judged.outcome).toBe("pass");
    expect(judged.findings![0]!.message).toContain("7 rows without a label");
  });

  it("that are neither 0 nor 1 stop a classification with their row", () => {
    const joint = jointTable(smallRows(3));
    const columns = new Map(joint.columns).set("late", {
      type: "int32",
      shape: [],
      values: Int32Array.of(0, 2, 1),
    });
    const prediction = {
      rows: 3,
      outputs: { rows: 3, columns: new Map() },
      answered: new Uint8Array(3),
      rejections: [],
      warnings: [],
      counts: { rejections: 0, warnings: 0 },
    };
    expect(scoreRows(smallContract(), { rows: 3, columns }, joint, prediction)).toEqual({
      problem: "the label late is 2 in row 2, neither 0 nor 1",
    });
  });
});

describe("the paired bootstrap", () => {
  const labels = Float64Array.from({ length: 400 }, (_, row) => row % 2);
  const scores = Float64Array.from({ length: 400 }, (_, row) => ((row * 37) % 100) / 100 + (row % 2) * 0.3);
  const mean = ({ labels: l, weights }: { labels: Float64Array; weights?: Uint32Array }) =>
    l.reduce((sum, label, row) => sum + label * (weights?.[row] ?? 1), 0) / l.length;
  const ask = (seed: string, confidence = 0.95) =>
    pairedBootstrap({
      current: { labels, scores },
      metrics: { m: mean },
      holds: ({ m }) => m! > 0.5,
      confidence,
      seed,
    });

  it("gives the same numbers for the same seed and others for another", () => {
    expect(ask("a".repeat(64))).toEqual(ask("a".repeat(64)));
    expect(ask("a".repeat(64)).intervals).not.toEqual(ask("b".repeat(64)).intervals);
  });

  it("gives the interval that theory gives for a share", () => {
    const [low, high] = ask("c".repeat(64)).intervals.m!;
    const half = 1.96 * Math.sqrt(0.25 / 400);
    expect(low).toBeCloseTo(0.5 - half, 1);
    expect(high - low).toBeGreaterThan(1.7 * half);
    expect(high - low).toBeLessThan(2.3 * half);
  });

  it("of a model with itself sees no difference", () => {
    const result = pairedBootstrap({
      current: { labels, scores },
      previous: { labels, scores },
      metrics: { m: mean },
      holds: (values) => values.m === values["previous.m"],
      confidence: 0.9,
      seed: "d".repeat(64),
    });
    expect(result).toMatchObject({ share: 1, intervals: { m: [0, 0] } });
  });

  it("draws uniformly", () => {
    const random = seededIntegers("0".repeat(64));
    const counts = new Uint32Array(10);
    for (let draw = 0; draw < 100_000; draw++) counts[random(10)]!++;
    const chi2 = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    expect(chi2).toBeLessThan(30);
  });
});
