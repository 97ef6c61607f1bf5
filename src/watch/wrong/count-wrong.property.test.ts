import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { placeOf, sliceLayout } from "../slices/slice-layout.ts";
import { countWrong } from "./count-wrong.ts";
import { anyRow, isWrong, labelledWindow, type MadeRow, madeSlices } from "./test-wrong-rows.ts";
import { addTallies, tallyAt, type WrongTally } from "./wrong-window.ts";

const layout = sliceLayout(madeSlices);
const probability = (score: number) => 0.8 * score;

function tallied(rows: readonly MadeRow[]): WrongTally {
  const chance = ({ score }: MadeRow) => (score >= 0.5 ? 1 - probability(score) : probability(score));
  return {
    rows: rows.length,
    wrong: rows.filter(isWrong).length,
    expected: expect.closeTo(
      rows.reduce((sum, row) => sum + chance(row), 0),
      9,
    ) as number,
  };
}

const counted = (rows: readonly MadeRow[]) => countWrong(labelledWindow(0, rows), { layout, probability })!;

describe("wrong predictions of a window", () => {
  it("are counted as the rows say: what was contradicted, the rest, and the rest by slice", () => {
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 60 }), (rows) => {
        const window = counted(rows);
        const rest = rows.filter(({ contradicted }) => !contradicted);
        expect(window.contradicted).toEqual(tallied(rows.filter(({ contradicted }) => contradicted)));
        expect(window.rest).toEqual(tallied(rest));
        const inJfk = (row: MadeRow) => row.cells[0] === 1;
        const inWind = (row: MadeRow) => row.cells[1] === 1;
        const at = (slice: string) => tallyAt(window, placeOf(layout, slice)!);
        expect(at('origin = "JFK"')).toEqual(tallied(rest.filter(inJfk)));
        expect(at('origin = "JFK" and wind is overflow')).toEqual(
          tallied(rest.filter((row) => inJfk(row) && inWind(row))),
        );
        expect(addTallies(window.rest, at('origin = "JFK"'), -1)).toEqual(
          tallied(rest.filter((row) => !inJfk(row))),
        );
      }),
    );
  });

  it("are plain data", () => {
    fc.assert(
      fc.property(fc.array(anyRow, { maxLength: 20 }), (rows) => {
        const window = counted(rows);
        expect(JSON.parse(JSON.stringify(window))).toEqual(window);
      }),
    );
  });

  it("show a few of those that are wrong, the same whatever their order", () => {
    fc.assert(
      fc.property(fc.uniqueArray(anyRow, { maxLength: 60, selector: ({ name }) => name }), (rows) => {
        const { samples } = counted(rows);
        const wrong = new Map(rows.filter(isWrong).map((row) => [row.name, row]));
        expect(samples.length).toBe(
          [true, false].reduce(
            (sum, kind) =>
              sum + Math.min(4, [...wrong.values()].filter((row) => row.contradicted === kind).length),
            0,
          ),
        );
        for (const { name, score, decision, label, contradicted } of samples)
          expect({ score, label, contradicted, decision }).toEqual({
            score: wrong.get(name)!.score,
            label: wrong.get(name)!.label,
            contradicted: wrong.get(name)!.contradicted,
            decision: 1 - wrong.get(name)!.label,
          });
        expect(counted(rows.toReversed()).samples).toEqual(samples);
      }),
    );
  });

  it("are none where there is no threshold, and expected by nobody without a calibration", () => {
    const { decisions: _, ...window } = labelledWindow(0, []);
    expect(countWrong(window, { layout })).toBeUndefined();
    const row = { name: "a", score: 0.9, label: 0, contradicted: false, cells: [0, 0] } as const;
    expect(countWrong(labelledWindow(0, [row]), { layout })!.rest).toEqual({
      rows: 1,
      wrong: 1,
      expected: 0,
    });
  });
});
