import fc from "fast-check";
import { expect, it } from "vitest";
import { ascendingRows } from "./ascending-rows.ts";

const score = fc.oneof(
  fc.double({ noNaN: true }),
  fc.float({ min: 0, max: 1, noNaN: true }),
  fc.constantFrom(0, -0, 0.5, 1, -1, Number.MIN_VALUE, -Number.MIN_VALUE, Infinity, -Infinity),
);

it("rows ascend by score, and equal ones by row, however many there are", () => {
  fc.assert(
    fc.property(fc.array(score, { minLength: 1, maxLength: 60 }), fc.boolean(), (few, many) => {
      const scores = Float64Array.from(
        { length: many ? 3000 : few.length },
        (_, row) => few[(row * row) % few.length]!,
      );
      const rows = Array.from(scores, (_, row) => row).sort((a, b) => {
        const [x, y] = [scores[a]!, scores[b]!];
        return x < y ? -1 : x > y ? 1 : a - b;
      });
      expect([...ascendingRows(scores)]).toEqual(rows);
    }),
  );
});
