import { join } from "node:path";
import type { ObservationEntry } from "../../watch/index.ts";

/** Parquet files with the full rows that were sampled, in the order of the files: their columns are `sampleColumns` of the plan. */
export function sampledRows(files: readonly ObservationEntry[]): string[] {
  return files.flatMap(({ folder, file }) => (file.rows ? [join(folder, file.rows.file)] : []));
}
