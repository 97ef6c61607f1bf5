import { availableParallelism } from "node:os";
import { type EvidenceRun, type Reads, runBench } from "../../evidence/index.ts";
import { decodeRecords } from "../../inference/index.ts";
import { BatonError } from "../../kernel/index.ts";
import { openHandoff } from "./handoff.ts";
import { thisHost } from "./host.ts";
import { monotonicMs, openPredictor } from "./model.ts";
import type { Session } from "./session.ts";
import { version } from "./version.ts";

/** What the measuring process reads on its standard input. */
export interface BenchOrder {
  /** Folder with the contract and the model. */
  readonly folder: string;
  /** Digests of what is judged, for the evidence. */
  readonly reads: Reads;
  /** Valid records; calls take turns through them. */
  readonly records: readonly unknown[];
  /** CPUs that count, where the process could not be bound to them and keeps to one thread instead. */
  readonly threads?: number;
}

/** The whole work of the measuring process: nothing else may share its CPUs and memory. */
export async function benchProcess(session: Session, order: BenchOrder): Promise<EvidenceRun> {
  const { folder, parsed } = await openHandoff(session, order.folder);
  const { contract } = parsed;
  if (!contract)
    throw new BatonError("configuration-invalid", "The contract cannot be used.", {
      next: "Run baton check.",
    });
  const predictor = await openPredictor({ contract, folder });
  try {
    const host = thisHost();
    return await runBench({
      contract,
      reads: order.reads,
      predictor,
      rows: decodeRecords(contract, order.records).table,
      clock: { now: () => session.now().toISOString(), monotonicMs, peakMemoryMiB },
      host,
      effective: { cpus: order.threads ?? availableParallelism(), memoryMiB: host.memoryMiB },
      tool: { name: "baton", version },
      onSeries: (batch) => session.err(`batch ${batch}\n`),
    });
  } finally {
    await predictor.close();
  }
}

function peakMemoryMiB(): number {
  return process.resourceUsage().maxRSS / 1024;
}
