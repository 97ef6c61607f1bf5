import { describe, expect, it } from "vitest";
import { type SyntheticSeries, syntheticSeries } from "../test-series.ts";
import { schemaChanges } from "./schema-change.ts";
import { staleFeeds } from "./stale-feed.ts";

const made = (change: SyntheticSeries["change"], rest: Partial<SyntheticSeries> = {}) =>
  syntheticSeries({
    ...{ shape: "normal", middle: 50, spread: 15, windows: 40, seed: "feeds", change },
    ...rest,
  });
const spans = (found: readonly { readonly windows: readonly number[] }[]) =>
  found.map(({ windows }) => [windows[0], windows.at(-1)]);

describe("a feed that stands still", () => {
  it("is told from the window in which it stops to the one in which it goes on", async () => {
    const series = await made((value, window) => (window >= 20 && window < 31 ? 47.25 : value));
    expect(spans(staleFeeds(series))).toEqual([[20, 30]]);
  });

  it("is told of a few values that stay, too", async () => {
    const series = await made((value, window) =>
      window >= 20 ? [41, 47.25, 60][Math.floor(value) % 3]! : value,
    );
    expect(spans(staleFeeds(series))).toEqual([[20, 39]]);
  });

  it("is not told of values that move, of narrower ones, of ones beyond all that was seen, or of rain", async () => {
    for (const change of [
      (value: number) => value,
      (value: number, window: number) => (window >= 20 ? 50 + (value - 50) / 2 : value),
      (value: number, window: number) => (window >= 20 ? value * 1000 : value),
      (value: number, window: number) => (window % 5 === 0 && value > 60 ? value : 0),
    ])
      expect(spans(staleFeeds(await made(change)))).toEqual([]);
  });
});

describe("a column that goes away", () => {
  it("is told while it is gone", async () => {
    const series = await made((value, window) => (window >= 20 && window < 25 ? Number.NaN : value));
    const found = schemaChanges(series);
    expect([spans(found), found[0]!.fault.kind]).toEqual([[[20, 24]], "gone"]);
  });

  it("is told again when it goes away again", async () => {
    const away = (window: number) => window === 20 || window === 26;
    const series = await made((value, window) => (away(window) ? Number.NaN : value));
    expect(spans(schemaChanges(series))).toEqual([
      [20, 20],
      [26, 26],
    ]);
  });

  it("for most rows of a window is told of it, however often", async () => {
    const series = await made((value, window) =>
      window % 7 === 6 && window > 14 && value < 60 ? Number.NaN : value,
    );
    const found = schemaChanges(series);
    expect([spans(found), new Set(found.map(({ fault }) => fault.kind))]).toEqual([
      [
        [20, 20],
        [27, 27],
        [34, 34],
      ],
      new Set(["partly-gone"]),
    ]);
  });

  it("for most rows is not told where a window nearly as bad was seen before: it is missing in bad weather", async () => {
    const series = await made((value, window) =>
      value < 45 + (window === 10 ? 6 : window === 25 ? 20 : -30) ? Number.NaN : value,
    );
    expect(spans(schemaChanges(series))).toEqual([]);
  });

  it("is not told of days on which half is missing, or of a column that is mostly missing and has a day without", async () => {
    const half = await made((value, window) => (window >= 20 && value > 50 ? Number.NaN : value));
    const mostly = await made((value, window) => (value < 70 || window === 20 ? Number.NaN : value));
    expect([spans(schemaChanges(half)), spans(schemaChanges(mostly))]).toEqual([[], []]);
  });
});
