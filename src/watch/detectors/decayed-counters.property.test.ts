import fc from "fast-check";
import { expect, it } from "vitest";
import { addCounts, type ColumnCounters } from "../../profile/index.ts";
import { decayInto, emptyDecayed } from "./decayed-counters.ts";

const replica = fc.array(fc.nat(10_000), { minLength: 4, maxLength: 4 });

it("merging replicas, then decaying, gives the same bytes in any order of the replicas", () => {
  const merged = (replicas: readonly number[][]): ColumnCounters => ({
    counts: replicas.reduce(
      (sum, one) => sum.map((count, cell) => Number(addCounts(count, one[cell]!))),
      [0, 0, 0, 0],
    ),
  });
  const walk = (windows: readonly number[][][]) =>
    JSON.stringify(windows.reduce((state, window) => decayInto(state, merged(window), 0.2), emptyDecayed(4)));
  fc.assert(
    fc.property(fc.array(fc.array(replica, { maxLength: 4 }), { maxLength: 8 }), (windows) => {
      expect(walk(windows.map((window) => [...window].reverse()))).toBe(walk(windows));
    }),
  );
});

it("weighs each window by 0.8 for each one since", () => {
  const one = (count: number): ColumnCounters => ({ counts: [count] });
  const state = [10, 20, 30].reduce((before, rows) => decayInto(before, one(rows), 0.2), emptyDecayed(1));
  expect(state.counts[0]).toBeCloseTo(10 * 0.64 + 20 * 0.8 + 30, 12);
  expect(state.squares).toBeCloseTo(10 * 0.64 ** 2 + 20 * 0.64 + 30, 12);
  expect(state.windows).toBeCloseTo(2.44, 12);
});
