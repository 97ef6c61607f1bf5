import type { Finding } from "../../kernel/index.ts";
import type { WindowCounts } from "../observe/window-counts.ts";
import { watchFinding } from "../watch-findings.ts";
import { gapsOf } from "./window-gaps.ts";

/** How new the newest observation is. */
export interface FreshnessReport {
  /** Newest event time and newest arrival of a row; absent in files of before they were noted. */
  readonly newestEvent?: string;
  readonly newestArrival?: string;
  /** Usual time from the end of a window to the arrival of its last row: the median over windows, in milliseconds; 0 where rows come before. */
  readonly usualDelayMs: number;
  /** Whole windows without rows after the newest with rows, whose rows should have come by now. */
  readonly silentWindows: number;
  /** Longest run of windows without rows before that. */
  readonly longestGap: number;
  /** Silent for longer than ever before. */
  readonly stale: boolean;
}

/**
 * The freshness of windows as seen at an instant; undefined where there are no rows by then. A feed is stale when it has
 * been silent for longer than ever before: what is usual comes from the feed itself, so that weekends and monthly batches
 * do not alarm once they have been seen. One window alone tells nothing of what is usual.
 */
export function freshnessReport(
  windows: readonly WindowCounts[],
  { windowMs, atMs }: { readonly windowMs: number; readonly atMs: number },
): FreshnessReport | undefined {
  const held = windows.filter(({ rows, start }) => rows > 0 && start <= atMs);
  if (held.length === 0) return undefined;
  const end = held.at(-1)!.start + windowMs;
  const delays = held.flatMap(({ start, newest_arrival }) =>
    newest_arrival === undefined ? [] : [Math.max(0, newest_arrival - start - windowMs)],
  );
  const usualDelayMs = delays.sort((a, b) => a - b)[delays.length >> 1] ?? 0;
  const silentWindows = Math.max(0, Math.floor((atMs - usualDelayMs - end) / windowMs));
  const longestGap = gapsOf(held, windowMs).reduce((most, gap) => Math.max(most, gap.windows), 0);
  const [event, arrival] = [newestOf(held, "newest_event"), newestOf(held, "newest_arrival")];
  return {
    ...(event !== undefined && { newestEvent: event }),
    ...(arrival !== undefined && { newestArrival: arrival }),
    usualDelayMs,
    silentWindows,
    longestGap,
    stale: held.length > 1 && silentWindows > longestGap,
  };
}

function newestOf(
  windows: readonly WindowCounts[],
  name: "newest_event" | "newest_arrival",
): string | undefined {
  const newest = windows.reduce((most, window) => Math.max(most, window[name] ?? -Infinity), -Infinity);
  return newest === -Infinity ? undefined : new Date(newest).toISOString();
}

/** Says that a feed is stale. */
export function staleFindings(freshness: FreshnessReport | undefined): Finding[] {
  if (!freshness?.stale) return [];
  const { silentWindows, longestGap, newestEvent } = freshness;
  return [
    watchFinding("watch.stale", {
      clause: "watch",
      expected: `at most ${longestGap} windows without rows in a row`,
      received: `${silentWindows} windows`,
      message: `No rows came for the last ${silentWindows} windows${newestEvent ? `: the newest event is of ${newestEvent}` : ""}. Never before were more than ${longestGap} without.`,
    }),
  ];
}
