import fc from "fast-check";
import { expect, it } from "vitest";
import { seededIntegers } from "../../evidence/index.ts";
import { strataCounts } from "./strata-counts.ts";

const below = seededIntegers("ab".repeat(32));
const rows = 3000;
const columns = [5, 3].map((size) => Uint8Array.from({ length: rows }, () => below(size)));
const of = Uint16Array.from({ length: rows }, () => below(2));

it("counts of stretches by stratum equal counting row by row, round the end too", () => {
  const counts = strataCounts(columns, [0, 5, 8], { of, strata: 2 });
  expect(counts.step).toBeGreaterThan(1);
  const points = Math.ceil(rows / counts.step);
  fc.assert(
    fc.property(fc.nat(points - 1), fc.integer({ min: 1, max: points }), (first, steps) => {
      const start = first * counts.step;
      // Stretches end at a step too, and the last step of the rows is shorter.
      const beyond = first + steps - points;
      const length = beyond < 0 ? steps * counts.step : rows - start + beyond * counts.step;
      const expected = new Array<number>(16).fill(0);
      for (let row = start; row < start + length; row++) {
        expected[of[row % rows]! * 8 + columns[0]![row % rows]!]!++;
        expected[of[row % rows]! * 8 + 5 + columns[1]![row % rows]!]!++;
      }
      const counted = new Float64Array(16);
      counts.add(counted, start, length);
      expect([...counted]).toEqual(expected);
    }),
  );
});
