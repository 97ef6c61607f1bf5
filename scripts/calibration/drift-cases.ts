import type { Drift } from "./streams.ts";

/** One kind of drift of a standard Gaussian. */
export interface DriftCase {
  readonly name: string;
  readonly draw: Drift;
  /** Mean windows until it is told: the better of EWMA-KS and EWMA-chi² in the table that the detectors were chosen by. */
  readonly table: number;
}

export const driftCases: readonly DriftCase[] = [
  { name: "shift 0.1σ", draw: (value) => value + 0.1, table: 7.3 },
  { name: "shift 0.25σ", draw: (value) => value + 0.25, table: 2.5 },
  { name: "scale × 1.2", draw: (value) => value * 1.2, table: 3.7 },
  { name: "5 % moved by 1.65σ", draw: (value, u) => (u < 0.05 ? value + 1.65 : value), table: 13.7 },
  { name: "5 % five times as wide", draw: (value, u) => (u < 0.05 ? value * 5 : value), table: 13.7 },
];

/** By how much values are higher on Saturdays and Sundays, in standard deviations. */
export const weekendShift = 1;

/** Drift of a stream that has weekends. */
export const weekCases: readonly Omit<DriftCase, "table">[] = [
  { name: "shift 0.1σ", draw: (value) => value + 0.1 },
  { name: "shift 0.25σ", draw: (value) => value + 0.25 },
  {
    name: "weekends like other days",
    draw: (value, _, day) => (day > 4 ? value - weekendShift : value),
  },
  {
    name: "weekend on Monday and Tuesday",
    draw: (value, _, day) => value + (day > 4 ? -weekendShift : day < 2 ? weekendShift : 0),
  },
];
