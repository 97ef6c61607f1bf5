import type { DetectorReading, WindowJudgement } from "../detectors/judge-window.ts";
import type { AlarmColumn, DriftAlarm, DriftCause } from "./drift-alarm.ts";

/** A window with what its detectors say; entries by column. */
export interface JudgedWindow {
  readonly start: string;
  readonly end: string;
  readonly judgement: WindowJudgement;
  readonly clauses: readonly string[];
  /** Whether what changed in a column is quality, not values. */
  readonly isQuality: (column: number) => boolean;
}

/** Alarms after one more window, oldest first. Only the last can be open. */
export function gatherAlarms(alarms: readonly DriftAlarm[], window: JudgedWindow): readonly DriftAlarm[] {
  const { alarm: phase } = window.judgement;
  const before = alarms.at(-1);
  if (phase === "none") return before?.open ? [...alarms.slice(0, -1), { ...before, open: false }] : alarms;
  if (phase === "begins") return [...alarms, alarmOf(undefined, window)];
  return phase === "lasts" ? [...alarms.slice(0, -1), alarmOf(before, window)] : alarms;
}

function alarmOf(before: DriftAlarm | undefined, window: JudgedWindow): DriftAlarm {
  const begins = before?.begins ?? window.start;
  const known = new Map(before?.columns.map((column) => [column.clause, column]));
  for (const column of driftingColumns(window, known)) known.set(column.clause, column);
  const columns = [...known.values()].sort(
    (a, b) => distanceOf(b) - distanceOf(a) || (a.clause < b.clause ? -1 : 1),
  );
  return {
    begins,
    until: window.end,
    windows: (before?.windows ?? 0) + 1,
    open: true,
    cause: causeOf(columns.filter(({ first }) => first === begins)),
    columns,
  };
}

function driftingColumns(
  { start, judgement, clauses, isQuality }: JudgedWindow,
  known: ReadonlyMap<string, AlarmColumn>,
): AlarmColumn[] {
  return judgement.columns.flatMap(({ verdict, effect, readings }, at) => {
    if (verdict !== "drift") return [];
    const clause = clauses[at]!;
    const before = known.get(clause);
    const now = { worst: start, reading: readings.reduce(further), ...(effect && { effect }) };
    const worst = before && (before.effect?.distance ?? 0) >= (effect?.distance ?? 0) ? before : now;
    return [
      {
        clause,
        first: before?.first ?? start,
        worst: worst.worst,
        windows: (before?.windows ?? 0) + 1,
        quality: before?.quality ?? isQuality(at),
        ...(worst.effect && { effect: worst.effect }),
        reading: worst.reading,
      },
    ];
  });
}

function further(a: DetectorReading, b: DetectorReading): DetectorReading {
  return b.score / b.threshold > a.score / a.threshold ? b : a;
}

function distanceOf({ effect }: AlarmColumn): number {
  return effect?.distance ?? 0;
}

/** What came first explains what came later, not the other way round: only columns of the first window are asked. */
function causeOf(first: readonly AlarmColumn[]): DriftCause {
  if (first.some(({ quality }) => quality)) return "quality";
  const features = first.filter(({ clause }) => clause.startsWith("features."));
  if (features.length === 0) return "score";
  return features.length === 1 ? "one-feature" : "several-features";
}
