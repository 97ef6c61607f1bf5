import { describe, expect, it } from "vitest";
import type { Feature } from "../../contract/index.ts";
import { cleanTable, cleanValues } from "./clean-hand-off.ts";
import type { Separation } from "./data-probe.ts";
import { tellsApart } from "./leakage.ts";

const number = { name: "x", type: "float32", shape: [] } as unknown as Feature;
const text = { ...number, type: "string" } as Feature;
const table = cleanTable("", "");

/** Separation of a list of (value, label) as the adapter must count it. */
function separationOf(rows: readonly (readonly [number | null, boolean])[]): Separation {
  const present = rows.filter((row): row is readonly [number, boolean] => row[0] !== null);
  const missing = rows.filter(([value]) => value === null);
  const count = (some: readonly (readonly [unknown, boolean])[], label: boolean) =>
    some.filter((row) => row[1] === label).length;
  let pairs = 0;
  for (const [high] of present.filter((row) => row[1]))
    for (const [low] of present.filter((row) => !row[1])) pairs += high > low ? 1 : high === low ? 0.5 : 0;
  const values = new Set(present.map(([value]) => value));
  const pure = present.filter(([value, label]) =>
    present.every((other) => other[0] !== value || other[1] === label),
  );
  return {
    pairs,
    present: { positive: count(present, true), negative: count(present, false) },
    missing: { positive: count(missing, true), negative: count(missing, false) },
    distinct: values.size,
    pureRows: pure.length,
  };
}

const judge = (feature: Feature, rows: readonly (readonly [number | null, boolean])[]) =>
  tellsApart(feature, { ...cleanValues, separation: separationOf(rows) }, { ...table, rows: rows.length });
const many = (count: number, row: readonly [number | null, boolean]) =>
  Array.from({ length: count }, () => row);

describe("one feature alone", () => {
  it("is the label where each value has one label and repeats often", () => {
    expect(judge(number, [...many(40, [1, true]), ...many(60, [0, false])]).certain).toBe(true);
    expect(judge(text, [...many(40, [3, true]), ...many(60, [9, false])]).certain).toBe(true);
  });

  it("is not the label where each row has a value of its own", () => {
    const rows = Array.from({ length: 100 }, (_, i) => [i, i % 2 === 0] as const);
    expect(judge(text, rows)).toMatchObject({ certain: false, auc: 0.5 });
  });

  it("is found where larger, or smaller, values mean true", () => {
    const rows = Array.from({ length: 100 }, (_, i) => [i, i >= 70] as const);
    expect(judge(number, rows)).toMatchObject({ certain: false, auc: 1, byMissing: false });
    expect(
      judge(
        number,
        rows.map(([x, label]) => [-x, label] as const),
      ).auc,
    ).toBe(1);
  });

  it("is found where its being missing is the answer", () => {
    const rows = [...many(30, [null, true]), ...Array.from({ length: 70 }, (_, i) => [i, false] as const)];
    const told = judge(number, rows);
    expect(told.auc).toBe(1);
    expect(told.byMissing).toBe(true);
  });

  it("is not suspected where it only helps", () => {
    const rows = Array.from({ length: 200 }, (_, i) => [i % 10, i % 3 === 0 || i % 10 > 7] as const);
    const told = judge(number, rows);
    expect(told.certain).toBe(false);
    expect(told.auc).toBeLessThan(0.9);
    expect(told.auc).toBeGreaterThan(0.5);
  });
});
