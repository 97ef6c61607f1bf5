import { json } from "node:stream/consumers";
import type { Command } from "commander";
import { blocksSignOff } from "../../../kernel/index.ts";
import { type BenchOrder, benchProcess } from "../bench-process.ts";
import { type Cli, type CommonOptions, declare, perform } from "../command.ts";
import { keepEvidence, readsNow } from "../evidence-store.ts";
import { withHandoff } from "../handoff.ts";
import { findSigningKey, keyOption } from "../key-file.ts";
import { benchHandoff, benchProcessCommand } from "../run-bench.ts";
import type { Session } from "../session.ts";
import { textTable } from "../text-table.ts";
import { itemTable } from "./test.ts";

interface BenchOptions extends CommonOptions {
  readonly key?: string;
}

/** `baton bench [TARGET]`: latency and throughput against the budget. */
export function addBench(program: Command, cli: Cli): void {
  declare(
    program,
    "bench [target]",
    "latency and throughput at batch 1, 32 and 256 against the budget",
    "Measures in a process of its own, bound to the CPUs that the budget names, from records to answers, after a warm-up.\n" +
      "A host with less than the budget names is not-run, not pass. Keeps the result in evidence/, signed where a key is given.",
  )
    .option(...keyOption)
    .action((target: string | undefined, options: BenchOptions) =>
      perform(cli, "bench", options, (session) =>
        withHandoff(session, target, async (handoff) => {
          const key = await findSigningKey(session, options.key);
          const run = await benchHandoff(session, handoff, await readsNow(handoff));
          const file = await keepEvidence(handoff, run, key);
          const passed = !run.items.some(({ outcome }) => blocksSignOff(outcome));
          const unsigned = !key && handoff.contract.level !== "sketch";
          return {
            passed,
            text: `${itemTable(session, run.items)}\n${seriesTable(session, run.items[0]?.measured ?? {})}evidence/${file.name}\n`,
            findings: run.items.flatMap(({ findings }) => findings),
            data: {
              outcome: run.items[0]?.outcome,
              measured: run.items[0]?.measured,
              host: run.host,
              evidence: file.name,
            },
            hint: unsigned
              ? "This evidence is unsigned, and at this level it does not count: run again with --key."
              : "Next: baton clauses, then baton seal.",
          };
        }),
      ),
    );
  program.command(benchProcessCommand, { hidden: true }).action(() =>
    perform(cli, benchProcessCommand, {}, async (session) => ({
      passed: true,
      text: JSON.stringify(await benchProcess(session, (await json(process.stdin)) as BenchOrder)),
    })),
  );
}

function seriesTable(session: Session, measured: Readonly<Record<string, number>>): string {
  const batches = [
    ...new Set(Object.keys(measured).flatMap((name) => /^batch(\d+)\./.exec(name)?.[1] ?? [])),
  ];
  if (batches.length === 0) return "";
  const value = (batch: string, what: string) => measured[`batch${batch}.${what}`] ?? Number.NaN;
  const ms = (batch: string, what: string) => `${value(batch, `${what}_ms`).toPrecision(3)} ms`;
  const rows = batches.map((batch) => [
    batch,
    ms(batch, "p50"),
    ms(batch, "p95"),
    ms(batch, "p99"),
    Math.round(value(batch, "calls_per_s")).toLocaleString("en"),
    Math.round(value(batch, "rows_per_s")).toLocaleString("en"),
  ]);
  return textTable(session, ["batch", "p50", "p95", "p99", "calls/s", "rows/s"], rows);
}
