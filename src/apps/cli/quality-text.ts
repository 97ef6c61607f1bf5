import { dayText } from "../../kernel/index.ts";
import type { EstimationReport, SliceReport, WatchReport, WindowReport } from "../../watch/index.ts";
import { percentText } from "./percent-text.ts";
import { paint, type Session } from "./session.ts";
import { fittingTable } from "./text-table.ts";

/** Slices in the table: the worst. All stand in `--json`. */
const shownSlices = 10;

type Interval = readonly [low: number, high: number] | undefined;

/** Headers of the columns that {@link qualityCells} fills; none where no quality is known. */
export function qualityHeaders(windows: readonly WindowReport[]): string[] {
  const labelled = windows.some(({ performance }) => performance);
  const known = labelled || windows.some(({ estimated }) => estimated);
  return [...(labelled ? ["labels"] : []), ...(known ? ["quality [95 %]"] : [])];
}

/** How many labels of a window are there, and how good it was: estimated, and called so, before labels have matured. */
export function qualityCells(session: Session, window: WindowReport, headers: readonly string[]): string[] {
  if (headers.length === 0) return [];
  const quality = measuredText(session, window) ?? estimatedText(session, window);
  return headers.length === 1 ? [quality] : [coverageText(window), quality];
}

function coverageText({ performance }: WindowReport): string {
  if (!performance) return "";
  const { answered, labelled, mature } = performance;
  return `${percentText(answered === 0 ? 0 : labelled / answered)}${mature ? "" : " (immature)"}`;
}

function measuredText(session: Session, { performance }: WindowReport): string | undefined {
  if (!performance?.metrics) return undefined;
  const { metrics, intervals = {} } = performance;
  const shown = ["roc_auc", "brier", "rmse", "r2"].flatMap((name) =>
    metrics[name] === undefined ? [] : [`${name} ${valueText(metrics[name], intervals[name])}`],
  );
  const oneClass = metrics.base_rate !== undefined && metrics.roc_auc === undefined;
  return [...(oneClass ? [paint(session, "yellow", "roc_auc unknown: one class")] : []), ...shown].join(", ");
}

function estimatedText(session: Session, { estimated }: WindowReport): string {
  if (!estimated) return paint(session, "yellow", "unknown");
  const { metrics, intervals } = estimated;
  const name = metrics.roc_auc === undefined ? "brier" : "roc_auc";
  return paint(session, "dim", `estimated ${name} ${valueText(metrics[name]!, intervals[name])}`);
}

function valueText(value: number, interval: Interval): string {
  if (!interval) return `${value.toFixed(3)} [too few]`;
  return `${value.toFixed(3)} [${interval.map((end) => end.toFixed(2)).join("–")}]`;
}

/** How far estimates may be believed: what they cannot see, whether scores mean what they say, and how far they were off. */
export function estimationText(session: Session, { estimation }: WatchReport): string {
  if (!estimation) return "";
  const lines = [
    "Estimated quality comes from scores alone: it is blind to concept drift.",
    calibrationText(session, estimation),
  ];
  const auc = estimation.errors.roc_auc;
  if (auc)
    lines.push(
      `Estimated against measured in ${auc.windows} windows: roc_auc off by ${auc.meanAbsoluteError.toFixed(3)} on average (${Math.abs(auc.bias).toFixed(3)} too ${auc.bias < 0 ? "low" : "high"}), inside its interval in ${percentText(auc.inside)}.`,
    );
  return `${lines.join("\n")}\n`;
}

function calibrationText(session: Session, { calibration }: EstimationReport): string {
  const { outcome, rows, error, interval, tolerance } = calibration;
  const off = `off by ${error.toFixed(3)} [${interval.map((end) => end.toFixed(3)).join("–")}] on ${rows} labelled rows, ${tolerance} allowed`;
  if (outcome === "pass") return `Scores mean what they say: ${off}.`;
  if (outcome === "fail")
    return paint(
      session,
      "yellow",
      `Scores do not mean what they say, so that no trigger rests on it: ${off}.`,
    );
  return paint(
    session,
    "yellow",
    `Whether scores mean what they say cannot be told, so that no trigger rests on it: ${off}.`,
  );
}

/** Where the model does worst, and where it has become worse; what is not certain is left out. */
export function sliceTable(session: Session, slices: readonly SliceReport[] | undefined): string {
  if (!slices || slices.length === 0) return "";
  const told = slices.filter(({ significant, change }) => significant || change?.significant);
  if (told.length === 0)
    return `Slices: of ${slices.length} that were looked at none is worse than the rest, or than before, beyond chance.\n`;
  const [{ metric }] = told as [SliceReport];
  const ranked = told.some(({ rocAuc }) => rocAuc);
  const table = fittingTable(
    session,
    [
      "slice",
      "rows",
      ...(ranked ? ["roc_auc [95 %]"] : []),
      `${metric} here (rest)`,
      "worse by [95 %]",
      "newest (before)",
      "change [95 %]",
    ],
    told
      .slice(0, shownSlices)
      .map(({ slice, rows, rocAuc, inside, outside, difference, significant, change }) => [
        slice,
        String(rows),
        ...(ranked ? [rocAuc ? valueText(rocAuc.value, rocAuc.interval) : ""] : []),
        `${inside.toFixed(3)} (${outside.toFixed(3)})`,
        significant ? spanText(difference) : "not certain",
        change ? `${change.now.toFixed(3)} (${change.before.toFixed(3)})` : "",
        change?.significant
          ? paint(session, "red", `${spanText(change.difference)} since ${dayText(change.from)}`)
          : change
            ? "not certain"
            : "too few",
      ]),
    ["change [95 %]", "newest (before)", "rows", "roc_auc [95 %]"],
  );
  const more = told.length - shownSlices;
  return more > 0 ? `${table}${paint(session, "dim", `${more} more slices are in --json.\n`)}` : table;
}

function spanText([low, high]: readonly [number, number]): string {
  return `${low.toFixed(3)} to ${high.toFixed(3)}`;
}
