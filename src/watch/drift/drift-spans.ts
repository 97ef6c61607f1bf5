import type { Effect } from "../detectors/effect.ts";
import type { ColumnJudgement } from "../detectors/judge-window.ts";
import { windowStart } from "../observe/event-time.ts";
import type { WindowReport } from "../report/window-report.ts";

/** Weeks on end in which a column drifts. */
export interface DriftSpan {
  readonly clause: string;
  /** Mondays, UTC: of the first and of the last of these weeks. */
  readonly from: string;
  readonly to: string;
  /** Windows of these weeks in which the column drifts. */
  readonly windows: number;
  /** Start of the one in which it drifts most, and by how much. */
  readonly worst: string;
  readonly effect?: Effect;
  /** In one of them it has values that the reference never had. */
  readonly unseen: boolean;
}

const week = 7 * 86_400_000;

/** When each column drifts: the column that drifts most first, each in the order of time. */
export function driftSpans(windows: readonly WindowReport[]): DriftSpan[] {
  const judged = windows.filter(({ drift }) => drift);
  const byColumn = (judged[0]?.columns ?? []).map(({ clause }, index) => spansOf(judged, clause, index));
  return byColumn.sort((a, b) => largest(b) - largest(a)).flat();
}

function spansOf(windows: readonly WindowReport[], clause: string, index: number): DriftSpan[] {
  const spans: DriftSpan[] = [];
  for (const { start, drift } of windows) {
    const judgement = drift!.columns[index]!;
    const { verdict, effect } = judgement;
    if (verdict !== "drift") continue;
    const monday = windowStart(Date.parse(start), week);
    const last = spans.at(-1);
    const goesOn = last !== undefined && monday - Date.parse(last.to) <= week;
    const most = goesOn && distanceOf(last) >= (effect?.distance ?? 0) ? last : { worst: start, effect };
    const span = {
      clause,
      from: goesOn ? last.from : isoDay(monday),
      to: isoDay(monday),
      windows: (goesOn ? last.windows : 0) + 1,
      worst: most.worst,
      ...(most.effect && { effect: most.effect }),
      unseen: (goesOn && last.unseen) || hasUnseen(judgement),
    };
    spans.splice(goesOn ? -1 : spans.length, goesOn ? 1 : 0, span);
  }
  return spans;
}

/** A cell that is empty in the reference passed its threshold. */
export function hasUnseen({ readings }: ColumnJudgement): boolean {
  return readings.some(({ detector, score, threshold }) => detector === "rate" && score > threshold);
}

function distanceOf({ effect }: Pick<DriftSpan, "effect">): number {
  return effect?.distance ?? 0;
}

function largest(spans: readonly DriftSpan[]): number {
  return spans.reduce((most, span) => Math.max(most, distanceOf(span)), -1);
}

function isoDay(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}
