import fc from "fast-check";
import { expect, it } from "vitest";
import { type Count, countOf, countSums } from "./count.ts";

const whole = fc.oneof(
  fc.maxSafeInteger().map(BigInt),
  fc.bigInt({ min: -(2n ** 70n), max: 2n ** 70n }),
  fc.constantFrom(0n, 2n ** 53n - 1n, -(2n ** 53n)),
);

it("sums are what whole numbers of any size add up to, in their one form", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(whole, whole), { minLength: 1, maxLength: 12 }), (lists) => {
      const [first, ...rest] = lists.map((list) => list.map((value): Count => countOf(value)));
      const sums = countSums(first!);
      for (const list of rest) sums.add(list);
      const expected = [0, 1].map((at) => countOf(lists.reduce((sum, list) => sum + list[at]!, 0n)));
      expect(sums.counts()).toEqual(expected);
    }),
  );
});

it("lists of different lengths cannot be added", () => {
  expect(() => countSums([1, 2]).add([1])).toThrow("different cells");
});
