import { expect, it } from "vitest";
import { seededIntegers } from "../../evidence/index.ts";
import { sha256 } from "../../kernel/index.ts";
import type { ColumnCells } from "../../profile/index.ts";
import { absentDispersion } from "./absent-dispersion.ts";
import { rowCounts } from "./row-counts.ts";
import type { ReferenceWindows } from "./window-layouts.ts";

const letters = (name: string): ColumnCells => ({ kind: "categorical", name, type: "string", values: ["a"] });
const [good, missing] = [0, 2];
const rows = 10_000;

function dispersionOf(...columns: ((row: number) => boolean)[]): number {
  return dispersionIn({ sizes: [100] }, ...columns);
}

function dispersionIn(windows: ReferenceWindows, ...columns: ((row: number) => boolean)[]): number {
  const found = columns.map((lacks) =>
    Uint8Array.from({ length: rows }, (_, row) => (lacks(row) ? missing : good)),
  );
  const cells = columns.map((_, at) => letters(`c${at}`));
  return absentDispersion(
    cells,
    rowCounts(
      found,
      cells.map(() => 3),
    ),
    windows,
  );
}

it("is 1 of independent rows, and as large as a cluster where values lack together", () => {
  const below = seededIntegers(sha256("rows"));
  const chance = Array.from({ length: rows }, () => below(10) === 0);
  const independent = (row: number) => chance[row]!;
  // One stretch of 40 in every tenth window.
  const clustered = (row: number) => row % 1000 < 40;
  expect(dispersionOf(independent)).toBeGreaterThanOrEqual(1);
  expect(dispersionOf(independent)).toBeLessThan(1.3);
  expect(dispersionOf(clustered)).toBeCloseTo(((36 * 100) / 99) * (1 / 0.96), 8);
  expect(dispersionOf(clustered, independent, clustered)).toBe(dispersionOf(clustered));
});

it("is 1 where no column ever lacked a value, or every row does", () => {
  expect(dispersionOf(() => false)).toBe(1);
  expect(dispersionOf(() => true)).toBe(1);
});

it("takes windows as they are, also where they differ in rows", () => {
  const edges = Array.from({ length: 101 }, (_, at) => at * 100);
  const clustered = (row: number) => row % 1000 < 40;
  expect(dispersionIn({ edges }, clustered)).toBeCloseTo(dispersionOf(clustered), 8);
  // Long and short windows that lack the same share lack it as independent rows do, and less.
  const uneven = [0, ...edges.filter((_, at) => at % 5 !== 1).slice(1)];
  expect(dispersionIn({ edges: uneven }, (row) => row % 10 === 0)).toBe(1);
});
