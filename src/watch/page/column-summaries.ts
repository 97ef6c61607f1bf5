import type { ColumnReport } from "../report/column-report.ts";
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

/** All columns, worst first: the share of windows beyond, then how far the worst window is beyond what is usual. */
export function columnSummaries({ windows, alarms }: WatchReport): ColumnSummary[] {
  const summaries = (windows[0]?.columns ?? []).map((_, column) =>
    summaryOf(windows, column, alarms !== undefined),
  );
  const excess = ({ column, worst }: ColumnSummary) => excessOf(windows[worst]!.columns[column]!);
  const share = ({ beyond, told }: ColumnSummary) => beyond / (told || 1);
  return summaries.sort((a, b) => share(b) - share(a) || excess(b) - excess(a));
}

function summaryOf(windows: readonly WindowReport[], column: number, judged: boolean): ColumnSummary {
  let [told, beyond, worst, farthest] = [0, 0, windows.length - 1, -1];
  for (const [index, { columns, drift }] of windows.entries()) {
    const { distances } = columns[column]!.distances;
    const verdict = drift?.columns[column]?.verdict;
    if (verdict === "drift") beyond++;
    if (!distances) continue;
    told++;
    const { jensenShannon, usual } = distances;
    if (!judged && jensenShannon > usual.jensenShannon) beyond++;
    if (jensenShannon > farthest) [farthest, worst] = [jensenShannon, index];
  }
  return { clause: windows[0]!.columns[column]!.clause, column, told, beyond, worst };
}

function excessOf({ distances: { distances } }: ColumnReport): number {
  return distances ? distances.jensenShannon - distances.usual.jensenShannon : -1;
}
