import type { Contract } from "../contract/index.ts";
import { parseDuration } from "../kernel/index.ts";
import type { ThresholdTable } from "./thresholds.ts";

/** `watch.false-alarms` in windows of `watch.window`; undefined where the contract has no drift policy, or allows no alarm. */
export function alarmBudget({ watch }: Contract): ThresholdTable["budget"] | undefined {
  if (!watch) return undefined;
  const [count, span = ""] = watch.falseAlarms.split(" per ");
  const [alarms, windows] = [Number(count), parseDuration(span) / parseDuration(watch.window)];
  return alarms > 0 && windows > 0 && Number.isFinite(windows) ? { alarms, windows } : undefined;
}
