import { describe, expect, it } from "vitest";
import { windowLayouts } from "./window-layouts.ts";

const laid = (rows: number) => ({ rows: [Uint8Array.from({ length: rows }, (_, row) => row % 7)] });
const edgesOf = (sizes: readonly number[]) => {
  const edges = [0];
  for (const size of sizes) edges.push(edges.at(-1)! + size);
  return edges;
};

describe("window layouts", () => {
  it("of sizes are one each, ascending", () => {
    const layouts = windowLayouts({ sizes: [400, 100, 400] }, laid(1000), 0.2);
    expect(layouts.map(({ sizes }) => sizes)).toEqual([[100], [400]]);
  });

  it("of windows that are alike hold for their size, and for a quarter of it", () => {
    const edges = edgesOf(new Array<number>(50).fill(200));
    const [thin, own] = windowLayouts({ edges }, laid(10_000), 0.2);
    expect([thin!.sizes, own!.sizes]).toEqual([[50], [200]]);
    expect(thin!.rows[0]!.length).toBe(2500);
    expect(Array.from(thin!.rows[0]!.subarray(0, 3))).toEqual([0, 4, 1]);
    expect(Array.from(thin!.edges!)).toEqual(edgesOf(new Array<number>(50).fill(50)));
  });

  it("of windows that differ hold from what few hours see to the largest", () => {
    const edges = edgesOf(Array.from({ length: 240 }, (_, at) => (at % 24 < 8 ? 4 : 100)));
    const layouts = windowLayouts({ edges }, laid(edges.at(-1)!), 0.2);
    const own = layouts.at(-1)!;
    expect(own.sizes[0]).toBeGreaterThan(4);
    expect(own.sizes[0]).toBeLessThan(40);
    expect(own.sizes[1]).toBe(100);
  });

  it("leave out what is never judged", () => {
    const edges = edgesOf(new Array<number>(50).fill(40));
    expect(windowLayouts({ edges }, laid(2000), 0.2).map(({ sizes }) => sizes)).toEqual([[40]]);
  });
});
