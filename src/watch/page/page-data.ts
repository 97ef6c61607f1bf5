/**
 * What the page of a report draws from. It is embedded as JSON; long rows of numbers are packed (see `pack.ts`).
 * This file and `words.ts` import nothing: the browser's part of the page uses them too.
 */
export interface PageData {
  readonly format_version: 1;
  readonly windowMs: number;
  /** Windows in order of time. */
  readonly windows: {
    /** Milliseconds since 1970. */
    readonly start: readonly number[];
    readonly rows: readonly number[];
    readonly answered: readonly number[];
  };
  /**
   * The time axis of every chart: indices of windows, and -1 (one slot, however long) where windows are missing between
   * two. A single row with a wild event time then moves nothing else.
   */
  readonly slots: readonly number[];
  /** Windows that share one set of cell counts; 1 where all fit. */
  readonly grouped: number;
  /** What windows are compared within; absent where it is the whole reference. */
  readonly strata?: StrataData;
  /** Worst first. */
  readonly columns: readonly ColumnData[];
  readonly performance?: PerformanceData;
  readonly latency: readonly LatencyData[];
}

/** How windows find their part of the reference. */
export interface StrataData {
  /** `day-of-week`, or the name of a feature. */
  readonly by: string;
  /** Names of the strata that the reference knows. */
  readonly names: readonly string[];
  /** Cycles of the calendar: index into `names` by window, -1 for the whole reference. */
  readonly of?: readonly number[];
}

/** One feature or output over all windows. */
export interface ColumnData {
  /** `features.temperature`. */
  readonly clause: string;
  readonly owner: string;
  readonly ordered: boolean;
  /** What each cell stands for, in the order of the counters; withheld where the feature is sensitive. */
  readonly cells: readonly string[];
  /** Rows of the reference by cell. */
  readonly reference: readonly number[];
  /** Packed counts: by group of windows, then by cell, of the reference that the group's strata make; absent where it is all of it. */
  readonly matching?: string;
  /** Packed counts by window: so many rows of the reference the window's strata are worth. With `matching`. */
  readonly worth?: string;
  /** Without drift 95 of 100 windows of n rows stay below usual · √(1/N + 1/n), N the rows of the reference. */
  readonly usual: number;
  /** Packed shares: Jensen-Shannon distance to the reference by window; none where too few rows tell. */
  readonly distance: string;
  /** Packed shares: ends of a 95 % interval by window, of what `intervalOf` names. */
  readonly low?: string;
  readonly high?: string;
  /** `effect`: distance of the decayed counters, freed from sampling. `ks`: bounds of the Kolmogorov-Smirnov distance. */
  readonly intervalOf?: "effect" | "ks";
  /** Packed counts by window: rows without a value, with a category that has no cell, outside what is expected. */
  readonly missing: string;
  readonly other?: string;
  readonly outside?: string;
  /** One letter a window: `p`ass, `d`rift, `i`nsufficient. Absent without calibrated thresholds. */
  readonly verdicts?: string;
  /** Packed counts: by group of windows, then by cell. */
  readonly counts: string;
  /** Index of the window that is farthest from the reference; of the newest where none can be told. */
  readonly worst: number;
}

/** Performance by window, on labels and without. */
export interface PerformanceData {
  /** Labelled rows, by window; absent where no labels were given. */
  readonly labelled?: readonly number[];
  /** One letter a window: `m`ature or `i`mmature. */
  readonly maturity?: string;
  readonly metrics: readonly MetricData[];
}

/** One metric by window; null where it is unknown. Intervals hold 95 %. */
export interface MetricData {
  readonly name: string;
  /** What it is, its range, and which way is better. */
  readonly meaning: string;
  readonly values?: readonly (number | null)[];
  readonly low?: readonly (number | null)[];
  readonly high?: readonly (number | null)[];
  readonly estimated?: readonly (number | null)[];
  readonly estimatedLow?: readonly (number | null)[];
  readonly estimatedHigh?: readonly (number | null)[];
}

/** One latency bound by window. */
export interface LatencyData {
  /** `p99`. */
  readonly percentile: string;
  readonly boundMs: number;
  readonly calls: readonly number[];
  readonly within: readonly number[];
}
