import { dayText } from "../../kernel/index.ts";
import {
  type ColumnJudgement,
  type DriftAlarm,
  driftSpans,
  type Effect,
  hasUnseen,
  type WatchReport,
} from "../../watch/index.ts";
import { paint, type Session } from "./session.ts";
import { fittingTable, textTable } from "./text-table.ts";

/** Rows in a table: all alarms and all windows stand in `--json`. */
const shown = { alarms: 8, spans: 20 };

const causes: Record<DriftAlarm["cause"], string> = {
  quality: "quality of the feed",
  "one-feature": "one feature",
  "several-features": "several features",
  score: "answers, no feature",
};

/** Alarms of the detectors, newest first, and the weeks in which each column drifts; empty where there was none. */
export function driftText(
  session: Session,
  { windows, alarms = [] }: WatchReport,
  owners: ReadonlyMap<string, string>,
): string {
  if (alarms.length === 0) return "";
  const spans = driftSpans(windows);
  return [
    textTable(
      session,
      ["alarm", "until", "state", "windows", "goes back to", "columns"],
      [...alarms]
        .reverse()
        .slice(0, shown.alarms)
        .map((alarm) => alarmRow(session, alarm)),
    ),
    fittingTable(
      session,
      ["drifts", "owner", "weeks from Monday", "windows", "most in", "effect there (95 %)", ""],
      spans
        .slice(0, shown.spans)
        .map(({ clause, from, to, windows: count, worst, effect, unseen }, index) => {
          const again = spans[index - 1]?.clause === clause;
          return [
            again ? "" : clause,
            again ? "" : (owners.get(clause) ?? ""),
            from === to ? from : `${from} to ${to}`,
            String(count),
            dayText(worst),
            effectText(effect),
            unseen ? "unseen" : "",
          ];
        }),
      ["most in", "windows"],
    ).concat(moreText(session, spans.length - shown.spans)),
  ].join("\n");
}

function alarmRow(session: Session, { begins, until, windows, open, cause, columns }: DriftAlarm): string[] {
  const clauses = columns.filter((column) => column.first === begins).map(({ clause }) => clause);
  const later = columns.length - clauses.length;
  return [
    dayText(begins),
    dayText(until),
    open ? paint(session, "red", "open") : "over",
    String(windows),
    causes[cause],
    `${clauses.join(", ")}${later > 0 ? `; later ${later} more` : ""}`,
  ];
}

function moreText(session: Session, more: number): string {
  return more > 0 ? paint(session, "dim", `${more} more are in --json.\n`) : "";
}

/** The verdict on a column in a window, with its effect: `drift 0.31 (0.28–0.35)`. */
export function verdictText(session: Session, judgement: ColumnJudgement | undefined): string {
  if (!judgement) return "not judged";
  const { verdict, effect } = judgement;
  if (verdict === "insufficient") return verdict;
  const word = verdict === "drift" ? paint(session, "red", verdict) : verdict;
  return [word, effectText(effect), hasUnseen(judgement) ? "unseen" : ""].filter(Boolean).join(" ");
}

function effectText(effect: Effect | undefined): string {
  return effect
    ? `${effect.distance.toFixed(2)} (${effect.interval.map((end) => end.toFixed(2)).join("–")})`
    : "";
}
