import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonicalJson } from "../kernel/index.ts";
import { type TestRow, tableOf, testColumns, testRows } from "./generated-tables.ts";
import {
  addCounts,
  type Counters,
  cellCount,
  cellOf,
  countOf,
  countSource,
  countTable,
  createTally,
  emptyCounters,
  mergeCounters,
  profileTable,
  tableSource,
} from "./index.ts";

const options = { quantiles: 4, categories: 3 };

async function profileOf(rows: readonly TestRow[]) {
  return profileTable(await tableSource([tableOf(rows)], testColumns), testColumns, options);
}

/** Cuts a list into parts, shuffles them and adds them up two by two in a random grouping. */
const parted = fc
  .tuple(testRows(), testRows(), fc.array(fc.nat(), { minLength: 24, maxLength: 24 }))
  .filter(([, rows]) => rows.length > 0);

describe("counters", () => {
  it("add up to the same bytes in any order and grouping", async () => {
    await fc.assert(
      fc.asyncProperty(parted, async ([reference, rows, chance]) => {
        const { cells } = await profileOf(reference);
        const whole = countTable(cells, emptyCounters(cells), tableOf(rows));
        let pile: Counters[] = rows.map((row) => countTable(cells, emptyCounters(cells), tableOf([row])));
        for (let step = 0; pile.length > 1; step++) {
          const [i, j] = [chance[step % 24]! % pile.length, chance[(step * 7 + 1) % 24]! % pile.length];
          if (i === j) pile = [...pile.slice(1), pile[0]!];
          const [a, b] = i === j ? [0, 1] : [i, j];
          const merged = mergeCounters(pile[a]!, pile[b]!);
          pile = [...pile.filter((_, index) => index !== a && index !== b), merged];
        }
        expect(canonicalJson(pile[0])).toBe(canonicalJson(whole));
      }),
      { numRuns: 60 },
    );
  });

  it("keep every digit far beyond 2⁵³", () => {
    const big = fc.bigInt({ min: -(2n ** 80n), max: 2n ** 80n });
    fc.assert(
      fc.property(big, big, (a, b) => {
        expect(addCounts(countOf(a), countOf(b))).toBe(countOf(a + b));
        expect(BigInt(countOf(a))).toBe(a);
      }),
    );
  });

  it("of different cells are not added", async () => {
    const [a, b] = [await profileOf([]), await profileOf([row({ f64: 1 })])];
    expect(() => mergeCounters(a.counters, b.counters)).toThrow("different profiles");
  });

  it("have the zero that changes nothing", async () => {
    const { cells, counters } = await profileOf([row({ f64: 1 }), row({ text: "a" })]);
    expect(mergeCounters(counters, emptyCounters(cells))).toEqual(counters);
  });
});

describe("a profile", () => {
  it("counts on its own cells what a tally counts, and each row once in each column", async () => {
    await fc.assert(
      fc.asyncProperty(testRows(), async (rows) => {
        const { cells, counters } = await profileOf(rows);
        const tally = createTally(cells);
        for (const row of rows) tally.add(tableOf([row]));
        expect(tally.counters()).toEqual(counters);
        for (const { counts } of counters.columns) expect(counts.reduce(addCounts, 0)).toBe(rows.length);
        expect(await countSource(cells, await tableSource([tableOf(rows)], testColumns))).toEqual(counters);
      }),
    );
  });

  it("does not depend on the order of rows or on how they come in tables", async () => {
    const shuffled = testRows().chain((rows) =>
      fc.tuple(fc.constant(rows), fc.shuffledSubarray(rows, { minLength: rows.length })),
    );
    await fc.assert(
      fc.asyncProperty(shuffled, fc.nat(60), async ([rows, other], cut) => {
        const source = await tableSource(
          [tableOf(other.slice(0, cut)), tableOf(other.slice(cut))],
          testColumns,
        );
        expect(canonicalJson(await profileTable(source, testColumns, options))).toBe(
          canonicalJson(await profileOf(rows)),
        );
      }),
    );
  });

  it("cuts numbers as the definition says: ranks ⌊kN/B⌋, atoms, nothing outside", async () => {
    await fc.assert(
      fc.asyncProperty(testRows(), fc.integer({ min: 1, max: 30 }), async (rows, quantiles) => {
        const column = testColumns[0]!;
        const source = await tableSource([tableOf(rows)], testColumns);
        const profile = await profileTable(source, [column], { quantiles });
        const cells = profile.cells.columns[0]!;
        if (cells.kind !== "numeric") throw new Error("numeric");
        const sorted = rows
          .flatMap(({ f64 }) => (f64 === null || !(Math.abs(f64) < Number.MAX_VALUE) ? [] : [f64 + 0]))
          .sort((a, b) => a - b);
        const { starts } = cells;
        expect(starts.every((start, index) => index === 0 || start > starts[index - 1]!)).toBe(true);
        expect(starts.length === 0).toBe(sorted.length === 0);
        const counts = profile.counters.columns[0]!.counts;
        expect(cellCount(cells)).toBe(counts.length);
        for (let k = 0; k < quantiles && sorted.length > 0; k++) {
          // No cell reaches over a quantile: the value below the rank's value is in an earlier cell, unless an atom's end starts it.
          const at = Math.floor((k * sorted.length) / quantiles);
          const value = sorted[at]!;
          const below = sorted.findLast((one) => one < value);
          if (below !== undefined) expect(cellOf(cells, below)).toBeLessThan(cellOf(cells, value));
        }
        for (const value of new Set(sorted)) {
          const times = sorted.filter((one) => one === value).length;
          if (times * quantiles > sorted.length) expect(counts[cellOf(cells, value)]).toBe(times);
        }
        if (sorted.length > 0) {
          expect(cellOf(cells, Number.NEGATIVE_INFINITY)).toBe(0);
          expect(cellOf(cells, sorted[0]!)).toBe(1);
          expect(cellOf(cells, sorted.at(-1)!)).toBe(starts.length - 1);
          expect(cellOf(cells, Number.POSITIVE_INFINITY)).toBe(starts.length);
        }
        expect(cellOf(cells, null)).toBe(counts.length - 2);
        expect(cellOf(cells, Number.NaN)).toBe(counts.length - 2);
      }),
    );
  });
});

function row(part: Partial<TestRow>): TestRow {
  return {
    f64: null,
    f32: null,
    i64: null,
    i32: null,
    code: null,
    text: null,
    listed: null,
    flag: null,
    ...part,
  };
}
