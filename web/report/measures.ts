import { figureText, shareText } from "../../src/watch/page/words.ts";
import type { Column, Page } from "./unpack.ts";

/** What the colours of the map can show. */
export type Measure = "distance" | "missing" | "other" | "outside";

/** Upper ends of the classes of shares; the last class is open. The lowest class holds nothing at all. */
const shareEnds = [0, 0.001, 0.01, 0.05, 0.2];
/** Upper ends of the classes of distances beyond what is usual. */
const distanceEnds = [0.05, 0.1, 0.2, 0.4];

/** Class of a value that cannot be told, or is not there. */
export const untold = -1;

/** Value of a cell: a distance, or a share of the window's rows. NaN where it cannot be told or is not measured. */
export function cellValue(measure: Measure, column: Column, window: number, page: Page): number {
  if (measure === "distance") return column.distance[window]!;
  const rows = page.windows.rows[window]!;
  return rows === 0 ? Number.NaN : (column[measure]?.[window] ?? Number.NaN) / rows;
}

/** What a distance stays below in 95 of 100 windows where nothing drifts and rows are independent. */
export function usualOf(column: Column, window: number, page: Page): number {
  const referenceRows = column.worth?.[window] ?? column.referenceRows;
  return column.usual * Math.sqrt(1 / referenceRows + 1 / page.windows.rows[window]!);
}

/** Class of a cell's colour, from 0 (as usual, or none) to 5. */
export function classOf(measure: Measure, column: Column, window: number, page: Page): number {
  const value = cellValue(measure, column, window, page);
  if (Number.isNaN(value)) return untold;
  if (measure !== "distance") return classIn(shareEnds, value);
  return value <= usualOf(column, window, page) ? 0 : 1 + classIn(distanceEnds, value);
}

function classIn(ends: readonly number[], value: number): number {
  const at = ends.findIndex((end) => value <= end);
  return at < 0 ? ends.length : at;
}

/** What each class means, in order. */
export function classTexts(measure: Measure): string[] {
  if (measure === "distance") return ["as usual", ...openEnds(distanceEnds, figure)];
  return ["none", ...openEnds(shareEnds.slice(1), shareText)];
}

const figure = (value: number) => String(value);

function openEnds(ends: readonly number[], show: (end: number) => string): string[] {
  return [...ends.map((end) => `≤ ${show(end)}`), `> ${show(ends.at(-1)!)}`];
}

const verdicts: Readonly<Record<string, string>> = { p: "no drift", d: "drift", i: "too few rows" };

/** A cell in words, as the line above the map and the live region say it. */
export function cellText(column: Column, window: number, page: Page): string {
  const distance = column.distance[window]!;
  const verdict = column.verdicts ? `, ${verdicts[column.verdicts[window]!]}` : "";
  if (Number.isNaN(distance)) return `too few rows to tell (${page.windows.rows[window]} rows)`;
  const missing = cellValue("missing", column, window, page);
  return `distance ${figureText(distance)} (usual below ${figureText(usualOf(column, window, page))})${verdict}, missing ${shareText(missing)}`;
}
