import { type ChildProcess, spawn } from "node:child_process";
import { text } from "node:stream/consumers";
import type { Budget } from "../../contract/index.ts";
import { type EvidenceRun, featureColumns, type Reads, recordAt } from "../../evidence/index.ts";
import { BatonError } from "../../kernel/index.ts";
import type { BenchOrder } from "./bench-process.ts";
import { readJointRows, withDuckdb } from "./hand-off-rows.ts";
import type { ReadyHandoff } from "./handoff.ts";
import { openPredictor } from "./model.ts";
import { startProgress } from "./progress.ts";
import type { Session } from "./session.ts";

/** Name of the hidden command that measures. */
export const benchProcessCommand = "bench-process";

/** Measures in a process of its own that is bound to the CPUs of the budget; its peak memory is part of the result. */
export async function benchHandoff(
  session: Session,
  handoff: ReadyHandoff,
  reads: Reads,
): Promise<EvidenceRun> {
  const records = await validRecords(handoff);
  const progress = startProgress(
    session,
    `measuring ${handoff.contract.model.name} ${handoff.contract.model.version}`,
  );
  const order: BenchOrder = { folder: handoff.folder.root, reads, records };
  const child = await startLimited(handoff.contract.budget);
  const said: string[] = [];
  child.process.stderr?.setEncoding("utf8").on("data", (chunk: string) => {
    said.push(chunk);
    progress.at(chunk.trim());
  });
  child.process.stdin
    ?.on("error", () => {})
    .end(JSON.stringify({ ...order, ...(child.threads ? { threads: child.threads } : {}) }));
  const stop = () => child.process.kill();
  process.once("exit", stop);
  try {
    const [output, exitCode] = await Promise.all([
      text(child.process.stdout!),
      new Promise<number | null>((resolve, reject) =>
        child.process.once("close", resolve).once("error", reject),
      ),
    ]);
    if (exitCode !== 0)
      throw new BatonError(
        "internal",
        `The measuring process ended with ${exitCode}: ${said.at(-1)?.trim().slice(0, 300) ?? "it said nothing"}`,
        {
          next: "Run baton test first; if the model runs there, report this.",
        },
      );
    return JSON.parse(output) as EvidenceRun;
  } finally {
    process.off("exit", stop);
    progress.done();
  }
}

interface Limited {
  readonly process: ChildProcess;
  readonly threads?: number;
}

/** Binds the process with `taskset` where the system has it; elsewhere the model's single thread has to do. */
async function startLimited(budget: Budget | undefined): Promise<Limited> {
  const cpus = Math.max(1, Math.ceil(budget?.cpus ?? 1));
  const command = [
    process.execPath,
    ...process.execArgv,
    ...heapLimit(budget),
    process.argv[1] ?? "",
    benchProcessCommand,
  ];
  const stdio = ["pipe", "pipe", "pipe"] as const;
  const list = cpus === 1 ? "0" : `0-${cpus - 1}`;
  if (await hasTaskset(list))
    return { process: spawn("taskset", ["-c", list, ...command], { stdio: [...stdio] }) };
  const [program, ...args] = command as [string, ...string[]];
  return { process: spawn(program, args, { stdio: [...stdio] }), threads: cpus };
}

function heapLimit(budget: Budget | undefined): string[] {
  return budget ? [`--max-old-space-size=${Math.max(64, Math.floor(budget.memoryMiB / 2))}`] : [];
}

function hasTaskset(list: string): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = spawn("taskset", ["-c", list, "true"], { stdio: "ignore" });
    probe.once("error", () => resolve(false)).once("close", (code) => resolve(code === 0));
  });
}

/** Rows of the joint set that the contract accepts, as records. */
async function validRecords(handoff: ReadyHandoff): Promise<Record<string, unknown>[]> {
  const joint = await withDuckdb((duckdb) => readJointRows(duckdb, handoff));
  if (!joint) return [];
  const predictor = await openPredictor(handoff);
  try {
    const features = featureColumns(handoff.contract, joint);
    const { answered } = await predictor.predict(features);
    const rows: Record<string, unknown>[] = [];
    for (let row = 0; row < features.rows && rows.length < 1024; row++)
      if (answered[row] === 1) rows.push(recordAt(features, row));
    return rows;
  } finally {
    await predictor.close();
  }
}
