import type { Contract } from "../../contract/index.ts";
import type { WatchReport } from "../report/watch-report.ts";

/** A limitation, and how often callers ran into it. */
export interface LimitationMet {
  readonly id: string;
  readonly text: string;
  readonly keptBy: string;
  /** Rows that the clause that keeps it rejected; absent where no clause rejects for it, or nothing was observed. */
  readonly rejected?: number;
  /** Rows with a category that the profile does not know, which were answered and marked. */
  readonly marked?: number;
  /** Alarms of the detectors, where the watch keeps it. */
  readonly alarms?: number;
}

/** Every limitation of the contract, with what was met of it in the windows of a report. */
export function limitationsMet(contract: Contract, report: WatchReport | undefined): LimitationMet[] {
  return contract.limitations.map(({ id, text, keptBy }) => ({
    ...{ id, text, keptBy },
    ...(report && keptBy !== "stated" && metIn(report, keptBy, contract)),
  }));
}

function metIn(report: WatchReport, keeper: string, contract: Contract) {
  if (keeper === "watch") return report.alarms ? { alarms: report.alarms.length } : {};
  const rejected = report.windows.reduce((sum, window) => sum + rejectedBy(window.rejected, keeper), 0);
  const warns = contract.features.some(
    ({ name, unknown, values }) => `features.${name}` === keeper && values && unknown === "warn",
  );
  return { rejected, ...(warns && { marked: markedBy(report, keeper) }) };
}

/** Rejections are counted under `CLAUSE CODE`. */
function rejectedBy(rejected: Readonly<Record<string, number>>, clause: string): number {
  return Object.entries(rejected).reduce(
    (sum, [name, count]) => (name.startsWith(`${clause} `) ? sum + count : sum),
    0,
  );
}

function markedBy({ windows }: WatchReport, clause: string): number {
  return windows.reduce((sum, { rows, columns }) => {
    const other = columns.find((column) => column.clause === clause)?.other?.now ?? 0;
    return sum + Math.round(other * rows);
  }, 0);
}
