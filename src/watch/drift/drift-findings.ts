import { type Contract, clausesOf } from "../../contract/index.ts";
import type { Finding } from "../../kernel/index.ts";
import { watchFinding } from "../watch-findings.ts";
import type { AlarmColumn, DriftAlarm, DriftCause } from "./drift-alarm.ts";

/** Columns that a message names, the largest. */
const named = 3;

/** One finding for each alarm; it blocks while the alarm is open. Without thresholds, that nothing was judged. */
export function driftFindings(contract: Contract, alarms: readonly DriftAlarm[] | undefined): Finding[] {
  const owners = new Map(clausesOf(contract).map(({ id, owner }) => [id, owner]));
  if (alarms) return alarms.map((alarm) => alarmFinding(alarm, owners));
  return [
    watchFinding("watch.not-calibrated", {
      clause: "watch",
      message: "Not calibrated: the profile holds no thresholds, so that drift is shown and not judged.",
    }),
  ];
}

const subjects: Record<DriftCause, string> = {
  quality: "the feed's quality",
  "one-feature": "one feature",
  "several-features": "several features",
  score: "the answers, and of no feature",
};

function alarmFinding(alarm: DriftAlarm, owners: ReadonlyMap<string, string>): Finding {
  const { begins, until, windows, open, columns, cause } = alarm;
  const first = firstColumn(alarm);
  const more = columns.length > named ? `; ${columns.length - named} more` : "";
  const when = open ? `since ${day(begins)}` : `from ${day(begins)} to ${day(until)}`;
  const largest = columns.find(({ clause }) => cause === "score" || clause.startsWith("features."));
  const shown = [...columns]
    .sort((a, b) => Number(b === largest) - Number(a === largest))
    .slice(0, named)
    .map((column) => `${column.clause} (${owners.get(column.clause) ?? "builds"}) ${effectText(column)}`);
  const begun = first && first !== largest ? `, begun by ${first.clause}` : "";
  return watchFinding("watch.drift", {
    clause: cause === "several-features" ? "watch" : largest?.clause,
    severity: open ? "blocking" : "warning",
    message: `Drift of ${subjects[cause]} ${when}, in ${windows} windows${begun}: ${shown.join("; ")}${more}.`,
  });
}

/** Of what came first, the largest that is of the cause. */
function firstColumn({ cause, columns, begins }: DriftAlarm): AlarmColumn | undefined {
  const isCause: Record<DriftCause, (column: AlarmColumn) => boolean> = {
    quality: ({ quality }) => quality,
    "one-feature": ({ clause }) => clause.startsWith("features."),
    "several-features": ({ clause }) => clause.startsWith("features."),
    score: () => true,
  };
  return columns.find((column) => column.first === begins && isCause[cause](column));
}

function effectText({ effect, reading, worst }: AlarmColumn): string {
  if (!effect) return `has values that were never seen, most in the window of ${day(worst)}`;
  const [low, high] = effect.interval.map((end) => end.toFixed(2));
  return `by ${effect.distance.toFixed(2)} (${low} to ${high}) in the window of ${day(worst)}${
    reading.detector === "rate" ? ", with values that were never seen" : ""
  }`;
}

/** The date, and the time where it is not midnight. */
function day(instant: string): string {
  return instant.endsWith("T00:00:00.000Z") ? instant.slice(0, 10) : `${instant.slice(0, 16)}Z`;
}
