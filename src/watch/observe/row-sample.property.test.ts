import fc from "fast-check";
import { expect, it } from "vitest";
import { rowSampler } from "./row-sample.ts";

const share = fc.double({ min: 0.001, max: 1, noNaN: true });
const sampler = (of: number, life = "a.b") => rowSampler({ share: of, features: [] }, life);

it("chooses the same names on every replica, and for a smaller share a part of them", () => {
  fc.assert(
    fc.property(share, share, fc.array(fc.string(), { maxLength: 50 }), (p, q, names) => {
      const [few, many, elsewhere] = [
        sampler(Math.min(p, q)),
        sampler(Math.max(p, q)),
        sampler(Math.min(p, q), "c.d"),
      ];
      for (const name of names) {
        const chosen = few(name);
        expect(elsewhere(name)).toBe(chosen);
        if (chosen) expect(many(name)).toBe(true);
      }
    }),
  );
});

it("chooses rows without a name by their number, for a smaller share a part of them", () => {
  fc.assert(
    fc.property(share, share, fc.nat({ max: 200 }), (p, q, rows) => {
      const pick = (of: number) => {
        const chosen = sampler(of);
        return Array.from({ length: rows }, (_, row) => row).filter(() => chosen(null));
      };
      const [few, many] = [pick(Math.min(p, q)), new Set(pick(Math.max(p, q)))];
      expect(few.filter((row) => !many.has(row))).toEqual([]);
      expect(pick(Math.min(p, q))).toEqual(few);
    }),
  );
});

it.each([0.01, 0.1, 0.5, 1])("keeps the share %d of names in a row, and of rows without", (of) => {
  const chosen = sampler(of);
  const rows = Array.from({ length: 20_000 }, (_, row) => row);
  const spread = 4 * Math.sqrt(rows.length * of * (1 - of));
  for (const kept of [rows.filter((row) => chosen(`flight-${row}`)), rows.filter(() => chosen(null))])
    expect(Math.abs(kept.length - of * rows.length)).toBeLessThanOrEqual(spread);
});

it("is what SHA-256 says", () => {
  // sha256("a") begins with ca978112, sha256("b") with 3e23e816.
  const [a, b] = [0xca978112 / 2 ** 32, 0x3e23e816 / 2 ** 32];
  expect([sampler(a)("a"), sampler(a + 1e-9)("a"), sampler(a)("b"), sampler(b)("b")]).toEqual([
    false,
    true,
    true,
    false,
  ]);
});
