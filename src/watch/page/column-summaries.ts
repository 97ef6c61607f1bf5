import type { WatchReport } from "../report/watch-report.ts";
import type { WindowReport } from "../report/window-report.ts";

/** One feature or output over all windows. */
export interface ColumnSummary {
  readonly clause: string;
  /** Its place among the columns of a window. */
  readonly column: number;
  /** Windows with rows enough to tell. */
  readonly told: number;
  /** Of these, windows that drift where thresholds are calibrated, else those farther away than is usual. */
  readonly beyond: number;
  /** Index of the window farthest from the reference; of the newest where none can be told. */
  readonly worst: number;
}

/**
 * All columns, worst first: by the mean over windows of how far a window is beyond. That is the effect where it drifts by
 * calibrated thresholds, and the distance above what is usual where there are none.
 */
export function columnSummaries({ windows, alarms }: WatchReport): ColumnSummary[] {
  const judged = alarms !== undefined;
  return (windows[0]?.columns ?? [])
    .map((_, column) => summaryOf(windows, column, judged))
    .sort((a, b) => b.weight - a.weight || b.beyond - a.beyond)
    .map(({ weight: _, ...summary }) => summary);
}

function summaryOf(
  windows: readonly WindowReport[],
  column: number,
  judged: boolean,
): ColumnSummary & { readonly weight: number } {
  let [told, beyond, worst, farthest, sum] = [0, 0, windows.length - 1, -1, 0];
  for (const [index, { columns, drift }] of windows.entries()) {
    const { distances } = columns[column]!.distances;
    const excess = judged
      ? effectWhereDrifting(drift, column)
      : excessOver(distances?.jensenShannon, distances?.usual.jensenShannon);
    if (excess !== undefined) beyond++;
    sum += excess ?? 0;
    if (!distances) continue;
    told++;
    if (distances.jensenShannon > farthest) [farthest, worst] = [distances.jensenShannon, index];
  }
  const { clause } = windows[0]!.columns[column]!;
  return { clause, column, told, beyond, worst, weight: sum / windows.length };
}

/** Values that were never seen drift however rare they are, also where no effect can be given. */
function effectWhereDrifting(drift: WindowReport["drift"], column: number): number | undefined {
  const judgement = drift?.columns[column];
  return judgement?.verdict === "drift" ? (judgement.effect?.distance ?? 0) : undefined;
}

function excessOver(distance: number | undefined, usual: number | undefined): number | undefined {
  return distance !== undefined && usual !== undefined && distance > usual ? distance - usual : undefined;
}
