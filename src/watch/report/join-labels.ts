import { windowStart } from "../observe/event-time.ts";

/** One logged prediction that got an answer. */
export interface LoggedPrediction {
  readonly id: string | null;
  readonly key: string | null;
  readonly eventMs: number;
  readonly score: number;
  readonly decision: boolean | null;
}

/** One row of a file of labels. */
export interface LabelRow {
  /** Id of the prediction, or value of the contract's key. */
  readonly name: string;
  /** 0 or 1, or any finite number for regression; null where the file has none. */
  readonly label: number | null;
  /** When it came, where the file says so. */
  readonly arrivedMs?: number;
}

/** What became of the labels. Each row of the file is counted in exactly one of the first five. */
export interface LabelCounts {
  /** Labels that found their prediction. */
  readonly matched: number;
  /** Further rows that say the same of the same name. */
  readonly duplicated: number;
  /** Rows that a later row of the same name contradicts: the later one counts. */
  readonly corrected: number;
  /** Labels whose name no answered prediction has. */
  readonly unmatched: number;
  /** Rows without a label. */
  readonly empty: number;
  /** Of the matched: those that came after the contract's delay; they count all the same. */
  readonly late: number;
  /** Predictions beyond the first that share a name with another: each counts, with the same label. */
  readonly repeated: number;
}

/** Labels and scores of the predictions of one window that have a label. */
export interface LabelledWindow {
  readonly start: number;
  readonly answered: number;
  readonly labels: readonly number[];
  readonly scores: readonly number[];
  readonly decisions: readonly (boolean | null)[];
  /** When each label came; event time and delay where the file does not say. */
  readonly arrivedMs: readonly number[];
}

/** Predictions with their labels, by window. */
export interface JoinedLabels {
  readonly counts: LabelCounts;
  readonly windows: readonly LabelledWindow[];
}

/** Labels by name: of rows with the same name the last counts. */
export function indexLabels(rows: Iterable<LabelRow>): LabelIndex {
  const byName = new Map<string, LabelRow & { readonly label: number }>();
  const counts = { duplicated: 0, corrected: 0, empty: 0 };
  for (const row of rows) {
    const { label, name } = row;
    if (label === null) {
      counts.empty++;
      continue;
    }
    const known = byName.get(name);
    if (known?.label === label) counts.duplicated++;
    else {
      if (known) counts.corrected++;
      byName.set(name, { ...row, label });
    }
  }
  return { byName, counts };
}

/** What {@link indexLabels} gives. */
export interface LabelIndex {
  readonly byName: ReadonlyMap<string, LabelRow & { readonly label: number }>;
  readonly counts: Pick<LabelCounts, "duplicated" | "corrected" | "empty">;
}

/** Joins predictions with labels: by id first, then by key. */
export function joinLabels(
  predictions: Iterable<LoggedPrediction>,
  { byName, counts }: LabelIndex,
  { windowMs, delayMs }: { readonly windowMs: number; readonly delayMs: number },
): JoinedLabels {
  const windows = new Map<number, Open>();
  const used = new Set<string>();
  let [late, repeated] = [0, 0];
  for (const prediction of predictions) {
    const window = openAt(windows, windowStart(prediction.eventMs, windowMs));
    window.answered++;
    const name = [prediction.id, prediction.key].find((one) => one !== null && byName.has(one));
    if (name === undefined || name === null) continue;
    const found = byName.get(name)!;
    if (used.has(name)) repeated++;
    else if (found.arrivedMs !== undefined && found.arrivedMs > prediction.eventMs + delayMs) late++;
    used.add(name);
    window.labels.push(found.label);
    window.scores.push(prediction.score);
    window.decisions.push(prediction.decision);
    window.arrivedMs.push(found.arrivedMs ?? prediction.eventMs + delayMs);
  }
  return {
    counts: { matched: used.size, ...counts, unmatched: byName.size - used.size, late, repeated },
    windows: [...windows.values()].sort((a, b) => a.start - b.start),
  };
}

/** The same predictions with only those labels that had come by an instant, which may depend on the window. */
export function labelsBy(
  { counts, windows }: JoinedLabels,
  byMs: (window: LabelledWindow) => number,
): JoinedLabels {
  return {
    counts,
    windows: windows.map((window) => {
      const limit = byMs(window);
      const had = (_: unknown, at: number) => window.arrivedMs[at]! <= limit;
      return {
        ...window,
        labels: window.labels.filter(had),
        scores: window.scores.filter(had),
        decisions: window.decisions.filter(had),
        arrivedMs: window.arrivedMs.filter(had),
      };
    }),
  };
}

interface Open {
  readonly start: number;
  answered: number;
  readonly labels: number[];
  readonly scores: number[];
  readonly decisions: (boolean | null)[];
  readonly arrivedMs: number[];
}

function openAt(windows: Map<number, Open>, start: number): Open {
  const known = windows.get(start);
  if (known) return known;
  const fresh: Open = { start, answered: 0, labels: [], scores: [], decisions: [], arrivedMs: [] };
  windows.set(start, fresh);
  return fresh;
}
