import fc from "fast-check";
import { expect, it } from "vitest";
import { seededIntegers } from "../../evidence/index.ts";
import { strataCounts } from "./strata-counts.ts";
import { evenCuts } from "./stream-blocks.ts";

const below = seededIntegers("ab".repeat(32));
const rows = 3000;
const columns = [5, 3].map((size) => Uint8Array.from({ length: rows }, () => below(size)));
const of = Uint16Array.from({ length: rows }, () => below(2));

it("counts of stretches by stratum equal counting row by row, round the end too", () => {
  const cuts = evenCuts(rows);
  expect(cuts.length).toBeLessThanOrEqual(1025);
  const counts = strataCounts(columns, [0, 5, 8], { of, strata: 2, cuts });
  const steps = cuts.length - 1;
  fc.assert(
    fc.property(fc.nat(steps - 1), fc.integer({ min: 1, max: steps }), (first, many) => {
      const end = first + many;
      const stop = end > steps ? rows + cuts[end - steps]! : cuts[end]!;
      const expected = new Array<number>(16).fill(0);
      for (let row = cuts[first]!; row < stop; row++) {
        expected[of[row % rows]! * 8 + columns[0]![row % rows]!]!++;
        expected[of[row % rows]! * 8 + 5 + columns[1]![row % rows]!]!++;
      }
      const counted = new Float64Array(16);
      counts.add(counted, first, many);
      expect([...counted]).toEqual(expected);
    }),
  );
});
