import { describe, expect, it } from "vitest";
import { columnSeries } from "../column-series.ts";
import { madeFacts, usualRows } from "../test-facts.ts";
import { swappedColumns } from "./swapped-columns.ts";

const onset = 20;

/** Wind lies in 0 to 39, age in 20 to 69. */
function found(change: (wind: number, age: number) => object, until = 34) {
  const facts = madeFacts(34, (window) => ({
    rows: usualRows(window).map((row) => ({
      ...row,
      ...(window >= onset && window < until && change(row.wind!, row.age!)),
    })),
  }));
  return swappedColumns(facts.series).map(({ fault, windows }) => [
    ...fault.clauses,
    windows[0],
    windows.at(-1),
  ]);
}

describe("two columns", () => {
  it("that each have the other's values were swapped, until they are set right", () => {
    const swap = (wind: number, age: number) => ({ wind: age, age: wind });
    expect(found(swap)).toEqual([["features.wind", "features.age", onset, 33]]);
    expect(found(swap, 28)).toEqual([["features.wind", "features.age", onset, 27]]);
  });

  it("of which one has the other's values, or that both move elsewhere, were not", () => {
    expect(found((wind) => ({ age: wind }))).toEqual([]);
    expect(found((wind, age) => ({ wind: wind / 3, age: age + 40 }))).toEqual([]);
  });

  it("are numbers: a category has no place to be swapped with", () => {
    const { contract, profile, counts } = madeFacts(3, () => ({}));
    const texts = columnSeries(contract, profile, { windows: counts }).filter(
      ({ cells }) => cells.kind !== "numeric",
    );
    expect([texts.length, swappedColumns(texts)]).toEqual([1, []]);
  });
});
