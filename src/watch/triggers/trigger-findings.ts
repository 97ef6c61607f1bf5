import type { Finding } from "../../kernel/index.ts";
import { watchFinding } from "../watch-findings.ts";
import type { TriggerReport } from "./trigger-report.ts";

/** What is to be said of triggers now: one stands, one is held back, one cannot be told. */
export function triggerFindings(triggers: readonly TriggerReport[]): Finding[] {
  return triggers.flatMap(({ clause, when, state, standing, firings, windows }): Finding[] => {
    const last = firings.at(-1);
    if (standing)
      return [
        watchFinding("watch.trigger-fired", {
          clause,
          expected: `not ${when}`,
          message: `${clause} fired with the window from ${standing.window}. ${standing.reason}`,
        }),
      ];
    if (state === "met" && last?.heldBack)
      return [
        watchFinding("watch.trigger-held-back", {
          clause,
          message: `${clause} is met and held back. ${last.reason}`,
        }),
      ];
    if (state !== "unknown") return [];
    const unknown = [...new Set(windows.at(-1)?.unknown ?? [])];
    const why =
      windows.length === 0 ? "no window can be looked at" : `${unknown.join(", ") || "a window"} is unknown`;
    return [watchFinding("watch.trigger-unknown", { clause, message: `${clause} cannot be told: ${why}.` })];
  });
}
