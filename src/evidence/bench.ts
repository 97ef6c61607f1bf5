import { build } from "hdr-histogram-js";
import type { Budget, Contract, Table } from "../contract/index.ts";
import type { Predictor } from "../inference/index.ts";
import type { Finding } from "../kernel/index.ts";
import type { EvidenceRun, Host, Reads } from "./evidence.ts";
import { evidenceFinding } from "./evidence-findings.ts";
import {
  guarded,
  itemOf,
  type Judgement,
  notApplicable,
  notRun,
  passIf,
  shownNumber,
} from "./evidence-item.ts";
import { madeUpAnswers } from "./rows/scored-rows.ts";
import { recordAt } from "./rows/table-rows.ts";
import { readsFor } from "./statements/reads.ts";

/** Port: the clocks and the memory of this process. */
export interface BenchClock {
  /** Wall clock, RFC 3339 in UTC. */
  now(): string;
  /** Monotonic milliseconds with fractions. */
  monotonicMs(): number;
  /** Largest resident memory of this process so far, in MiB; absent where it cannot be known. */
  peakMemoryMiB?(): number;
}

/** How long to measure. */
export interface BenchPlan {
  /** Rows in one call, one series each. */
  readonly batches: readonly number[];
  readonly warmUpCalls: number;
  readonly warmUpMs: number;
  /** A series ends after this time, and not before `leastCalls`. */
  readonly seriesMs: number;
  readonly leastCalls: number;
}

/** Two seconds a series after a quarter of warm-up, at batch 1, 32 and 256. */
export const benchPlan: BenchPlan = {
  batches: [1, 32, 256],
  warmUpCalls: 20,
  warmUpMs: 500,
  seriesMs: 2000,
  leastCalls: 50,
};

/** Everything that a benchmark needs. */
export interface BenchInput {
  readonly contract: Contract;
  readonly reads: Reads;
  readonly predictor: Predictor;
  /** Feature columns of rows that the contract accepts; calls take turns through them. */
  readonly rows: Table;
  readonly clock: BenchClock;
  readonly host: Host;
  /** What this process could really use: the caller limits it, and says how far that went. */
  readonly effective: { readonly cpus: number; readonly memoryMiB: number };
  readonly tool: EvidenceRun["tool"];
  readonly plan?: BenchPlan;
  /** Called as series begin, for people who wait. */
  readonly onSeries?: (batch: number) => void;
}

/**
 * Measures latency and throughput in a closed loop (one call after the other) from records to answers, and judges
 * the budget on batch 1. Less hardware than the budget names, or more than the process was limited to, is not-run.
 */
export async function runBench(input: BenchInput): Promise<EvidenceRun> {
  const startedAt = input.clock.now();
  const judgement = await guarded("budget", "budget", () => judgeBudget(input));
  const reads = readsFor(input.reads, input.contract, "budget", [
    "model",
    "joint",
    "features",
    "outputs",
    "rules",
  ]);
  return {
    kind: "bench",
    tool: input.tool,
    model: input.contract.model.name,
    version: input.contract.model.version,
    host: input.host,
    startedAt,
    finishedAt: input.clock.now(),
    items: [itemOf(judgement, reads)],
  };
}

async function judgeBudget(input: BenchInput): Promise<Judgement> {
  const { budget } = input.contract;
  if (!budget) return notApplicable("budget", "budget", "the contract has no budget");
  if (!input.contract.run) return notRun("budget", "budget", "there is no model yet");
  const unfit = unfitHost(budget, input);
  if (unfit) return notRun("budget", "budget", unfit);
  if (input.rows.rows === 0) return notRun("budget", "budget", "there is no valid joint row to ask for");
  const measured: Record<string, number> = {
    cpus: input.effective.cpus,
    memory_mib: input.effective.memoryMiB,
  };
  for (const batch of (input.plan ?? benchPlan).batches) {
    input.onSeries?.(batch);
    const series = await measureSeries(input, batch);
    if ("problem" in series) return { ...notRun("budget", "budget", series.problem), measured };
    Object.assign(measured, series.measured);
  }
  const peak = input.clock.peakMemoryMiB?.();
  if (peak !== undefined) measured.peak_memory_mib = peak;
  return verdict(budget, measured);
}

function unfitHost(budget: Budget, { effective, clock }: BenchInput): string | undefined {
  const wanted = `${shownNumber(budget.cpus)} CPU and ${budget.memoryMiB} MiB`;
  if (effective.cpus < budget.cpus || effective.memoryMiB < budget.memoryMiB)
    return `this host gives ${shownNumber(effective.cpus)} CPU and ${effective.memoryMiB} MiB, and the budget is for ${wanted}`;
  if (effective.cpus > budget.cpus)
    return `the process was not limited: it had ${shownNumber(effective.cpus)} CPUs, and the budget is for ${wanted}`;
  if (effective.memoryMiB > budget.memoryMiB && !clock.peakMemoryMiB)
    return `the process was not limited to ${budget.memoryMiB} MiB, and its memory could not be measured`;
  return undefined;
}

