import { dayText } from "../../kernel/index.ts";
import { type ColumnReport, strataNames, type WatchReport, type WindowReport } from "../../watch/index.ts";
import { driftText, verdictText } from "./drift-text.ts";
import { errorTable } from "./error-text.ts";
import type { ReadyHandoff } from "./handoff.ts";
import { percentText } from "./percent-text.ts";
import { estimationText, qualityCells, qualityHeaders, sliceTable } from "./quality-text.ts";
import type { WatchRun } from "./run-watch.ts";
import { paint, type Session } from "./session.ts";
import { fittingTable, textTable } from "./text-table.ts";
import { triggerTable } from "./trigger-text.ts";
import { watchSummary } from "./watch-summary.ts";
import { wrongTable } from "./wrong-text.ts";

/** Windows in the table of windows: the newest. All stand in `--json`. */
const shownWindows = 14;

/** Codes by which calls failed, the most frequent. All stand in `--json`. */
const shownCodes = 8;

/** A report as a person reads it: the verdict and what to do, the newest windows, then every column, worst first, with whose it is. */
export function watchText(
  session: Session,
  { run, handoff }: { readonly run: WatchRun; readonly handoff: ReadyHandoff },
): string {
  const { report } = run;
  const { windows, replicas, labels } = report;
  const { model } = handoff.contract;
  const owners = new Map(handoff.clauses.map(({ id, owner }) => [id, owner]));
  if (windows.length === 0) return `${model.name} ${model.version}: nothing was observed.\n`;
  const rows = windows.reduce((sum, window) => sum + window.rows, 0);
  const lines = [
    `${model.name} ${model.version}: ${rows} rows in ${windows.length} windows from ${dayText(windows[0]!.start)} to ${dayText(windows.at(-1)!.end)}, ${replicas.length} replica lives\n${newestText(report)}${withinText(run)}${failedText(windows)}`,
    watchSummary(session, run, handoff),
    `${windowTable(session, windows.slice(-shownWindows))}${
      windows.length > shownWindows
        ? paint(session, "dim", `${windows.length - shownWindows} earlier windows are in --json.\n`)
        : ""
    }`,
    columnTable(session, windows, owners),
    driftText(session, report, owners),
  ].filter((part) => part !== "");
  if (report.errors) lines.push(errorTable(session, report.errors));
  if (labels)
    lines.push(
      `Labels: ${labels.matched} matched, ${labels.unmatched} unmatched, ${labels.duplicated} duplicated, ${labels.corrected} corrected, ${labels.late} late, ${labels.empty} empty.\n`,
    );
  const quality = [
    wrongTable(session, report),
    estimationText(session, report),
    sliceTable(session, report.slices),
  ];
  lines.push(...quality.filter((part) => part !== ""));
  if (report.triggers?.length) lines.push(triggerTable(session, report.triggers));
  return lines.join("\n");
}

function newestText({ freshness }: WatchReport): string {
  if (!freshness?.newestEvent || !freshness.newestArrival) return "";
  const [event, arrival] = [freshness.newestEvent, freshness.newestArrival].map(
    (one) => `${one.slice(0, 19)}Z`,
  );
  return `Newest event ${event}, newest arrival ${arrival}\n`;
}

function withinText({ profile }: WatchRun): string {
  const strata = strataNames(profile);
  return strata ? `Each window is compared with the training data of the same ${strata.by}.\n` : "";
}

function failedText(windows: readonly WindowReport[]): string {
  const sums = new Map<string, number>();
  for (const { failed = {} } of windows)
    for (const [code, calls] of Object.entries(failed)) sums.set(code, (sums.get(code) ?? 0) + calls);
  if (sums.size === 0) return "";
  const most = [...sums].sort(([, a], [, b]) => b - a);
  const shown = most.slice(0, shownCodes).map(([code, calls]) => `${calls} ${code}`);
  const rest = most.length > shownCodes ? ` and ${most.length - shownCodes} more codes in --json` : "";
  return `Calls that failed: ${shown.join(", ")}${rest}\n`;
}

function windowTable(session: Session, windows: readonly WindowReport[]): string {
  const quality = qualityHeaders(windows);
  const timed = windows.some(({ latency }) => latency.length > 0);
  return textTable(
    session,
    [...["window", "rows", "rejected", "unusual columns"], ...(timed ? ["latency"] : []), ...quality],
    windows.map((window) => [
      dayText(window.start),
      String(window.rows),
      percentText(window.rows === 0 ? 0 : (window.rows - window.answered) / window.rows),
      unusualText(window),
      ...(timed ? [latencyText(session, window)] : []),
      ...qualityCells(session, window, quality),
    ]),
  );
}

