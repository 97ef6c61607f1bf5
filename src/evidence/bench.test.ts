import { describe, expect, it } from "vitest";
import type { Budget } from "../contract/index.ts";
import { sketchPredictor } from "../inference/index.ts";
import { type BenchInput, runBench } from "./bench.ts";
import {
  jointTable,
  smallClauses,
  smallContract,
  smallPredictor,
  smallRows,
} from "./fixtures/small-model.ts";
import { featureColumns } from "./rows/table-rows.ts";
import { currentReads } from "./statements/reads.ts";

const budget: Budget = { latencyMs: { p50: 10, p99: 50 }, rate: 20, cpus: 1, memoryMiB: 512 };

/** A clock that stands still except while the model is asked: each call takes what `cost` says. */
function inputOf(
  cost: (call: number, rows: number) => number,
  given: Partial<BenchInput> = {},
  limits = budget,
): BenchInput {
  const contract = smallContract({ budget: limits });
  const sound = smallPredictor(contract);
  let time = 0;
  let calls = 0;
  return {
    contract,
    reads: currentReads({
      contract,
      clauses: smallClauses(contract),
      files: { "model/m.onnx": "a".repeat(64) },
    }),
    predictor: {
      ...sound,
      predictRecords: async (records) => {
        time += cost(calls++, records.length);
        return sound.predictRecords(records);
      },
    },
    rows: featureColumns(contract, jointTable(smallRows(50))),
    clock: { now: () => "2026-01-01T00:00:00.000Z", monotonicMs: () => time },
    host: { os: "o", arch: "a", cpu: "c", cpus: 4, memoryMiB: 4096, node: "20" },
    effective: { cpus: 1, memoryMiB: 512 },
    tool: { name: "baton", version: "0.1.0" },
    plan: { batches: [1, 32], warmUpCalls: 3, warmUpMs: 0, seriesMs: 1000, leastCalls: 100 },
    ...given,
  };
}

const judge = async (...given: Parameters<typeof inputOf>) => (await runBench(inputOf(...given))).items[0]!;

describe("a benchmark", () => {
  it("measures percentiles and throughput of each batch, without the warm-up", async () => {
    const item = await judge((call, rows) => (call < 4 ? 900 : rows === 1 ? 4 : 16));
    expect(item.outcome).toBe("pass");
    expect(item.measured!["batch1.p50_ms"]).toBeCloseTo(4, 1);
    expect(item.measured!["batch1.max_ms"]).toBeLessThan(5);
    expect(item.measured!["batch1.calls_per_s"]).toBeCloseTo(250, 6);
    expect(item.measured!["batch32.rows_per_s"]).toBeCloseTo(2000, 6);
    expect(Object.keys(item.reads)).toContain("content:model/m.onnx");
  });

  it("fails on the tail that the budget names, and not on the median", async () => {
    const item = await judge((call) => (call % 50 === 0 ? 80 : 4));
    expect(item.outcome).toBe("fail");
    expect(item.findings.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^The p99 at batch 1 is 8\d\.?\d* ms, and the budget is 50 ms\.$/),
    ]);
  });

  it("fails where one call after the other is slower than the rate", async () => {
    const item = await judge(() => 9, {}, { ...budget, rate: 200 });
    expect(item.findings.map(({ expected }) => expected)).toEqual(["200/s"]);
  });

  it("fails on memory where it is measured", async () => {
    const clock = (mib: number) => ({
      ...inputOf(() => 4).clock,
      monotonicMs: stepping(4),
      peakMemoryMiB: () => mib,
    });
    expect((await judge(() => 4, { clock: clock(700) })).outcome).toBe("fail");
    expect((await judge(() => 4, { clock: clock(300) })).outcome).toBe("pass");
  });

  it.each([
    ["less CPU", { cpus: 0.5, memoryMiB: 512 }, "this host gives 0.5 CPU"],
    ["less memory", { cpus: 1, memoryMiB: 256 }, "256 MiB, and the budget"],
    ["more CPU", { cpus: 4, memoryMiB: 512 }, "was not limited"],
    ["more memory that nobody measures", { cpus: 1, memoryMiB: 4096 }, "could not be measured"],
  ])("with %s than the budget names is not-run", async (_, effective, reason) => {
    expect(await judge(() => 4, { effective })).toMatchObject({
      outcome: "not-run",
      reason: expect.stringContaining(reason),
    });
  });

  it("without a budget, a model or a row has nothing to judge", async () => {
    const { budget: _, ...none } = smallContract({ budget });
    expect((await judge(() => 4, { contract: none })).outcome).toBe("not-applicable");
    const { run: __, ...sketch } = smallContract({ budget });
    expect((await judge(() => 4, { contract: sketch })).outcome).toBe("not-run");
    expect((await judge(() => 4, { rows: featureColumns(sketch, jointTable([])) })).outcome).toBe("not-run");
  });

  it("does not call a rejection fast", async () => {
    const rows = featureColumns(
      smallContract(),
      jointTable(smallRows(5).map((row) => ({ ...row, origin: "XXX" }))),
    );
    expect(await judge(() => 1, { rows })).toMatchObject({
      outcome: "not-run",
      reason: expect.stringContaining("got no answer"),
    });
  });

  it("does not call a sketch fast", async () => {
    const predictor = sketchPredictor(smallContract({ budget }), "5eed");
    const clock = { ...inputOf(() => 4).clock, monotonicMs: stepping(4) };
    expect(await judge(() => 1, { predictor, clock })).toMatchObject({
      outcome: "not-run",
      reason: "a sketch makes its answers up",
    });
  });

  it("that throws is not-run with the reason", async () => {
    const item = await judge(() => {
      throw new Error("out of memory");
    });
    expect(item).toMatchObject({ outcome: "not-run", reason: "it could not be run: out of memory" });
  });
});

/** Milliseconds that advance by a step at each look. */
function stepping(step: number): () => number {
  let time = 0;
  return () => {
    time += step;
    return time;
  };
}
