import type { WindowJudgement } from "../detectors/judge-window.ts";
import type { WindowCounts } from "../observe/window-counts.ts";
import type { ColumnReport } from "./column-report.ts";
import type { EstimatedPerformance } from "./estimated-performance.ts";
import type { LatencyReport } from "./latency-report.ts";
import type { PerformanceReport } from "./performance-report.ts";

/** One window, as far as it is known. */
export interface WindowReport {
  readonly start: string;
  readonly end: string;
  readonly rows: number;
  readonly answered: number;
  /** Rows that got no answer, by clause and code. */
  readonly rejected: WindowCounts["rejected"];
  /** Calls that got an error in place of an answer, by its code; absent where there were none. */
  readonly failed?: WindowCounts["failed"];
  readonly untimed: number;
  /** Newest event time and newest arrival of its rows, where they were noted. */
  readonly newestEvent?: string;
  readonly newestArrival?: string;
  readonly latency: readonly LatencyReport[];
  readonly columns: readonly ColumnReport[];
  /** Verdict of the detectors, columns in the order of `columns`; absent without calibrated thresholds, and without rows. */
  readonly drift?: WindowJudgement;
  /** Absent where no labels were given. */
  readonly performance?: PerformanceReport;
  /** Absent where the task or the profile does not allow it. */
  readonly estimated?: EstimatedPerformance;
}
