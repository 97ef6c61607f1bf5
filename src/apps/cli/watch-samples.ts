import type { Duckdb } from "../../adapters/duckdb/index.ts";
import { type Finding, messageOf } from "../../kernel/index.ts";
import {
  gatherSamples,
  type ObservationPlan,
  type SampledWindow,
  sampleRequests,
  watchFinding,
} from "../../watch/index.ts";

/** Values of the sampled rows by window, of files that may each be spoilt. */
export async function readSamples(
  duckdb: Duckdb,
  plan: ObservationPlan,
  files: readonly string[],
): Promise<{ readonly windows: SampledWindow[]; readonly findings: Finding[] }> {
  const columns = sampleRequests(plan).map(({ column, type }) => ({ column, name: column, type }));
  const samples = gatherSamples(plan);
  const findings: Finding[] = [];
  for (const file of files)
    try {
      for await (const table of duckdb.readTables(file, { columns })) samples.add(table);
    } catch (thrown) {
      findings.push(
        watchFinding("watch.file-unreadable", {
          file,
          message: `The sample of full rows cannot be read: ${messageOf(thrown)}`,
        }),
      );
    }
  return { windows: samples.windows(), findings };
}