interface Series {
  readonly measured: Readonly<Record<string, number>>;
}

async function measureSeries(
  input: BenchInput,
  batch: number,
): Promise<Series | { readonly problem: string }> {
  const plan = input.plan ?? benchPlan;
  const { clock, predictor } = input;
  const requests = requestsOf(input.rows, batch);
  let at = 0;
  const call = () => predictor.predictRecords(requests[at++ % requests.length]!);
  const first = await call();
  if (first.madeUp) return { problem: madeUpAnswers };
  if (first.answered.includes(0))
    return { problem: `a valid record got no answer: ${first.rejections[0]?.message ?? "no reason given"}` };
  const warmFrom = clock.monotonicMs();
  for (let calls = 0; calls < plan.warmUpCalls || clock.monotonicMs() - warmFrom < plan.warmUpMs; calls++)
    await call();
  const histogram = build({
    lowestDiscernibleValue: 1,
    highestTrackableValue: 3_600_000_000_000,
    numberOfSignificantValueDigits: 3,
  });
  const from = clock.monotonicMs();
  let before = from;
  let calls = 0;
  for (; calls < plan.leastCalls || before - from < plan.seriesMs; calls++) {
    await call();
    const now = clock.monotonicMs();
    histogram.recordValue(Math.max(1, Math.round((now - before) * 1e6)));
    before = now;
  }
  const seconds = Math.max(before - from, 1e-6) / 1000;
  const at100 = (percentile: number) => histogram.getValueAtPercentile(percentile) / 1e6;
  const name = (what: string) => `batch${batch}.${what}`;
  return {
    measured: {
      [name("calls")]: calls,
      [name("p50_ms")]: at100(50),
      [name("p95_ms")]: at100(95),
      [name("p99_ms")]: at100(99),
      [name("max_ms")]: histogram.maxValue / 1e6,
      [name("calls_per_s")]: calls / seconds,
      [name("rows_per_s")]: (calls * batch) / seconds,
    },
  };
}

function requestsOf(rows: Table, batch: number): Record<string, unknown>[][] {
  const pool = Array.from({ length: Math.min(rows.rows, 1024) }, (_, row) => recordAt(rows, row));
  const requests = Math.max(1, Math.min(64, Math.ceil(pool.length / batch)));
  return Array.from({ length: requests }, (_, request) =>
    Array.from({ length: batch }, (__, at) => pool[(request * batch + at) % pool.length]!),
  );
}

function verdict(budget: Budget, measured: Readonly<Record<string, number>>): Judgement {
  const misses: Finding[] = [];
  const said: string[] = [];
  for (const [percentile, bound] of Object.entries(budget.latencyMs)) {
    const value = measured[`batch1.${percentile}_ms`];
    if (value === undefined)
      return { ...notRun("budget", "budget", `${percentile} at batch 1 was not measured`), measured };
    said.push(`${percentile} ${shownNumber(value)} ms (${shownNumber(bound)} allowed)`);
    if (value > bound)
      misses.push(missed(`${percentile} at batch 1`, `${bound} ms`, `${shownNumber(value)} ms`));
  }
  if (budget.rate !== undefined) {
    const capacity = measured["batch1.calls_per_s"];
    if (capacity === undefined)
      return { ...notRun("budget", "budget", "throughput at batch 1 was not measured"), measured };
    said.push(`${shownNumber(Math.floor(capacity))} calls/s (${shownNumber(budget.rate)} wanted)`);
    if (capacity < budget.rate)
      misses.push(
        missed("closed-loop throughput at batch 1", `${budget.rate}/s`, `${shownNumber(capacity)}/s`),
      );
  }
  const peak = measured.peak_memory_mib;
  if (peak !== undefined) {
    said.push(`${Math.ceil(peak)} MiB at most (${budget.memoryMiB} allowed)`);
    if (peak > budget.memoryMiB)
      misses.push(missed("peak memory", `${budget.memoryMiB} MiB`, `${Math.ceil(peak)} MiB`));
  }
  return {
    clause: "budget",
    test: "budget",
    outcome: passIf(misses.length === 0),
    message: `On ${shownNumber(budget.cpus)} CPU, one call after the other: ${said.join(", ")}.`,
    measured,
    findings: misses,
  };
}

function missed(what: string, expected: string, received: string): Finding {
  return evidenceFinding("evidence.budget-missed", {
    clause: "budget",
    expected,
    received,
    message: `The ${what} is ${received}, and the budget is ${expected}.`,
  });
}
