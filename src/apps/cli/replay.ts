import { replayTriggers, type TriggerReport } from "../../watch/index.ts";
import type { ReadyHandoff } from "./handoff.ts";
import type { CommandResult } from "./result.ts";
import type { WatchRun } from "./run-watch.ts";
import type { Session } from "./session.ts";
import { firingTable } from "./trigger-text.ts";

/** What `baton watch --replay` shows: when each trigger would have fired on this history, seen as it went. */
export function replayed(
  session: Session,
  { input, findings }: WatchRun,
  handoff: ReadyHandoff,
): CommandResult {
  const { model } = handoff.contract;
  const triggers = replayTriggers(input);
  const unreadable = findings.filter(
    ({ code }) => code === "watch.file-unreadable" || code === "watch.nothing-observed",
  );
  return {
    passed: unreadable.length === 0,
    text: `${model.name} ${model.version}: triggers replayed\n\n${triggers.map((one) => summary(one)).join("")}\n${
      triggers.some(({ firings }) => firings.length > 0) ? firingTable(session, triggers) : ""
    }`,
    ...(unreadable.length > 0 && { findings: unreadable }),
    data: { model: model.name, version: model.version, digest: handoff.digest, triggers },
  };
}

function summary({ clause, when, for: of, cooldown, windows, firings }: TriggerReport): string {
  const count = (holds: boolean | "unknown") => windows.filter((window) => window.holds === holds).length;
  const fired = firings.filter(({ heldBack }) => !heldBack).length;
  return `${clause}: ${when}, in ${of} windows, cooldown ${cooldown}\n  ${windows.length} windows: holds in ${count(true)}, does not in ${count(false)}, unknown in ${count("unknown")}; fires ${fired} times, is held back ${firings.length - fired} times\n`;
}
