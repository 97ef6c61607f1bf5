import fc from "fast-check";
import { expect, it } from "vitest";
import type { ColumnCells } from "../../profile/index.ts";
import { pooledWindows } from "./pooled-windows.ts";
import { cellsApart } from "./shares.ts";

const kinds: readonly ColumnCells[] = [
  { kind: "numeric", name: "x", type: "float64", starts: [0, 1], unit: 1 },
  { kind: "categorical", name: "x", type: "string", values: ["a", "b", "c"] },
];
const cells = 5;
const zeros = { counts: new Float64Array(cells), sums: new Float64Array(cells) };
const list = fc.array(fc.nat({ max: 1000 }), { minLength: cells, maxLength: cells });

it("windows added up, and how far two sets of them are apart, are what adding one by one gives", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...kinds),
      fc.array(fc.record({ counts: list, sums: list }), { minLength: 1, maxLength: 12 }),
      fc.array(fc.nat({ max: 11 }), { maxLength: 12 }),
      fc.array(fc.nat({ max: 11 }), { maxLength: 12 }),
      (column, windows, some, others) => {
        const pooled = pooledWindows(column, windows, zeros);
        const chosen = [some, others].map((places) =>
          [...new Set(places)].filter((at) => at < windows.length).sort((a, b) => a - b),
        ) as [number[], number[]];
        const added = (places: readonly number[], kind: "counts" | "sums") =>
          Float64Array.from({ length: cells }, (_, cell) =>
            places.reduce((sum, at) => sum + windows[at]![kind][cell]!, 0),
          );
        const both = chosen.map((places) => ({
          counts: added(places, "counts"),
          sums: added(places, "sums"),
        })) as [typeof zeros, typeof zeros];
        expect(chosen.map(pooled.counts)).toEqual(both);
        expect(pooled.apart(...chosen)).toBe(cellsApart(column, ...both));
        const [from, at, to] = [...some, 0, windows.length, windows.length]
          .map((place) => Math.min(place, windows.length))
          .slice(0, 3)
          .sort((a, b) => a - b) as [number, number, number];
        const range = (begin: number, end: number) =>
          Array.from({ length: end - begin }, (_, index) => begin + index);
        expect(pooled.apartAt(from, at, to)).toBe(pooled.apart(range(from, at), range(at, to)));
      },
    ),
  );
});
