import { type Interval, z95 } from "./normal.ts";

/** 95 % interval of a share: the score interval (Wilson 1927), which keeps its coverage for few rows and shares near 0 and 1. */
export function wilsonInterval(hits: number, rows: number): Interval | undefined {
  if (rows === 0) return undefined;
  const square = z95 * z95;
  const share = hits / rows;
  const middle = (share + square / (2 * rows)) / (1 + square / rows);
  const half =
    (z95 * Math.sqrt((share * (1 - share)) / rows + square / (4 * rows * rows))) / (1 + square / rows);
  return [Math.max(0, middle - half), Math.min(1, middle + half)];
}
