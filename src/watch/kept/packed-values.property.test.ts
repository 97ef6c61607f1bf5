import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { packedOf, packedText, packer, unpacker } from "./packed-values.ts";

const key = fc.constantFrom("a", "b", "clause", "x y", "0");
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    fc.double(),
    fc.integer(),
    fc.string(),
    fc.boolean(),
    fc.constant(null),
    fc.array(tie("value"), { maxLength: 4 }),
    fc.dictionary(key, tie("value"), { noNullPrototype: true }),
  ),
}));
const values = fc.array(fc.dictionary(key, value, { noNullPrototype: true }), { maxLength: 5 });

describe("packed values", () => {
  it("come out as they went in, not-a-number and minus zero too, by one packer and by one that goes on", () => {
    fc.assert(
      fc.property(values, values, (first, second) => {
        const before = packer();
        const texts = [packedText(before.pack(first))];
        const after = packer(before.shapes);
        texts.push(packedText(after.pack(second)));
        const read = unpacker(after.shapes);
        for (const [at, wanted] of [first, second].entries()) {
          const packed = packedOf(texts[at]!)!;
          expect(read.fits(packed)).toBe(true);
          const made = read.unpack(packed);
          expect(made).toStrictEqual(wanted);
          expect(JSON.stringify(made)).toBe(JSON.stringify(wanted));
        }
      }),
    );
  });

  it("leave out keys without a value, and tell a form once", () => {
    const made = packer();
    const packed = made.pack([{ a: 1, b: undefined }, { a: 2 }, { a: [3, "x"] }]);
    expect(made.shapes).toEqual(['{"a":0}', '{"a":[0,"x"]}']);
    expect([...packed]).toEqual([3, 0, 0, 1, 1, 2, 3]);
    expect(unpacker(made.shapes).samples()).toEqual([{ a: 0 }, { a: [0, "x"] }]);
  });

  it("that are cut, longer, or of another shape do not fit", () => {
    const made = packer();
    const packed = made.pack([{ a: 1 }, { a: [2, 3] }]);
    const { fits } = unpacker(made.shapes);
    expect(fits(packed)).toBe(true);
    for (const spoilt of [
      packed.subarray(0, -1),
      Float64Array.from([...packed, 0]),
      packed.map((number, at) => (at === 1 ? 7 : number)),
      packed.map((number, at) => (at === 0 ? 1 : number)),
      packed.map((number, at) => (at === 0 ? 1e9 : number)),
      packed.map((number, at) => (at === 0 ? Number.NaN : number)),
      new Float64Array(),
    ])
      expect(fits(spoilt)).toBe(false);
    expect(packedOf("abc")).toBeUndefined();
  });
});
