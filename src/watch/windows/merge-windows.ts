import { BatonError } from "../../kernel/index.ts";
import { counterSum } from "../../profile/index.ts";
import type { Tallies, WindowCounts } from "../observe/window-counts.ts";
import { inOrder } from "../observe/window-tally.ts";

/** A growing sum of windows, by their start: the same bytes in any order and grouping. */
export interface WindowSums {
  /** @throws BatonError `configuration-invalid` when the cells differ, `data-unreadable` for counts beyond 2⁵³ */
  add(windows: readonly WindowCounts[]): void;
  /** Ascending by start. */
  windows(): WindowCounts[];
}

/** A sum at zero, or one that goes on from the windows of another: of these only what is added to is made anew. */
export function windowSums(before: readonly WindowCounts[] = []): WindowSums {
  const kept = new Map(before.map((window) => [window.start, window]));
  const sums = new Map<number, ReturnType<typeof windowSum>>();
  const opened = (window: WindowCounts) => {
    const sum = windowSum(window);
    sums.set(window.start, sum);
    return sum;
  };
  return {
    add(windows) {
      for (const window of windows) {
        const { start } = window;
        const first = kept.get(start);
        kept.delete(start);
        const sum = sums.get(start) ?? (first && opened(first));
        if (sum) sum.add(window);
        else opened(window);
      }
    },
    windows: () =>
      [...kept.values(), ...[...sums.values()].map((sum) => sum.window())].sort((a, b) => a.start - b.start),
  };
}

const counted = ["rows", "answered", "untimed", "calls"] as const;
const tallied = ["latency", "rejected", "outside", "failed"] as const;
const newest = ["newest_event", "newest_arrival"] as const;

function windowSum(first: WindowCounts) {
  const { start } = first;
  const counts = { rows: 0, answered: 0, untimed: 0, calls: 0 };
  const tallies = { latency: tally(), rejected: tally(), outside: tally(), failed: tally() };
  const latest = { newest_event: -Infinity, newest_arrival: -Infinity };
  const [features, outputs] = [counterSum(first.features), counterSum(first.outputs)];
  const addRest = (window: WindowCounts) => {
    for (const name of counted) counts[name] = add(counts[name], window[name]);
    for (const name of tallied) tallies[name].add(window[name] ?? {});
    for (const name of newest) latest[name] = Math.max(latest[name], window[name] ?? -Infinity);
  };
  addRest(first);
  return {
    add(window: WindowCounts) {
      features.add(window.features);
      outputs.add(window.outputs);
      addRest(window);
    },
    window(): WindowCounts {
      const failed = tallies.failed.sum();
      return {
        start,
        ...counts,
        latency: tallies.latency.sum(),
        rejected: tallies.rejected.sum(),
        ...(Object.keys(failed).length > 0 && { failed }),
        outside: tallies.outside.sum(),
        ...Object.fromEntries(
          newest.flatMap((name) => (latest[name] > -Infinity ? [[name, latest[name]]] : [])),
        ),
        features: features.counters(),
        outputs: outputs.counters(),
      };
    },
  };
}

function tally() {
  const sums = new Map<string, number>();
  return {
    add(more: Tallies) {
      for (const name of Object.keys(more)) sums.set(name, add(sums.get(name) ?? 0, more[name]!));
    },
    sum: () => inOrder([...sums]),
  };
}

function add(a: number, b: number): number {
  const sum = a + b;
  if (Number.isSafeInteger(sum)) return sum;
  throw new BatonError("data-unreadable", "Counts add up to more than 2⁵³.", {
    next: "Look at the files with the largest counts: they were not written by baton.",
  });
}
