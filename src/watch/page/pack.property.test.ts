import fc from "fast-check";
import { expect, it } from "vitest";
import { counts, shares } from "../../../web/report/unpack.ts";
import { packCounts, packShares } from "./pack.ts";

it("counts come back as they went, also beyond 32 bits", () => {
  fc.assert(
    fc.property(fc.array(fc.maxSafeNat()), (list) => {
      expect([...counts(packCounts(list))]).toEqual(list);
    }),
  );
});

it("shares come back to four digits, and what cannot be told as not-a-number", () => {
  const share = fc.option(fc.double({ min: 0, max: 1, noNaN: true }), { nil: undefined });
  fc.assert(
    fc.property(fc.array(share), (list) => {
      const back = shares(packShares(list));
      expect(back.length).toBe(list.length);
      for (const [at, one] of list.entries())
        if (one === undefined) expect(back[at]).toBeNaN();
        else expect(Math.abs(back[at]! - one)).toBeLessThanOrEqual(0.00005 + 1e-12);
    }),
  );
});
