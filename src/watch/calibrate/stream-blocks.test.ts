import { expect, it } from "vitest";
import { seededIntegers } from "../../evidence/index.ts";
import { streamBlocks } from "./stream-blocks.ts";

const below = seededIntegers("cd".repeat(32));

it.each([
  [1000, 100, 1],
  [1003, 100, 7],
  [50, 80, 1],
  [10_000, 30, 10],
])(
  "of %i rows in blocks of %i, cut at %i, cover each row once and make a reference of as many blocks",
  (rows, blockRows, step) => {
    const stream = streamBlocks({ rows, blockRows, step, below });
    for (let time = 0; time < 20; time++) {
      stream.begin();
      const seen = new Uint8Array(rows);
      for (const { start, length } of stream.blocks)
        for (let row = start; row < start + length; row++) seen[row % rows]!++;
      expect(seen.every((count) => count === 1)).toBe(true);
      for (const { start } of stream.blocks) expect(start % step).toBe(0);
      const drawn = stream.blocks.map(({ times }) => times);
      expect(drawn.reduce((sum, times) => sum + times, 0)).toBe(stream.blocks.length);
      if (drawn.length > 1) expect(Math.max(...drawn)).toBeLessThan(drawn.length);
    }
  },
);

it("gives stretches within one block, a whole block before the next", () => {
  const stream = streamBlocks({ rows: 1000, blockRows: 100, step: 1, below });
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
