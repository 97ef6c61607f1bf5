import type { Effect } from "../detectors/effect.ts";
import type { DetectorReading } from "../detectors/judge-window.ts";

/** What an alarm goes back to: the first of these that applies, since what breaks the feed also moves features and scores. */
export type DriftCause = "quality" | "one-feature" | "several-features" | "score";

/** One column of an alarm, in the window where it stood out most. */
export interface AlarmColumn {
  /** `features.temperature`, `outputs.late_probability`. */
  readonly clause: string;
  /** Start of the first window of the alarm in which this column drifts, and of the one where it drifts most. */
  readonly first: string;
  readonly worst: string;
  /** Windows of the alarm in which this column drifts. */
  readonly windows: number;
  /** When it first drifted: missing values, not-a-number or categories without a cell made most of it. */
  readonly quality: boolean;
  readonly effect?: Effect;
  readonly reading: DetectorReading;
}

/** One alarm of the detectors over all of its windows: people hear of it once. */
export interface DriftAlarm {
  /** Start of its first window. */
  readonly begins: string;
  /** End of its last window in which a threshold was passed. */
  readonly until: string;
  /** Windows in which a threshold was passed. */
  readonly windows: number;
  /** It lasts or fades in the newest window. */
  readonly open: boolean;
  readonly cause: DriftCause;
  /** Largest effect first. */
  readonly columns: readonly AlarmColumn[];
}
