import type { TimelineRow } from "../../relay/index.ts";
import type { WatchReport } from "../report/watch-report.ts";
import type { TriggerReport } from "../triggers/trigger-report.ts";
import { columnName } from "./words.ts";

/** Something that happened, or lasted. */
export interface TimeMark {
  /** Instant as ISO 8601. */
  readonly from: string;
  readonly to?: string;
  readonly tone: "alarm" | "holds" | "unknown" | "fired" | "held-back" | "signed";
  readonly text: string;
}

/** One row of the time line. */
export interface TimeLane {
  readonly name: string;
  /** Why it is empty, where nothing was measured. */
  readonly absent?: string;
  readonly marks: readonly TimeMark[];
}

/** Alarms, triggers and the signed history, each on a lane of its own. */
export function timeLanes(report: WatchReport, relay: readonly TimelineRow[] | undefined): TimeLane[] {
  return [
    alarmLane(report),
    ...(report.triggers ?? []).map(triggerLane),
    ...(report.triggers ? [] : [{ name: "triggers", absent: "not evaluated", marks: [] }]),
    signedLane("reviews and requests", relay, ({ action }) => asking.has(action)),
    signedLane("other signed entries", relay, ({ action }) => !asking.has(action)),
  ];
}

/** What the two teams ask of each other while the model runs. */
const asking: ReadonlySet<string> = new Set(["review", "request", "observe"]);

function signedLane(
  name: string,
  relay: readonly TimelineRow[] | undefined,
  isOn: (row: TimelineRow) => boolean,
): TimeLane {
  const rows = (relay ?? []).filter(isOn);
  if (rows.length === 0) return { name, absent: "none where this report was made", marks: [] };
  return { name, marks: rows.map(({ at, text }) => ({ from: at, tone: "signed", text })) };
}

function alarmLane({ alarms }: WatchReport): TimeLane {
  if (!alarms)
    return { name: "drift alarms", absent: "not judged: the profile holds no thresholds", marks: [] };
  return {
    name: "drift alarms",
    marks: alarms.map(({ begins, until, windows, open, cause, columns }): TimeMark => {
      const names = columns.map(({ clause }) => columnName(clause));
      const shown =
        names.length > 4 ? `${names.slice(0, 4).join(", ")} and ${names.length - 4} more` : names.join(", ");
      return {
        from: begins,
        to: until,
        tone: "alarm",
        text: `${cause.replace("-", " ")}: ${shown}; ${windows} windows${open ? ", still open" : ""}`,
      };
    }),
  };
}

/** Runs of windows in which the condition holds or cannot be told, and the moments at which it fired. */
function triggerLane({ clause, windows, firings }: TriggerReport): TimeLane {
  const marks: TimeMark[] = [];
  for (const [index, { start, holds, unknown }] of windows.entries()) {
    if (holds === false) continue;
    const tone = holds === true ? "holds" : "unknown";
    const to = windows[index + 1]?.start ?? start;
    const last = marks.at(-1);
    if (last?.tone === tone && last.to === start) marks[marks.length - 1] = { ...last, to };
    else {
      const why = unknown.length > 0 ? `: no value for ${unknown.join(", ")}` : "";
      marks.push({ from: start, to, tone, text: holds === true ? "the condition holds" : `unknown${why}` });
    }
  }
  for (const { at, heldBack, reason } of firings)
    marks.push({
      from: at,
      tone: heldBack ? "held-back" : "fired",
      text: heldBack ? `would have fired, held back by ${heldBack}: ${reason}` : `fired: ${reason}`,
    });
  return { name: clause, marks };
}
