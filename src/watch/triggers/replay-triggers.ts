import { type WatchInput, watchReport } from "../report/watch-report.ts";
import type { TriggerReport } from "./trigger-report.ts";
import { triggerReports } from "./trigger-reports.ts";

/**
 * Triggers as they would have gone, window after window, had somebody looked all the time: each window is judged with the labels that
 * had come when it matured (by `labelled_at`, otherwise by the contract's delay), and the feed by the windows that were over by
 * then. What came later (late labels, faults that later windows give away) changes nothing before it came.
 */
export function replayTriggers(input: WatchInput): TriggerReport[] {
  const { contract, plan, labels, atMs } = input;
  const { windowMs } = plan;
  const inTime = labels && { ...labels, windows: labels.inTime };
  const seen = watchReport(withoutTriggers({ ...input, ...(inTime && { labels: inTime }) }));
  return triggerReports({
    contract,
    windowMs,
    atMs,
    seen,
    knownBy: {
      labels: (start, at) => labels?.arrivedBy(start, at) ?? 0,
      feed: remembered((at) => watchReport(upTo(input, at))),
    },
  });
}

function withoutTriggers(input: WatchInput): WatchInput {
  return { ...input, contract: { ...input.contract, retrain: [] } };
}

/** What was observed by an instant, without labels and without what was judged of what came later. */
function upTo(input: WatchInput, atMs: number): WatchInput {
  const { labels: _, judged: __, merged, samples, plan, ...rest } = withoutTriggers(input);
  const isOver = ({ start }: { readonly start: number }) => start + plan.windowMs <= atMs;
  return {
    ...rest,
    plan,
    merged: { ...merged, windows: merged.windows.filter(isOver) },
    ...(samples && { samples: samples.filter(isOver) }),
    atMs,
  };
}

function remembered<Value>(make: (atMs: number) => Value): (atMs: number) => Value {
  const known = new Map<number, Value>();
  return (atMs) => {
    const value = known.get(atMs) ?? make(atMs);
    known.set(atMs, value);
    return value;
  };
}
