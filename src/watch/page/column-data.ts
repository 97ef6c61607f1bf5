import { withheld } from "../../contract/index.ts";
import { toNumber } from "../../profile/index.ts";
import { totalOfFirst } from "../distances/compared-cells.ts";
import { nullQuantiles } from "../distances/null-quantiles.ts";
import type { WindowCounts } from "../observe/window-counts.ts";
import type { WatchedColumn } from "../report/column-report.ts";
import type { WindowReport } from "../report/window-report.ts";
import type { StrataMix } from "../strata/window-strata.ts";
import { cellLabels } from "./cell-labels.ts";
import type { ColumnSummary } from "./column-summaries.ts";
import { packCounts, packShares } from "./pack.ts";
import type { ColumnData } from "./page-data.ts";

/** Everything that the page knows of one column. */
export function columnData(
  { column, clause, worst }: ColumnSummary,
  {
    watched,
    windows,
    counted,
    grouped,
    owner,
    sensitive,
    judged,
    mixes,
  }: {
    readonly watched: WatchedColumn;
    readonly windows: readonly WindowReport[];
    readonly counted: readonly WindowCounts[];
    readonly grouped: number;
    readonly owner: string;
    readonly sensitive: boolean;
    /** The profile holds thresholds. */
    readonly judged: boolean;
    /** Rows of each window by stratum, where there are strata. */
    readonly mixes: readonly StrataMix[] | undefined;
  },
): ColumnData {
  const { cells } = watched;
  const reports = windows.map(({ columns }) => columns[column]!);
  const reference = watched.reference.counts.map(toNumber);
  const now = counted.map((window) => watched.of(window).counts.map(toNumber));
  const numeric = cells.kind === "numeric";
  const last = reference.length - 1;
  return {
    clause,
    owner,
    ordered: numeric,
    cells: cellLabels(cells).map((name, index) => (sensitive ? `${withheld} ${index + 1}` : name)),
    reference,
    ...(mixes && watched.matching && matchingData(watched.matching, mixes, grouped)),
    usual: usualFactor(reference),
    distance: packShares(reports.map(({ distances }) => distances.distances?.jensenShannon)),
    ...intervals(windows, column),
    missing: packCounts(now.map((counts) => counts[last]! + (numeric ? counts[last - 1]! : 0))),
    ...(!numeric && { other: packCounts(now.map((counts) => counts[last - 1]!)) }),
    ...(watched.expected && { outside: packCounts(counted.map(({ outside }) => outside[cells.name] ?? 0)) }),
    ...(judged && { verdicts: windows.map(({ drift }) => verdictLetter(drift, column)).join("") }),
    counts: packCounts(groups(now, grouped, reference.length).flat()),
    worst,
  };
}

/** What groups of windows are compared with, and how many rows of the reference stand behind each window. */
function matchingData(
  matching: NonNullable<WatchedColumn["matching"]>,
  mixes: readonly StrataMix[],
  grouped: number,
): Pick<ColumnData, "matching" | "worth"> {
  const rows = mixes.map((mix) => {
    const counts = matching(mix);
    return Math.round(totalOfFirst(counts, counts.length));
  });
  const counts = groups(mixes, grouped, mixes[0]?.length ?? 0).map(matching);
  return {
    worth: packCounts(rows),
    matching: packCounts(counts.flatMap((group) => Array.from(group, Math.round))),
  };
}

/** Windows without rows are judged as little as those with too few. */
function verdictLetter(drift: WindowReport["drift"], column: number): string {
  return (drift?.columns[column]?.verdict ?? "insufficient")[0]!;
}

/** So much of √(1/N + 1/n) is the usual distance; where that root is 1, the usual PSI is chi² itself. */
function usualFactor(reference: readonly number[]): number {
  const cells = reference.filter((count) => count > 0).length;
  const { populationStability } = nullQuantiles({ cells, referenceRows: 2, rows: 2, confidence: 0.95 });
  return Math.sqrt(populationStability / 8 / Math.LN2);
}

function intervals(
  windows: readonly WindowReport[],
  column: number,
): Pick<ColumnData, "low" | "high" | "intervalOf"> {
  const effects = windows.map(({ drift }) => drift?.columns[column]?.effect?.interval);
  const bounds = windows.map(
    ({ columns }) => columns[column]!.distances.distances?.kolmogorovSmirnov?.interval,
  );
  const intervalOf = effects.some((one) => one) ? "effect" : "ks";
  const chosen = intervalOf === "effect" ? effects : bounds;
  if (chosen.every((one) => !one)) return {};
  return {
    low: packShares(chosen.map((one) => one?.[0])),
    high: packShares(chosen.map((one) => one?.[1])),
    intervalOf,
  };
}

/** Sums over so many windows each. */
function groups(windows: readonly (readonly number[])[], size: number, cells: number): number[][] {
  const sums: number[][] = [];
  for (const [index, counts] of windows.entries()) {
    if (index % size === 0) sums.push(new Array<number>(cells).fill(0));
    const sum = sums.at(-1)!;
    for (let cell = 0; cell < cells; cell++) sum[cell]! += counts[cell]!;
  }
  return sums;
}
