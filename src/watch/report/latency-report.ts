import type { Budget } from "../../contract/index.ts";
import { latencyCell } from "../observe/latency.ts";
import type { WindowCounts } from "../observe/window-counts.ts";

/** One latency bound of the budget in one window. */
export interface LatencyReport {
  /** `p99`. */
  readonly percentile: string;
  readonly boundMs: number;
  readonly calls: number;
  /** Calls that took at most the bound: an exact count. */
  readonly within: number;
  /** The percentile lies in this cell, in milliseconds; null is open. */
  readonly between: readonly [low: number, high: number | null];
  /** `insufficient` where so few calls do not have such a percentile. */
  readonly verdict: "pass" | "fail" | "insufficient";
}

/** The budget's latency bounds in a window; none where no call was timed. */
export function latencyReports(
  { calls, latency }: WindowCounts,
  edges: readonly number[],
  budget: Budget | undefined,
): LatencyReport[] {
  if (calls === 0) return [];
  const counts = edges.map((_, cell) => latency[cell] ?? 0);
  return Object.entries(budget?.latencyMs ?? {}).map(([percentile, boundMs]) => {
    const share = Number(percentile.slice(1)) / 100;
    const inside = counts.slice(0, latencyCell(edges, boundMs) + 1);
    const within = inside.reduce((sum, count) => sum + count, 0);
    const enough = calls * (1 - share) >= 1;
    const verdict = within >= share * calls ? "pass" : "fail";
    return {
      percentile,
      boundMs,
      calls,
      within,
      between: percentileCell(edges, counts, share * calls),
      verdict: enough ? verdict : "insufficient",
    };
  });
}

function percentileCell(
  edges: readonly number[],
  counts: readonly number[],
  rank: number,
): readonly [number, number | null] {
  let seen = 0;
  for (const [cell, count] of counts.entries()) {
    seen += count;
    if (seen >= rank) return [edges[cell - 1] ?? 0, edges[cell]!];
  }
  return [edges.at(-1) ?? 0, null];
}
