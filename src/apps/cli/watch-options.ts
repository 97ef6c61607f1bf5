import { InvalidArgumentError } from "commander";
import { readEventTime } from "../../watch/index.ts";

/** What every command that watches can be told; options that mean the same are worded the same. */
export interface WatchScope {
  readonly labels?: string;
  /** Milliseconds since 1970. */
  readonly at?: number;
  /** Milliseconds since 1970. */
  readonly since?: number;
  readonly state?: string;
}

/** `--labels FILE` */
export const labelsOption = [
  "--labels <file>",
  "Parquet or CSV with the contract's labels.key (or id) and data.label",
] as const;

/** `--at INSTANT` */
export const atOption = [
  "--at <instant>",
  "judge as at this time instead of now: which labels must have come",
  instant,
] as const;

/** `--since INSTANT` */
export const sinceOption = [
  "--since <instant>",
  "report windows from this time on; alarms and triggers still know what was before",
  instant,
] as const;

/** `--state FILE` */
export const stateOption = [
  "--state <file>",
  "keep sums and results in this file, so that the next time only what is new is read and judged; the report is the same without it (default: none)",
] as const;

function instant(text: string): number {
  const ms = readEventTime(text);
  if (ms === undefined) throw new InvalidArgumentError("Write a date or a time: 2026-01-31T12:00:00Z.");
  return ms;
}
