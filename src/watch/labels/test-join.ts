import { windowStart } from "../observe/event-time.ts";
import { wrongNames } from "../wrong/wrong-names.ts";
import type { LabelCounts, LabelledPredictions, LabelledWindow } from "./labelled-predictions.ts";

/* The join of predictions and labels as it reads, in memory: what adapters are compared with. */

/** One logged prediction that got an answer. */
export interface LoggedPrediction {
  readonly id: string | null;
  readonly key: string | null;
  readonly eventMs: number;
  readonly score: number;
  readonly decision: boolean;
  /** Cell of each slice. */
  readonly slices?: readonly number[];
}

/** One row of a file of labels. */
export interface LabelRow {
  /** Id of the prediction, or value of the contract's key. */
  readonly name: string;
  readonly label: number | null;
  readonly arrivedMs?: number;
}

type Label = LabelRow & { readonly label: number; readonly contradicted: boolean };

/** Joins predictions with labels: by id first, then by key. */
export function joinInMemory(
  predictions: readonly LoggedPrediction[],
  rows: readonly LabelRow[],
  { windowMs, delayMs }: { readonly windowMs: number; readonly delayMs: number },
): Pick<LabelledPredictions, "windows" | "counts"> {
  const { byName, ...said } = lastOfEach(rows);
  const start = ({ eventMs }: LoggedPrediction) => windowStart(eventMs, windowMs);
  const used = new Set<string>();
  const counts = { late: 0, repeated: 0 };
  const windows = new Map<number, { answered: number; found: { label: Label; of: LoggedPrediction }[] }>();
  for (const of of [...predictions].sort((a, b) => start(a) - start(b))) {
    const window = windows.get(start(of)) ?? { answered: 0, found: [] };
    windows.set(start(of), window);
    window.answered++;
    const name = [of.id, of.key].find((one) => one !== null && byName.has(one));
    if (name === undefined || name === null) continue;
    const label = byName.get(name)!;
    if (used.has(name)) counts.repeated++;
    else if (label.arrivedMs !== undefined && label.arrivedMs > of.eventMs + delayMs) counts.late++;
    used.add(name);
    window.found.push({ label, of });
  }
  return {
    async *windows() {
      for (const [at, { answered, found }] of windows)
        yield {
          start: at,
          answered,
          labels: Float64Array.from(found, ({ label }) => label.label),
          scores: Float64Array.from(found, ({ of }) => of.score),
          decisions: Uint8Array.from(found, ({ of }) => Number(of.decision)),
          contradicted: Uint8Array.from(found, ({ label }) => Number(label.contradicted)),
          wrongNames: namesOf(found),
          arrived: Float64Array.from(found, ({ label, of }) => label.arrivedMs ?? of.eventMs + delayMs),
          slices: (predictions[0]?.slices ?? []).map((_, slice) =>
            Uint16Array.from(found, ({ of }) => of.slices![slice]!),
          ),
        } satisfies LabelledWindow;
    },
    counts: (): LabelCounts => ({
      matched: used.size,
      ...said,
      unmatched: byName.size - used.size,
      ...counts,
    }),
  };
}

function namesOf(found: readonly { readonly label: Label; readonly of: LoggedPrediction }[]) {
  const names = wrongNames();
  for (const [row, { label, of }] of found.entries())
    if (of.decision !== (label.label === 1)) names.add(row, label.name, label.contradicted);
  return names.names();
}

function lastOfEach(rows: readonly LabelRow[]) {
  const byName = new Map<string, Label>();
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
      byName.set(name, { ...row, label, contradicted: known !== undefined });
    }
  }
  return { byName, ...counts };
}
