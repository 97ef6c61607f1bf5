import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type ColumnCells, countTable, emptyCounters } from "../../profile/index.ts";
import { observedTables, type WatchedRow, watchedProfile } from "../observe/test-observations.ts";
import { referenceRows } from "./reference-rows.ts";
import { fileOrder, timeOrder } from "./time-order.ts";

const profile = await watchedProfile();
const row: fc.Arbitrary<WatchedRow> = fc.record({
  wind: fc.option(fc.double({ min: -50, max: 90 }), { nil: undefined }),
  origin: fc.constantFrom("EWR", "LGA", "XXX", undefined),
  age: fc.integer({ min: 0, max: 90 }),
  score: fc.double({ min: 0, max: 1, noNaN: true }),
});

describe("rows as cells", () => {
  it("lie in the cells that a tally counts them in", () => {
    fc.assert(
      fc.property(fc.array(fc.array(row, { minLength: 1, maxLength: 9 }), { maxLength: 5 }), (batches) => {
        const rows = batches.flat();
        const collected = referenceRows(profile.features.cells, fileOrder(rows.length, 1000));
        for (const batch of batches) collected.add(...observedTables(batch));
        const found = collected.cells(rows.length > 0 ? profile.outputs?.cells : undefined);
        const [features, answers] = observedTables(rows);
        const counted = [
          ...countTable(profile.features.cells, emptyCounters(profile.features.cells), features).columns,
          ...countTable(profile.outputs!.cells, emptyCounters(profile.outputs!.cells), answers).columns,
        ];
        found.forEach((cells, at) => {
          const counts = counted[at]!.counts.map(() => 0);
          for (const cell of cells) counts[cell]!++;
          expect(counts).toEqual(counted[at]!.counts);
        });
      }),
      { numRuns: 50 },
    );
  });

  it("stand in the order of time, the newest of them, whatever the order of the file", () => {
    const times = [5, 1, Number.NaN, 3, 3, 9];
    const rows = times.map((_, at): WatchedRow => ({ age: 10 * at, score: at / 10 }));
    const order = timeOrder(Float64Array.from(times), 4);
    expect([order.rows, [...order.place], [...order.times!]]).toEqual([
      4,
      [2, -1, -1, 0, 1, 3],
      [3, 3, 5, 9],
    ]);
    const collected = referenceRows(profile.features.cells, order);
    collected.add(...observedTables(rows.slice(0, 2)));
    collected.add(...observedTables(rows.slice(2)));
    const [features, answers] = observedTables([3, 4, 0, 5].map((at) => rows[at]!));
    const inOrder = referenceRows(profile.features.cells, fileOrder(4, 4));
    inOrder.add(features, answers);
    expect(collected.cells(profile.outputs!.cells)).toEqual(inOrder.cells(profile.outputs!.cells));
  });

  it("take two bytes where a column has many cells, and count a column that is not there as missing", () => {
    const values = Array.from({ length: 300 }, (_, at) => `v${at}`);
    const many: ColumnCells = { kind: "categorical", name: "origin", type: "string", values };
    const none: ColumnCells = { kind: "categorical", name: "none", type: "string", values: ["a"] };
    const collected = referenceRows({ columns: [many, none] }, fileOrder(1, 1));
    collected.add(...observedTables([{ origin: "v299", score: 0 }]));
    expect(collected.cells()).toEqual([Uint16Array.of(299), Uint8Array.of(2)]);
  });
});