function unusualText({ rows, columns }: WindowReport): string {
  if (rows === 0) return "no rows";
  const told = columns.filter(({ distances }) => distances.sufficient);
  if (told.length === 0) return "insufficient";
  return `${told.filter(isUnusual).length} of ${told.length}`;
}

function latencyText(session: Session, { latency }: WindowReport): string {
  return latency
    .map(({ percentile, between: [low, high], boundMs, verdict }) => {
      const text = `${percentile} ${high === null ? `> ${low}` : `≤ ${high}`} of ${boundMs} ms`;
      if (verdict === "insufficient") return `${percentile} insufficient`;
      return verdict === "fail" ? paint(session, "red", text) : text;
    })
    .join(", ");
}

/** Beyond what 95 of 100 windows stay below where nothing drifts and rows are independent: shown, not judged. */
function isUnusual({ distances: { distances } }: ColumnReport): boolean {
  return distances !== undefined && distances.jensenShannon > distances.usual.jensenShannon;
}

interface ColumnSummary {
  /** In the order of the report. */
  readonly index: number;
  readonly clause: string;
  readonly told: number;
  readonly unusual: number;
  readonly worst?: WindowReport;
  readonly worstColumn: ColumnReport;
}

function columnTable(
  session: Session,
  windows: readonly WindowReport[],
  owners: ReadonlyMap<string, string>,
): string {
  const newest = windows.findLast(({ drift }) => drift)?.drift;
  const summaries = windows[0]!.columns.map((_, index) => summaryOf(windows, index));
  const excess = ({ worstColumn: { distances } }: ColumnSummary) =>
    distances.distances ? distances.distances.jensenShannon - distances.distances.usual.jensenShannon : -1;
  const effect = ({ index }: ColumnSummary) => newest?.columns[index]?.effect?.distance ?? 0;
  const drifts = ({ index }: ColumnSummary) => Number(newest?.columns[index]?.verdict === "drift");
  summaries.sort(
    (a, b) =>
      drifts(b) - drifts(a) ||
      effect(b) - effect(a) ||
      b.unusual / (b.told || 1) - a.unusual / (a.told || 1) ||
      excess(b) - excess(a),
  );
  return fittingTable(
    session,
    [
      "clause",
      "owner",
      ...(newest ? ["newest (effect, 95 %)"] : []),
      "unusual",
      "worst in",
      "JS (usual below)",
      "KS",
      "missing (ref.)",
      "new",
      "outside",
    ],
    summaries.map(({ index, clause, told, unusual, worst, worstColumn }) => {
      const { distances, missing, other, outside } = worstColumn;
      const { jensenShannon, usual, kolmogorovSmirnov } = distances.distances ?? {};
      return [
        clause,
        owners.get(clause) ?? "",
        ...(newest ? [verdictText(session, newest.columns[index])] : []),
        told === 0 ? "insufficient" : `${unusual} of ${told}`,
        worst ? dayText(worst.start) : "",
        jensenShannon === undefined ? "" : `${jensenShannon.toFixed(3)} (${usual!.jensenShannon.toFixed(3)})`,
        kolmogorovSmirnov ? kolmogorovSmirnov.interval.map((end) => end.toFixed(2)).join("–") : "",
        `${percentText(missing.now)} (${percentText(missing.reference ?? 0)})`,
        other ? percentText(other.now) : "",
        outside ? percentText(outside.now) : "",
      ];
    }),
    ["missing (ref.)", "new", "outside", "unusual", "JS (usual below)", "KS"],
  );
}

/** A column over all windows; its worst window is the one farthest from the reference. */
function summaryOf(windows: readonly WindowReport[], index: number): ColumnSummary {
  const told = windows.filter(({ columns }) => columns[index]!.distances.sufficient);
  const distance = (window: WindowReport) => window.columns[index]!.distances.distances?.jensenShannon ?? -1;
  const worst = told.length === 0 ? undefined : told.reduce((a, b) => (distance(b) > distance(a) ? b : a));
  const worstColumn = (worst ?? windows.at(-1)!).columns[index]!;
  return {
    index,
    clause: worstColumn.clause,
    told: told.length,
    unusual: told.filter(({ columns }) => isUnusual(columns[index]!)).length,
    ...(worst && { worst }),
    worstColumn,
  };
}
