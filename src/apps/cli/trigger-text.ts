import { dayText } from "../../kernel/index.ts";
import type { Firing, TriggerReport } from "../../watch/index.ts";
import { paint, type Session } from "./session.ts";
import { textTable } from "./text-table.ts";

/** Where each trigger stands. */
export function triggerTable(session: Session, triggers: readonly TriggerReport[]): string {
  return textTable(
    session,
    ["trigger", "owner", "in windows", "state", "last"],
    triggers.map(({ clause, owner, for: of, state, standing, firings }) => [
      clause,
      owner,
      of,
      standing
        ? paint(session, "red", "fired")
        : state === "unknown"
          ? paint(session, "yellow", state)
          : state,
      firings.at(-1) ? momentText(firings.at(-1)!) : "never fired",
    ]),
  );
}

/** When triggers fired or were held back, oldest first, and why. */
export function firingTable(session: Session, triggers: readonly TriggerReport[]): string {
  const all = triggers.flatMap(({ clause, firings }) => firings.map((firing) => ({ clause, ...firing })));
  all.sort((a, b) => Date.parse(a.seen) - Date.parse(b.seen));
  return textTable(
    session,
    ["seen", "window", "trigger", "", "why"],
    all.map(({ seen, window, clause, heldBack, reason }) => [
      dayText(seen),
      dayText(window),
      clause,
      heldBack ? paint(session, "yellow", `held back: ${heldBack}`) : paint(session, "red", "fires"),
      reason,
    ]),
  );
}

function momentText({ window, heldBack }: Firing): string {
  return `${heldBack ? `held back for ${heldBack}` : "fired"} with ${dayText(window)}`;
}
