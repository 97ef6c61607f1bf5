import { expect, it } from "vitest";
import { seededIntegers } from "../../evidence/index.ts";
import { evenCuts, streamBlocks } from "./stream-blocks.ts";

const below = seededIntegers("cd".repeat(32));

it.each([
  [1000, 100, 1024],
  [1003, 100, 150],
  [50, 80, 1024],
  [10_000, 30, 1000],
])(
  "of %i rows in blocks of %i, cut at %i places, cover each row once and make a reference of as many blocks",
  (rows, blockRows, most) => {
    const cuts = evenCuts(rows, most);
    const stream = streamBlocks({ blockRows, cuts, below });
    for (let time = 0; time < 20; time++) {
      stream.begin();
      const seen = new Uint8Array(rows);
      for (const { start, length } of stream.blocks)
        for (let row = start; row < start + length; row++) seen[row % rows]!++;
      expect(seen.every((count) => count === 1)).toBe(true);
      for (const { start, cut } of stream.blocks) expect(start).toBe(cuts[cut]);
      const drawn = stream.blocks.map(({ times }) => times);
      expect(drawn.reduce((sum, times) => sum + times, 0)).toBe(stream.blocks.length);
      if (drawn.length > 1) expect(Math.max(...drawn)).toBeLessThan(drawn.length);
    }
  },
);

it("gives stretches within one block, a whole block before the next", () => {
  const stream = streamBlocks({ blockRows: 100, cuts: evenCuts(1000), below });
  stream.begin();
  for (let time = 0; time < 50; time++) {
    const rows: number[] = [];
    let first: unknown;
    while (rows.length < 100) {
      const { start, length, block } = stream.next(Math.min(37, 100 - rows.length));
      first ??= block;
      expect(block).toBe(first);
      for (let row = start; row < start + length; row++) rows.push(row % 1000);
      const inside = (row: number) => (row - block.start + 1000) % 1000 < block.length;
      expect(rows.every(inside)).toBe(true);
    }
    expect(new Set(rows).size).toBe(100);
  }
});

it("gives the reference's own windows, each of a block once, whatever their rows", () => {
  const edges = [0, 10, 11, 40, 60, 100, 103, 150, 151, 200];
  const windows = edges.slice(0, -1).map((start, at) => `${start}+${edges[at + 1]! - start}`);
  const stream = streamBlocks({ blockRows: 60, cuts: evenCuts(edges), windows: edges, below });
  for (let time = 0; time < 50; time++) {
    stream.begin();
    expect(stream.blocks).toHaveLength(3);
    expect(stream.blocks.map(({ cuts }) => cuts)).toEqual([3, 3, 3]);
    const given = [0, 1, 2].map(() => stream.next(1));
    expect(new Set(given.map(({ block }) => block)).size).toBe(1);
    const names = given.map(({ start, length }) => `${start}+${length}`);
    expect(new Set(names).size).toBe(3);
    for (const name of names) expect(windows).toContain(name);
  }
});
