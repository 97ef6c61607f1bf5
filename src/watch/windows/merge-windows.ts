import { BatonError } from "../../kernel/index.ts";
import { mergeCounters } from "../../profile/index.ts";
import type { Tallies, WindowCounts } from "../observe/window-counts.ts";
import { inOrder } from "../observe/window-tally.ts";

/** Windows of all lists added up, by their start: the same bytes in any order and grouping. @throws BatonError `configuration-invalid` when the cells differ */
export function mergeWindows(lists: Iterable<readonly WindowCounts[]>): WindowCounts[] {
  const merged = new Map<number, WindowCounts>();
  for (const list of lists)
    for (const window of list) {
      const known = merged.get(window.start);
      merged.set(window.start, known ? addWindows(known, window) : window);
    }
  return [...merged.values()].sort((a, b) => a.start - b.start);
}

function addWindows(a: WindowCounts, b: WindowCounts): WindowCounts {
  return {
    start: a.start,
    rows: add(a.rows, b.rows),
    answered: add(a.answered, b.answered),
    untimed: add(a.untimed, b.untimed),
    calls: add(a.calls, b.calls),
    latency: addTallies(a.latency, b.latency),
    rejected: addTallies(a.rejected, b.rejected),
    ...((a.failed || b.failed) && { failed: addTallies(a.failed ?? {}, b.failed ?? {}) }),
    outside: addTallies(a.outside, b.outside),
    ...newest("newest_event", a, b),
    ...newest("newest_arrival", a, b),
    features: mergeCounters(a.features, b.features),
    outputs: mergeCounters(a.outputs, b.outputs),
  };
}

function newest<Name extends "newest_event" | "newest_arrival">(
  name: Name,
  a: WindowCounts,
  b: WindowCounts,
): { readonly [Key in Name]?: number } {
  const known = [a[name], b[name]].filter((ms) => ms !== undefined);
  return known.length === 0 ? {} : ({ [name]: Math.max(...known) } as { readonly [Key in Name]: number });
}

function addTallies(a: Tallies, b: Tallies): Tallies {
  const sums = new Map(Object.entries(a));
  for (const [name, count] of Object.entries(b)) sums.set(name, add(sums.get(name) ?? 0, count));
  return inOrder([...sums]);
}

function add(a: number, b: number): number {
  const sum = a + b;
  if (Number.isSafeInteger(sum)) return sum;
  throw new BatonError("data-unreadable", "Counts add up to more than 2⁵³.", {
    next: "Look at the files with the largest counts: they were not written by baton.",
  });
}
