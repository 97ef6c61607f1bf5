import type { Finding } from "../../kernel/index.ts";
import type { DriftAlarm } from "../drift/drift-alarm.ts";
import { watchFinding } from "../watch-findings.ts";
import type { ErrorGroup } from "./error-group.ts";

/** One finding for each class of error that blocks; all others stand in the report alone. */
export function errorFindings(groups: readonly ErrorGroup[]): Finding[] {
  return groups
    .filter(({ severity }) => severity === "blocking")
    .map(({ class: name, clause, owner, message, action }) =>
      watchFinding("watch.error-class", {
        clause,
        message: `${name} (${owner}): ${message}`,
        next: action,
      }),
    );
}

/** Alarms of drift that no other class explains: those that are consequences are told with their cause. */
export function unexplainedAlarms(
  alarms: readonly DriftAlarm[],
  groups: readonly ErrorGroup[],
): DriftAlarm[] {
  const drifting = groups.filter((group) => group.class === "drift.covariate" || group.rule !== undefined);
  return alarms.filter(({ begins, until, columns }) =>
    columns.some(({ clause }) =>
      drifting.some(
        (group) => group.clause === clause && group.starts.some((start) => start >= begins && start < until),
      ),
    ),
  );
}
