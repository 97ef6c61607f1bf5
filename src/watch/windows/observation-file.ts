import type { ObservationPlan } from "../observe/observation-plan.ts";
import type { WindowCounts } from "../observe/window-counts.ts";

/** Names one written file: a replica, one life of its process, and the number of the file in that life. */
export interface Segmentation {
  readonly replica: string;
  readonly boot: string;
  readonly sequence: number;
}

/** A Parquet file beside the counters. */
export interface WrittenTable {
  readonly file: string;
  readonly rows: number;
}

/** What one replica counted between two writes: the form of `*.counters.json`. */
export interface ObservationFile extends Segmentation {
  readonly format_version: 1;
  readonly kind: "baton-observation";
  readonly model: string;
  readonly version: string;
  /** Content digest of what was served. */
  readonly digest: string;
  /** The last file of a life that ended in order. */
  readonly last: boolean;
  readonly opened_at: string;
  readonly rolled_at: string;
  /** What of a life that ends without warning may be missing after its newest file. */
  readonly may_lose: { readonly seconds: number; readonly rows: number };
  /** Rows that were seen since the file before and not counted, because a buffer was full. */
  readonly dropped: number;
  readonly window_ms: number;
  /** Upper ends of the latency cells in milliseconds. */
  readonly latency_edges: readonly number[];
  /** The log of the same predictions, beside this file; absent where there were none. */
  readonly log?: WrittenTable;
  /** Full rows out of the same predictions, beside this file; absent where none were chosen. */
  readonly rows?: WrittenTable;
  readonly windows: readonly WindowCounts[];
}

/** What stays of a file when its windows have been added. */
export interface ObservationEntry {
  readonly folder: string;
  readonly file: Omit<ObservationFile, "windows" | "latency_edges">;
  readonly sha256: string;
  /** Counted on the content that is watched. */
  readonly own: boolean;
  /** Rows in its windows. */
  readonly seen: number;
}

/** What a file says of the plan that it was counted by. */
export function planFields(
  plan: ObservationPlan,
): Pick<ObservationFile, "model" | "version" | "digest" | "window_ms" | "latency_edges"> {
  const { model, version, digest, windowMs, latencyEdges } = plan;
  return { model, version, digest, window_ms: windowMs, latency_edges: latencyEdges };
}

/** Names of the files of a segment: the counters stand last, and complete it. */
export function segmentNames({ replica, boot, sequence }: Segmentation): {
  readonly counters: string;
  readonly log: string;
  readonly rows: string;
} {
  const stem = `${replica}.${boot}.${String(sequence).padStart(6, "0")}`;
  return {
    counters: `${stem}${countersEnding}`,
    log: `${stem}.predictions.parquet`,
    rows: `${stem}.rows.parquet`,
  };
}

/** How the names of counter files end. */
export const countersEnding = ".counters.json";
