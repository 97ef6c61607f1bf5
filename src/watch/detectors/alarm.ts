/** Where an alarm of a model stands: none; it begins in this window; it lasts; or it is below the threshold again but what raised it still weighs. */
export type AlarmPhase = "none" | "begins" | "lasts" | "fades";

/** Windows since the threshold was last passed; null where no alarm is open. */
export type OpenAlarm = number | null;

/** One alarm spans all windows until as many have been quiet as the decayed counters remember: people hear of it once. */
export function nextAlarm(
  open: OpenAlarm,
  passed: boolean,
  memory: number,
): { readonly open: OpenAlarm; readonly phase: AlarmPhase } {
  if (passed) return { open: 0, phase: open === null ? "begins" : "lasts" };
  if (open === null || open + 1 >= memory) return { open: null, phase: "none" };
  return { open: open + 1, phase: "fades" };
}
