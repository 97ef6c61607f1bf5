import type { Finding } from "../../kernel/index.ts";
import { emptyCounters } from "../../profile/index.ts";
import type { ObservationPlan } from "../observe/observation-plan.ts";
import type { WindowCounts } from "../observe/window-counts.ts";
import { watchFinding } from "../watch-findings.ts";

/** A run of windows without rows between two with rows. */
export interface WindowGap {
  /** Milliseconds since 1970. */
  readonly start: number;
  readonly windows: number;
}

/** Empty windows that are shown one by one; a wild event time can make any number of them. */
const mostShown = 1000;

/** The gaps between windows, oldest first. */
export function gapsOf(windows: readonly WindowCounts[], windowMs: number): WindowGap[] {
  const held = windows.filter(({ rows }) => rows > 0);
  return held.slice(1).flatMap(({ start }, index) => {
    const from = held[index]!.start + windowMs;
    return start > from ? [{ start: from, windows: Math.round((start - from) / windowMs) }] : [];
  });
}

/** The windows with those between them that have no rows, unless there are too many of these. */
export function withGaps(windows: readonly WindowCounts[], plan: ObservationPlan): readonly WindowCounts[] {
  const gaps = gapsOf(windows, plan.windowMs);
  if (gaps.length === 0 || gaps.reduce((sum, gap) => sum + gap.windows, 0) > mostShown) return windows;
  const there = new Set(windows.map(({ start }) => start));
  const nothing = emptyWindow(plan);
  const empty = gaps.flatMap((gap) =>
    Array.from({ length: gap.windows }, (_, index) => gap.start + index * plan.windowMs)
      .filter((start) => !there.has(start))
      .map((start) => ({ ...nothing, start })),
  );
  return [...windows, ...empty].sort((a, b) => a.start - b.start);
}

function emptyWindow(plan: ObservationPlan): Omit<WindowCounts, "start"> {
  return {
    rows: 0,
    answered: 0,
    untimed: 0,
    calls: 0,
    latency: {},
    rejected: {},
    outside: {},
    features: emptyCounters(plan.features),
    outputs: emptyCounters(plan.outputs),
  };
}

/** Says that there are gaps, and how long the longest is. */
export function gapFindings(windows: readonly WindowCounts[], windowMs: number): Finding[] {
  const gaps = gapsOf(windows, windowMs);
  if (gaps.length === 0) return [];
  const longest = gaps.reduce((a, b) => (b.windows > a.windows ? b : a));
  const empty = gaps.reduce((sum, gap) => sum + gap.windows, 0);
  return [
    watchFinding("watch.gap", {
      clause: "watch",
      message: `${empty} windows between the first and the newest have no rows; the longest run of them is ${longest.windows}, from ${new Date(longest.start).toISOString()}.`,
    }),
  ];
}
