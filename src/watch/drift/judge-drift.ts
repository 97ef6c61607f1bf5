import type { Contract } from "../../contract/index.ts";
import { type Profile, toNumber } from "../../profile/index.ts";
import { createDetectors, type DetectorState, type WindowJudgement } from "../detectors/judge-window.ts";
import type { WindowCounts } from "../observe/window-counts.ts";
import { watchedColumns } from "../report/column-report.ts";
import { windowMix } from "../strata/window-strata.ts";
import type { DriftAlarm } from "./drift-alarm.ts";
import { gatherAlarms } from "./gather-alarms.ts";
import { isQuality } from "./is-quality.ts";

/** Everything that judging drift remembers between windows. Plain JSON. */
export interface DriftState {
  readonly format_version: 1;
  readonly detectors: DetectorState;
  /** Oldest first; only the last can be open. */
  readonly alarms: readonly DriftAlarm[];
}

/** Verdicts on windows, and the state after the last of them. */
export interface DriftRun {
  /** One a window, in their order. */
  readonly judgements: readonly WindowJudgement[];
  readonly state: DriftState;
}

/**
 * Judges windows in the order of time, from the start or after the windows that `after` has seen: the same state comes out
 * in one run or in several. Undefined where the profile holds no thresholds.
 */
export function judgeDrift(
  {
    contract,
    profile,
    windowMs,
  }: { readonly contract: Contract; readonly profile: Profile; readonly windowMs: number },
  windows: readonly WindowCounts[],
  after?: DriftState,
): DriftRun | undefined {
  const { thresholds } = profile;
  if (!thresholds) return undefined;
  const watched = watchedColumns(contract, profile);
  const reference = watched.map((column) => column.reference);
  const detectors = createDetectors({ columns: watched.map(({ cells }) => cells), reference, thresholds });
  const counts = reference.map((column) => column.counts.map(toNumber));
  const clauses = watched.map(({ clause }) => clause);
  const mixOf = thresholds.strata && windowMix(thresholds.strata, profile);
  const judgements: WindowJudgement[] = [];
  let state = after ?? { format_version: 1, detectors: detectors.start(), alarms: [] };
  for (const window of windows) {
    const judged = detectors.judge(
      state.detectors,
      watched.map((column) => column.of(window)),
      mixOf?.(window),
    );
    judgements.push(judged.judgement);
    const alarms = gatherAlarms(state.alarms, {
      start: new Date(window.start).toISOString(),
      end: new Date(window.start + windowMs).toISOString(),
      judgement: judged.judgement,
      clauses,
      isQuality: (column) =>
        isQuality({
          reference: counts[column]!,
          current: judged.state.columns[column]!.counts,
          readings: judged.judgement.columns[column]!.readings,
        }),
    });
    state = { format_version: 1, detectors: judged.state, alarms };
  }
  return { judgements, state };
}
